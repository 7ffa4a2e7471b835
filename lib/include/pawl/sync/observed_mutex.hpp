#pragma once
// A mutex whose calls and holders somebody observes.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class Observer, class T>
class observed_mutex;

// The lock of an observed_mutex, and access to what it protects: a mutex_guard that tells the
// observer before it lets go, exceptions or not.
template <class Observer, class T>
class [[nodiscard]] observed_mutex_guard {
  using observation = typename Observer::held;

 public:
  // Holds nothing; so does a guard that was moved from, or unlocked.
  observed_mutex_guard() noexcept = default;
  observed_mutex_guard(observed_mutex_guard&&) noexcept = default;
  observed_mutex_guard& operator=(observed_mutex_guard&& other) noexcept {
    if (this == &other) return *this;
    tell();
    guard_ = std::move(other.guard_);
    held_ = other.held_;
    return *this;
  }
  ~observed_mutex_guard() { tell(); }

  explicit operator bool() const noexcept { return static_cast<bool>(guard_); }

  // Precondition: *this holds the lock.
  decltype(auto) operator*() const noexcept
    requires(!std::is_void_v<T>)
  {
    return *guard_;
  }
  auto operator->() const noexcept
    requires(!std::is_void_v<T>)
  {
    return guard_.operator->();
  }

  // Effects: unlocks, exceptions or not; never poisons.
  // Throws: std::logic_error if *this holds no lock.
  void unlock() {
    if (!fault::observed_after_unlock) tell();
    guard_.unlock();
    if (fault::observed_after_unlock) held_.let_go();
  }

 private:
  friend class observed_mutex<Observer, T>;

  observed_mutex_guard(mutex_guard<T> guard, observation held) noexcept
      : guard_(std::move(guard)), held_(held) {}

  void tell() noexcept {
    if (guard_) held_.let_go();
  }

  mutex_guard<T> guard_;
  observation held_;  // meaningless without the lock
};

namespace detail {

// What an observed_lock_op becomes in the awaiting coroutine.
template <class Mutex, class Op>
class observed_lock_awaiter {
  using awaiter = decltype(std::declval<Op>().operator co_await());

 public:
  observed_lock_awaiter(Mutex& of, Op& op) noexcept
      : mutex_(of), awaiter_(std::move(op).operator co_await()) {}
  observed_lock_awaiter(const observed_lock_awaiter&) = delete;
  observed_lock_awaiter& operator=(const observed_lock_awaiter&) = delete;

  // Only the next function learns whose coroutine it is.
  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) {
    call_ = typename Mutex::call(by);
    mutex_.admit(call_);
    if (awaiter_.await_ready()) return false;
    if (!fault::wait_unseen) call_.waits();
    // Only now is a call tried that may be stopped. It goes on as well if it was in the queue.
    if (awaiter_.await_suspend(by)) return true;
    if (awaiter_.is_granted_at_once()) call_.waits_not();
    return false;
  }

  auto await_resume() noexcept { return mutex_.enter(awaiter_.await_resume(), call_); }

 private:
  Mutex& mutex_;
  awaiter awaiter_;
  typename Mutex::call call_;
};

}  // namespace detail

// `co_await` it where it is made: as the acquire_op of the mutex, but for what the observer throws.
template <class Mutex, class Op>
class [[nodiscard("co_await it")]] observed_lock_op {
 public:
  template <class Make>
  observed_lock_op(Mutex& of, Make make) noexcept(noexcept(make())) : mutex_(of), op_(make()) {}
  observed_lock_op(observed_lock_op&&) = delete;
  observed_lock_op& operator=(observed_lock_op&&) = delete;

  auto operator co_await() && noexcept {
    return detail::observed_lock_awaiter<Mutex, Op>(mutex_, op_);
  }

 private:
  Mutex& mutex_;
  Op op_;
};

