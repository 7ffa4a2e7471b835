#pragma once
// The awaitable of operations that seldom need a coroutine of their own.

#include <pawl/backend/backend.hpp>
#include <pawl/task/task.hpp>

#include <concepts>
#include <coroutine>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class R, class Look, class Make>
class ready_or_task_awaiter;

}  // namespace detail

// `co_await` it where it is made: if look() has the result, nothing is suspended or allocated;
// otherwise it is that of make(), a task<R>, which runs in place of the awaiting coroutine. `look`
// gives a pointer of which an R is made, or an optional R.
template <class R, class Look, class Make>
class [[nodiscard("co_await it")]] ready_or_task {
 public:
  ready_or_task(Look look, Make make) : look_(std::move(look)), make_(std::move(make)) {}
  ready_or_task(ready_or_task&&) = delete;
  ready_or_task& operator=(ready_or_task&&) = delete;

  auto operator co_await() && noexcept {
    return detail::ready_or_task_awaiter<R, Look, Make>(*this);
  }

 private:
  friend class detail::ready_or_task_awaiter<R, Look, Make>;

  Look look_;
  Make make_;
};

namespace detail {

template <class R, class Look, class Make>
class [[nodiscard]] ready_or_task_awaiter {
 public:
  explicit ready_or_task_awaiter(ready_or_task<R, Look, Make>& op) noexcept : op_(op) {}
  ready_or_task_awaiter(const ready_or_task_awaiter&) = delete;
  ready_or_task_awaiter& operator=(const ready_or_task_awaiter&) = delete;
  ~ready_or_task_awaiter() {
    if (is_running_) std::destroy_at(&inner_);
  }

  bool await_ready() {
    ready_ = op_.look_();
    return static_cast<bool>(ready_);
  }

  template <class Promise>
  transfer::result await_suspend(std::coroutine_handle<Promise> by) {
    task<R> made = op_.make_();
    new (&inner_) task_awaiter<R>(std::move(made).operator co_await());
    is_running_ = true;
    return inner_.await_suspend(by);
  }

  R await_resume() {
    if (!ready_) return inner_.await_resume();
    // A pointer stays in a register; a result that has just been stored would be waited for.
    if constexpr (std::is_pointer_v<seen>) {
      return R(ready_);
    } else {
      return *std::move(ready_);
    }
  }

 private:
  using seen = std::invoke_result_t<Look&>;

  ready_or_task<R, Look, Make>& op_;
  seen ready_{};
  bool is_running_ = false;
  union {
    task_awaiter<R> inner_;
  };
};

}  // namespace detail

PAWL_END
