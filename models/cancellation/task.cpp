// A task that runs until a cancellation is not begun after it, never destroyed while it runs, and
// what it has done is not lost.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/run_until_cancelled.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include "calls.hpp"

using namespace models;

namespace {

// Acquires and keeps what it got.
pawl::task<count_t> take(pawl::semaphore& s) {
  const auto stop = co_await pawl::this_task::get_stop_token();
  auto acquired = co_await s.acquire(1, stop);
  co_return std::move(acquired.value()).forget();
}

}  // namespace

PAWL_MODEL("cancellation.task.cancel", "a cancel that meets a permit: the task has it, or nobody",
           bounds{.threads = 3,
                  .note = "a thread runs a task that acquires; a cancel; a release"}) {
  cancellation_source source;
  pawl::semaphore s(0);
  pawl::result<count_t> r;
  together([&] { r = pawl::sync_wait(pawl::run_until_cancelled(source.get_token(), take(s))); },
           [&] {
             source.request_stop();
             s.release(1);
           });
  require(r ? *r == 1 : r.error().code == errc::cancelled);
  require(s.available_permits() == (r ? 0u : 1u) && !s.has_waiters());
}

PAWL_MODEL("cancellation.task.abort", "so for a stop of the task that awaits it",
           bounds{.threads = 3, .note = "a spawned task that acquires; it is aborted"}) {
  cancellation_source source;
  pawl::semaphore s(0);
  auto running = pawl::spawn(pawl::run_until_cancelled(source.get_token(), take(s)));
  running.abort();
  const auto r = *std::move(running).join_blocking();
  require(failed_with(r, errc::cancelled) && !s.has_waiters() && !source.stop_requested());
}

PAWL_MODEL("cancellation.task.deadline", "so for a deadline that meets a permit",
           bounds{.threads = 3, .note = "a thread runs a task that acquires; a release"}) {
  pawl::semaphore s(0);
  pawl::result<count_t> r;
  together([&] { r = pawl::sync_wait(pawl::with_timeout(std::chrono::seconds(1), take(s))); },
           [&] { s.release(1); });
  require(r ? *r == 1 : r.error().code == errc::timed_out);
  require(s.available_permits() == (r ? 0u : 1u) && !s.has_waiters());
}

PAWL_MODEL("cancellation.task.both", "so for both at once",
           bounds{.threads = 4,
                  .note = "a spawned task that acquires; it is aborted; a cancel",
                  .full = true}) {
  cancellation_source source;
  pawl::semaphore s(0);
  auto running = pawl::spawn(pawl::run_until_cancelled(source.get_token(), take(s)));
  together([&] { source.request_stop(); }, [&] { running.abort(); });
  const auto r = *std::move(running).join_blocking();
  require(failed_with(r, errc::cancelled) && !s.has_waiters());
}