// A mutex<T> with an observer, which is a part of it. What a mutex<T> promises, it promises, too.
//
// Observer::call is what it knows of a call; it is made from the handle of the awaiting coroutine,
//   or by default for the calling thread. Its waits() comes before the call waits, and waits_not()
//   after that, if a coroutine did not have to.
// observer.admit(call) comes before a lock that may wait; it refuses by an exception, and then
//   nothing was locked, and nobody waits. A try is not asked for.
// Observer::held(observer, call) comes after the grant, its let_go() before the release, both while
//   the lock is held.
template <class Observer, class T>
class observed_mutex {
  using op = observed_lock_op<observed_mutex, acquire_op<mutex_guard<T>>>;

 public:
  using guard = observed_mutex_guard<Observer, T>;

  // Effects: makes the observer of `subject`, and the rest as the constructor of mutex<T>.
  template <class Subject, class... Args>
    requires(std::is_constructible_v<Observer, Subject> &&
             std::is_constructible_v<mutex<T>, Args...>)
  constexpr explicit observed_mutex(Subject&& subject, Args&&... args)
      : observer_(std::forward<Subject>(subject)), mutex_(std::forward<Args>(args)...) {}

  // Effects: as those of mutex<T>. Throw: what the observer refuses by.
  op lock() noexcept {
    return {*this, [this]() { return mutex_.lock(); }};
  }
  op lock(stop_token token) noexcept {
    return {*this, [&]() { return mutex_.lock(token); }};
  }
  op lock_until(steady_clock::time_point deadline) noexcept {
    return {*this, [&]() { return mutex_.lock_until(deadline); }};
  }
  op lock_for(steady_clock::duration timeout) noexcept {
    return lock_until(detail::deadline_after(timeout));
  }
  [[nodiscard]] result<guard> lock_blocking() {
    return lock_admitted([this] { return mutex_.lock_blocking(); });
  }
  [[nodiscard]] result<guard> lock_blocking(stop_token token) {
    if (token.stop_requested()) return failure(errc::cancelled);
    return lock_admitted([&] { return mutex_.lock_blocking(token); });
  }
  [[nodiscard]] result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return lock_admitted([&] { return mutex_.lock_blocking_until(deadline); });
  }
  [[nodiscard]] result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return lock_blocking_until(detail::deadline_after(timeout));
  }
  result<guard> try_lock() noexcept { return enter(mutex_.try_lock(), call()); }
  result<guard> clear_poison() noexcept { return enter(mutex_.clear_poison(), call()); }

  void poison() noexcept { mutex_.poison(); }
  [[nodiscard]] bool is_locked() const noexcept { return mutex_.is_locked(); }
  [[nodiscard]] bool is_poisoned() const noexcept { return mutex_.is_poisoned(); }
  [[nodiscard]] bool has_waiters() const noexcept { return mutex_.has_waiters(); }

  // Precondition, throws: as those of mutex<T>.
  template <class U = T>
    requires std::is_object_v<U>
  U& unguarded() & {
    return mutex_.unguarded();
  }

 protected:
  Observer& observer() noexcept { return observer_; }
  const Observer& observer() const noexcept { return observer_; }

 private:
  template <class Mutex, class Op>
  friend class detail::observed_lock_awaiter;
  using call = typename Observer::call;

  void admit(const call& by) { observer_.admit(by); }

  result<guard> enter(result<mutex_guard<T>> locked, const call& by) noexcept {
    if (!locked) return tl::unexpected<error>(locked.error());
    return guard(*std::move(locked), typename Observer::held(observer_, by));
  }

  template <class Lock>
  result<guard> lock_admitted(Lock lock) {
    call by;
    admit(by);
    auto free = mutex_.try_lock();
    if (free || free.error().code != errc::would_block) return enter(std::move(free), by);
    by.waits();
    return enter(lock(), by);
  }

  Observer observer_;
  mutex<T> mutex_;
};

PAWL_END
