#pragma once
// Starting tasks that run by themselves.

#include <pawl/backend/backend.hpp>
#include <pawl/task/join_handle.hpp>
#include <pawl/task/root_coroutine.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/task.hpp>

#include <coroutine>
#include <utility>

PAWL_BEGIN

// Effects: schedules the task on `where`; it does not run inside the call, unless `where` is an
//   inline_scheduler. It gets a stop token of its own (join_handle::abort).
// Returns: the handle to join, abort or detach it. The task goes on without the handle, and is
//   never destroyed while it is suspended.
// Throws: std::bad_alloc. Precondition: t. `where` outlives the task.
// Memory ordering: the call happens before the task's start.
// Complexity: one allocation, the frame that holds the task's end.
template <class T>
join_handle<T> spawn(scheduler& where, task<T> t) {
  return join_handle<T>(detail::start_root(
      std::move(t), [&](auto coroutine) { coroutine.promise().start_on(coroutine, where); }));
}

// Effects: as above, on the ambient scheduler: where the caller runs (current_scheduler()), else
//   the process-wide default_pool(). Under the model checker: a thread of its own.
// Complexity: as above; the first call that needs the default_pool() starts its threads.
template <class T>
join_handle<T> spawn(task<T> t) {
  return join_handle<T>(detail::start_root(
      std::move(t), [](auto coroutine) { coroutine.promise().start_on_ambient(coroutine); }));
}

PAWL_END
