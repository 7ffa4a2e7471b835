#pragma once
// A task that ends when a source is cancelled.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>

#include <type_traits>
#include <utility>

PAWL_BEGIN

// Effects: `co_await run_until_cancelled(token, std::move(t))` runs the task with a stop token
//   that is triggered when the token's source is cancelled, or the awaiting coroutine is to stop.
//   The task is awaited to its end, whatever comes: a request never destroys it while it runs. If
//   the source is cancelled already, the task is not begun.
// Returns: what the task returned, whether it was asked to stop or not (so nothing that it has done
//   is lost); or, if an operation_failed left it, the error of that, which is `cancelled` if it
//   obeyed; `cancelled`, if it was not begun. Throws: whatever else leaves the task.
// Precondition: t; the token's source lives until the task has ended.
// Complexity: one allocation, the coroutine frame.
template <class T>
task<result<T>> run_until_cancelled(cancellation_token token, task<T> t) {
  if (token.stop_requested()) co_return failure(errc::cancelled);
  const stop_token own = co_await this_task::get_stop_token();
  cancellation_source either(token);
  const cancellation_link link(either, own);
  try {
    if constexpr (std::is_void_v<T>) {
      co_await with_stop_token(either.get_stop_token(), std::move(t));
      co_return {};
    } else {
      co_return co_await with_stop_token(either.get_stop_token(), std::move(t));
    }
  } catch (const operation_failed& failed) {
    co_return tl::unexpected<error>(failed.error());
  }
}

PAWL_END
