#pragma once
// A task that ends when a source is cancelled, or when its time is over.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/timer.hpp>

#include <optional>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class T>
task<result<T>> run_limited(cancellation_token token,
                            std::optional<steady_clock::time_point> deadline, task<T> t) {
  if (token.stop_requested()) co_return failure(errc::cancelled);
  const stop_token own = co_await this_task::get_stop_token();
  scheduler* const where = co_await this_task::get_scheduler();
  cancellation_source over(token);
  const cancellation_link link(over, own);
  std::optional<cancellation_deadline> timer;
  if (deadline) timer.emplace(over, *deadline, 0, where);
  try {
    if constexpr (std::is_void_v<T>) {
      co_await with_stop_token(over.get_stop_token(), std::move(t));
      co_return {};
    } else {
      co_return co_await with_stop_token(over.get_stop_token(), std::move(t));
    }
  } catch (const operation_failed& failed) {
    const auto why = over.reason();
    if (deadline && failed.error().code == errc::cancelled && why &&
        why->what == stop_reason::kind::deadline)
      co_return failure(errc::timed_out);
    co_return tl::unexpected<error>(failed.error());
  }
}

}  // namespace detail

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
  return detail::run_limited(token, std::nullopt, std::move(t));
}

// Effects: `co_await with_deadline(deadline, std::move(t))` runs the task with a stop token that is
//   triggered at the deadline, or when the awaiting coroutine is to stop. The task is awaited to
//   its end: a deadline never destroys it while it runs. One that has passed lets it begin, so that
//   it may do what needs no waiting.
// Returns: as run_until_cancelled; but `timed_out`, if the task obeyed the deadline.
// Precondition: t.
// Complexity: one allocation, the coroutine frame; and a timer of the coroutine's scheduler, or of
//   default_pool() if it has none.
template <class T>
task<result<T>> with_deadline(steady_clock::time_point deadline, task<T> t) {
  return detail::run_limited(cancellation_token(), deadline, std::move(t));
}

// The same; the time begins with the call.
template <class T>
task<result<T>> with_timeout(steady_clock::duration timeout, task<T> t) {
  return with_deadline(detail::deadline_after(timeout), std::move(t));
}

PAWL_END
