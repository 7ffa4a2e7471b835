#pragma once
// The coroutine type of the library.

#include <pawl/backend/backend.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/known_frame.hpp>
#include <pawl/task/outcome.hpp>
#include <pawl/task/resume.hpp>

#include <coroutine>
#include <utility>

PAWL_BEGIN

template <class T = void>
class task;

namespace detail {

template <class T>
class task_promise;

// The part of a task's promise that does not depend on T: whom it was awaited by, and what it has
// from there.
class task_promise_base : public known_frame {
 public:
  // Lives in the awaiting coroutine; the awaited task finds its way back through it.
  struct caller {
    std::coroutine_handle<> coroutine;
    transfer hop;
  };

  [[nodiscard]] scheduler* get_scheduler() const noexcept { return scheduler_; }
  [[nodiscard]] stop_token get_stop_token() const noexcept { return stop_; }
  [[nodiscard]] unsigned get_budget() const noexcept { return budget_; }

  std::suspend_always initial_suspend() noexcept { return {}; }

  auto final_suspend() noexcept {
    struct back_to_caller {
      explicit back_to_caller(caller& c) noexcept : to(c) {}
      bool await_ready() noexcept { return false; }
      transfer::result await_suspend(std::coroutine_handle<>) noexcept {
        return to.hop.to(to.coroutine);
      }
      void await_resume() noexcept {}

      caller& to;
    };
    return back_to_caller(*caller_);
  }

  void awaited_by(caller& c, scheduler* where, stop_token stop, unsigned budget) noexcept {
    caller_ = &c;
    scheduler_ = where;
    stop_ = stop;
    budget_ = budget;
  }

 private:
  caller* caller_ = nullptr;
  scheduler* scheduler_ = nullptr;
  stop_token stop_;
  unsigned budget_ = 0;
};

template <class T>
class task_promise final : public task_promise_base, public outcome<T> {
 public:
  task<T> get_return_object() noexcept;
};

// Awaits a task, which it owns: the task's frame is destroyed at the end of the full expression.
template <class T>
class task_awaiter {
 public:
  using handle = std::coroutine_handle<task_promise<T>>;

  explicit task_awaiter(handle awaited) noexcept : awaited_(awaited) {}
  task_awaiter(const task_awaiter&) = delete;
  task_awaiter& operator=(const task_awaiter&) = delete;
  ~task_awaiter() { awaited_.destroy(); }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Promise>
  transfer::result await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return start(by, scheduler_of(by), stop_token_of(by), budget_of(by));
  }

  T await_resume() { return awaited_.promise().take(); }

 protected:
  template <class Promise>
  transfer::result start(std::coroutine_handle<Promise> by, scheduler* where, stop_token stop,
                         unsigned budget) noexcept {
    caller_.coroutine = by;
    awaited_.promise().begin_inside(known_frame_of(by));
    awaited_.promise().awaited_by(caller_, where, stop, budget);
    return caller_.hop.to(awaited_);
  }

 private:
  handle awaited_;
  task_promise_base::caller caller_;
};

// The same, for a task that does not inherit the stop token.
template <class T>
class stoppable_task_awaiter : public task_awaiter<T> {
 public:
  stoppable_task_awaiter(typename task_awaiter<T>::handle awaited, stop_token stop) noexcept
      : task_awaiter<T>(awaited), stop_(stop) {}

  template <class Promise>
  transfer::result await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return this->start(by, scheduler_of(by), stop_, budget_of(by));
  }

 private:
  const stop_token stop_;
};

// The same, for a task that does not inherit the budget.
template <class T>
class budgeted_task_awaiter : public task_awaiter<T> {
 public:
  budgeted_task_awaiter(typename task_awaiter<T>::handle awaited, unsigned budget) noexcept
      : task_awaiter<T>(awaited), budget_(budget) {}

  template <class Promise>
  transfer::result await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return this->start(by, scheduler_of(by), stop_token_of(by), budget_);
  }

 private:
  const unsigned budget_;
};

}  // namespace detail

template <class T>
class with_stop_token;
template <class T>
class with_budget;

// A lazy coroutine: it starts when it is awaited, by one awaiter, or spawned.
//
// Effects of `co_await std::move(t)`: runs the body to its end, in place of the awaiting coroutine.
// Returns: what the body returns. Throws: what leaves the body.
// Where it runs: the body inherits the awaiting coroutine's scheduler, and so does all it awaits.
//   Waiting operations of pawl resume there; after awaiting something foreign that resumes
//   elsewhere, `co_await this_task::reschedule()` returns there.
//   It inherits the cooperative budget, too (budget.hpp).
// Cancellation: it inherits the stop token; `co_await this_task::get_stop_token()` gives it, and
//   the operations that are given it obey. A stop is a request: the body goes on, with `cancelled`
//   as the result of its wait, and ends as it sees fit.
// Destroying a task that was never started destroys its arguments; a suspended one is destroyed
//   with the coroutine that awaits it (library rules: only where it can't be resumed at the same
//   time).
// Allocation: the coroutine frame. Complexity: awaiting needs no atomic operation.
template <class T>
class [[nodiscard("co_await or spawn it")]] task {
 public:
  using promise_type = detail::task_promise<T>;

  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  task& operator=(task&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~task() {
    if (coroutine_) coroutine_.destroy();
  }

  // Returns: whether there is a coroutine to await: false after a move or an await.
  explicit operator bool() const noexcept { return static_cast<bool>(coroutine_); }

  // Precondition: *this.
  auto operator co_await() && noexcept {
    return detail::task_awaiter<T>(std::exchange(coroutine_, {}));
  }

 private:
  friend promise_type;
  friend with_stop_token<T>;
  friend with_budget<T>;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

// `co_await with_stop_token(token, std::move(t))`: as awaiting the task, but it obeys this token in
// place of the awaiting coroutine's.
template <class T>
class [[nodiscard("co_await it")]] with_stop_token {
 public:
  // Precondition: t. The token's source outlives the task.
  with_stop_token(stop_token stop, task<T>&& t) noexcept : stop_(stop), task_(std::move(t)) {}
  with_stop_token(with_stop_token&&) = delete;
  with_stop_token& operator=(with_stop_token&&) = delete;

  auto operator co_await() && noexcept {
    return detail::stoppable_task_awaiter<T>(std::exchange(task_.coroutine_, {}), stop_);
  }

 private:
  const stop_token stop_;
  task<T> task_;
};

template <class T>
task<T> detail::task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}

PAWL_END
