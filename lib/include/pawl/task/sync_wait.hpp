#pragma once
// From a plain thread into the world of tasks.

#include <pawl/backend/backend.hpp>
#include <pawl/task/root_coroutine.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/task.hpp>

#include <utility>

PAWL_BEGIN

namespace detail {

// Effects: drives the loop until the task has ended.
void drive_until_finished(run_loop& loop, completion& of) noexcept;

}  // namespace detail

// Effects: runs the task on the calling thread, on a loop of its own, and blocks until it has
//   ended. What the task spawns without a scheduler does not run on that loop (see
//   current_scheduler).
// Returns: what the task returns. Throws: what leaves the task; std::bad_alloc.
// Precondition: t. Not called on a thread that the task needs elsewhere.
// Complexity: one allocation, the frame that holds the task's end; the loop allocates nothing.
template <class T>
T sync_wait(task<T> t) {
  run_loop loop;
  const auto root = detail::start_root(
      std::move(t), [&](auto coroutine) { coroutine.promise().start_on(coroutine, loop); });
  detail::drive_until_finished(loop, *root);
  return root->take();
}

PAWL_END
