#pragma once
// What a coroutine can ask about itself.

#include <pawl/backend/backend.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>

PAWL_BEGIN

namespace detail {

// Asks the awaiting coroutine for its context, without suspending it.
template <class T>
class context_query {
 public:
  using function = T (*)(scheduler*, stop_token) noexcept;

  explicit context_query(function select) noexcept : select_(select) {}

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    scheduler_ = scheduler_of(by);
    stop_ = stop_token_of(by);
    return false;
  }
  T await_resume() const noexcept { return select_(scheduler_, stop_); }

 private:
  function select_;
  scheduler* scheduler_ = nullptr;
  stop_token stop_;
};

class reschedule_awaiter {
 public:
  reschedule_awaiter() noexcept = default;
  reschedule_awaiter(const reschedule_awaiter&) = delete;
  reschedule_awaiter& operator=(const reschedule_awaiter&) = delete;

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> by) noexcept {
    item_.coroutine.write(by);
    run_on(scheduler_of(by), item_);
  }
  void await_resume() const noexcept {}

 private:
  resume_item item_;
};

}  // namespace detail

namespace this_task {

// co_await it. Returns: the stop token of the awaiting coroutine. Never suspends.
[[nodiscard("co_await it")]] inline auto get_stop_token() noexcept {
  return detail::context_query<stop_token>(
      [](scheduler*, stop_token stop) noexcept { return stop; });
}

// co_await it. Returns: the scheduler of the awaiting coroutine, null if it has none. Never
// suspends.
[[nodiscard("co_await it")]] inline auto get_scheduler() noexcept {
  return detail::context_query<scheduler*>(
      [](scheduler* where, stop_token) noexcept { return where; });
}

// co_await it. Effects: suspends, and resumes in turn on the coroutine's own scheduler: lets others
//   run, or returns home from a foreign thread. Not cancellable: it does not wait for anybody.
class [[nodiscard("co_await it")]] reschedule {
 public:
  reschedule() noexcept = default;
  auto operator co_await() && noexcept { return detail::reschedule_awaiter(); }
};

}  // namespace this_task

PAWL_END
