#pragma once
// The cooperative budget: a task whose operations never have to wait lets others run all the same.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/task/awaiter_of.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/turn.hpp>
#include <pawl/task/work_item.hpp>

#include <coroutine>
#include <exception>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// What a cooperative_op becomes in the awaiting coroutine: the awaiter of the operation, and the
// item that begins it if others come first.
template <class Awaitable>
class [[nodiscard]] cooperative_awaiter : work_item {
  using awaiter = decltype(awaiter_of(std::declval<Awaitable>()));

 public:
  explicit cooperative_awaiter(Awaitable&& a)
      : work_item(nullptr), awaiter_(awaiter_of(std::forward<Awaitable>(a))) {}
  cooperative_awaiter(const cooperative_awaiter&) = delete;
  cooperative_awaiter& operator=(const cooperative_awaiter&) = delete;

  // Only the next function learns whose coroutine it is.
  [[nodiscard]] bool await_ready() const noexcept { return false; }

  // Once it has scheduled *this, that may be gone.
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> by) {
    std::coroutine_handle<> next;
    if (scheduler* const where = unless_inline(scheduler_of(by));
        where != nullptr && turn::is_spent(budget_of(by))) {
      coroutine_.write(by.address());
      run.write(&begin_later<Promise>);
      if (!fault::forgotten_in_yield) where->schedule(*this);
    } else {
      if (fault::waiting_costs) turn::spend();
      next = begin(by);
    }
    if constexpr (transfers<Promise>) {
      return next ? next : std::coroutine_handle<>(std::noop_coroutine());
    } else {
      return !next;
    }
  }

  decltype(auto) await_resume() {
    turn::spend();
    if (thrown_) std::rethrow_exception(std::move(thrown_));
    return awaiter_.await_resume();
  }

 private:
  template <class Promise>
  using suspension = decltype(std::declval<std::remove_reference_t<awaiter>&>().await_suspend(
      std::declval<std::coroutine_handle<Promise>>()));
  template <class Promise>
  static constexpr bool transfers =
      std::is_convertible_v<suspension<Promise>, std::coroutine_handle<>>;

  // Returns: which coroutine goes on; null: none, and *this may be gone.
  template <class Promise>
  std::coroutine_handle<> begin(std::coroutine_handle<Promise> by) {
    if (awaiter_.await_ready()) return by;
    if constexpr (std::is_void_v<suspension<Promise>>) {
      awaiter_.await_suspend(by);
      return {};
    } else if constexpr (transfers<Promise>) {
      return awaiter_.await_suspend(by);
    } else {
      return awaiter_.await_suspend(by) ? std::coroutine_handle<>() : by;
    }
  }

  template <class Promise>
  static void begin_later(work_item& item) noexcept {
    auto& self = static_cast<cooperative_awaiter&>(item);
    const auto by = std::coroutine_handle<Promise>::from_address(self.coroutine_.read());
    std::coroutine_handle<> next = by;
    try {
      next = self.begin(by);
    } catch (...) {
      self.thrown_ = std::current_exception();
    }
    if (next) resume(next);
  }

  awaiter awaiter_;
  cell<void*> coroutine_{nullptr};
  std::exception_ptr thrown_;  // by what began later
};

// Asks how much of the turn is left, without suspending the coroutine.
class budget_query {
 public:
  budget_query() noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    remains_ = unless_inline(scheduler_of(by)) == nullptr || !turn::is_spent(budget_of(by));
    return false;
  }
  [[nodiscard]] bool await_resume() const noexcept { return remains_; }

 private:
  bool remains_ = true;
};

// An operation that never waits.
struct no_operation {
  no_operation() noexcept = default;
  auto operator co_await() const noexcept { return std::suspend_never(); }
};

}  // namespace detail

template <class Awaitable>
class [[nodiscard("co_await it")]] cooperative_op {
 public:
  // It refers to the operation, which, if it is a temporary, ends with the full expression.
  static constexpr bool borrows_temporary = !std::is_lvalue_reference_v<Awaitable>;

  explicit cooperative_op(Awaitable&& of) noexcept : of_(std::forward<Awaitable>(of)) {}
  cooperative_op(cooperative_op&&) = delete;
  cooperative_op& operator=(cooperative_op&&) = delete;

  auto operator co_await() && {
    return detail::cooperative_awaiter<Awaitable>(std::forward<Awaitable>(of_));
  }

 private:
  Awaitable&& of_;
};

// `co_await cooperative(m.lock())`, where it is made: the operation, any awaitable, takes part in
// the budget. (It refers to the operation: a function that returned it would return a reference to
// what is gone; so as_sender and async_op refuse it.)
//
// A budget is how many operations that take part may come to their end in one turn of a scheduler,
// from where it enters an item to where that returns: limits::budget (128), or with_budget's. Each
// turn begins anew; the operations of all coroutines that run in it count, those that did not wait
// like those that end now; those that begin to wait in it do not.
//
// Effects: if the budget of the turn is spent, suspends, and lets everything run first that is
//   scheduled already; the operation begins when the coroutine's scheduler comes back to it: once,
//   whatever is spent by then. Otherwise it begins at once.
// Returns, throws: as the operation. Cancel safety: that of the operation, as if it were begun
//   later: a stop that is requested in between is seen by it, and it has no place in any queue
//   before (so calls are granted in the order in which they begin). While it lets others run, it
//   can't be cancelled, for it does not wait for anybody; and the coroutine must not be destroyed.
// Where it resumes: as the operation. A coroutine without a scheduler, or on an inline_scheduler or
//   one that counts no turns (see `turns`), has no budget: its operations begin at once.
// Complexity: that of the operation, and two looks at what belongs to the thread. No allocation.
template <class Awaitable>
cooperative_op<Awaitable> cooperative(Awaitable&& of) noexcept {
  return cooperative_op<Awaitable>(std::forward<Awaitable>(of));
}

// Of with_budget: never lets others run.
inline constexpr unsigned unlimited_budget = ~0U;

// `co_await with_budget(units, std::move(t))`: as awaiting the task, but so many operations may
// come to their end in one turn before one of the task, or of what that awaits, lets others run
// first; with 0, each lets others run.
template <class T>
class [[nodiscard("co_await it")]] with_budget {
 public:
  // Precondition: t.
  with_budget(unsigned units, task<T>&& t) noexcept : units_(units), task_(std::move(t)) {}
  with_budget(with_budget&&) = delete;
  with_budget& operator=(with_budget&&) = delete;

  auto operator co_await() && noexcept {
    return detail::budgeted_task_awaiter<T>(std::exchange(task_.coroutine_, {}), units_);
  }

 private:
  const unsigned units_;
  task<T> task_;
};

// `co_await unconstrained(std::move(t))`: as awaiting the task, but its operations begin at once,
// whatever is spent. They count: the first operation outside of it lets others run.
template <class T>
with_budget<T> unconstrained(task<T> t) noexcept {
  return {unlimited_budget, std::move(t)};
}

namespace this_task {

// co_await it. Returns: whether an operation that takes part would begin at once. Never suspends.
[[nodiscard("co_await it")]] inline auto has_budget_remaining() noexcept {
  return detail::budget_query();
}

// co_await it. Effects: as cooperative, of an operation that does nothing: for loops that compute.
class [[nodiscard("co_await it")]] consume_budget {
 public:
  consume_budget() noexcept = default;
  auto operator co_await() && noexcept {
    return detail::cooperative_awaiter<detail::no_operation>(detail::no_operation());
  }
};

}  // namespace this_task

PAWL_END
