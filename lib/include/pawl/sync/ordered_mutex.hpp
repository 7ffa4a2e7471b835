#pragma once
// A mutex that knows its place in an order of locks.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

PAWL_BEGIN

enum class lock_checking : std::uint8_t { off, on };

template <class T = void, lock_checking Mode = lock_checking::on>
class ordered_mutex;

// The lock of an ordered_mutex, and access to what it protects: a mutex_guard that is in the books
// of the order until it lets go. Whoever locked is the holder, whichever thread or task the guard
// is moved to, until hand_over says otherwise.
template <class T>
class [[nodiscard]] ordered_mutex_guard {
 public:
  // Holds nothing; so does a guard that was moved from, or unlocked.
  ordered_mutex_guard() noexcept = default;
  ordered_mutex_guard(ordered_mutex_guard&&) noexcept = default;
  ordered_mutex_guard& operator=(ordered_mutex_guard&& other) noexcept {
    if (this == &other) return *this;
    strike_out();
    guard_ = std::move(other.guard_);
    lock_ = other.lock_;
    return *this;
  }
  ~ordered_mutex_guard() { strike_out(); }

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
    if (!fault::held_after_unlock) strike_out();
    guard_.unlock();
    if (fault::held_after_unlock) lock_->kind().order().released(*lock_);
  }

  // Effects: from now on `who` is the holder. Precondition: *this holds the lock.
  void hand_over(lock_holder who) noexcept { lock_->kind().order().acquired(*lock_, who); }

 private:
  template <class U, lock_checking Mode>
  friend class ordered_mutex;

  ordered_mutex_guard(mutex_guard<T> guard, detail::ordered_lock& lock, lock_holder who) noexcept
      : guard_(std::move(guard)), lock_(&lock) {
    hand_over(who);
  }

  void strike_out() noexcept {
    if (guard_) lock_->kind().order().released(*lock_);
  }

  mutex_guard<T> guard_;
  detail::ordered_lock* lock_ = nullptr;  // meaningless without the lock
};

namespace detail {

// What an ordered_lock_op becomes in the awaiting coroutine.
template <class Mutex, class Op>
class ordered_lock_awaiter {
  using awaiter = decltype(std::declval<Op>().operator co_await());

 public:
  ordered_lock_awaiter(Mutex& of, Op& op) noexcept
      : mutex_(of), awaiter_(std::move(op).operator co_await()) {}
  ordered_lock_awaiter(const ordered_lock_awaiter&) = delete;
  ordered_lock_awaiter& operator=(const ordered_lock_awaiter&) = delete;

  // Only the next function learns whose coroutine it is.
  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) {
    who_ = lock_holder::of(by);
    mutex_.check(who_);
    return !awaiter_.await_ready() && awaiter_.await_suspend(by);
  }

  auto await_resume() noexcept { return mutex_.enter(awaiter_.await_resume(), who_); }

 private:
  Mutex& mutex_;
  awaiter awaiter_;
  lock_holder who_;
};

}  // namespace detail

// `co_await` it where it is made: as the acquire_op of the mutex, but for what it throws.
template <class Mutex, class Op>
class [[nodiscard("co_await it")]] ordered_lock_op {
 public:
  template <class Make>
  ordered_lock_op(Mutex& of, Make make) noexcept : mutex_(of), op_(make()) {}
  ordered_lock_op(ordered_lock_op&&) = delete;
  ordered_lock_op& operator=(ordered_lock_op&&) = delete;

  auto operator co_await() && noexcept {
    return detail::ordered_lock_awaiter<Mutex, Op>(mutex_, op_);
  }

 private:
  Mutex& mutex_;
  Op op_;
};

// A mutex<T> whose every lock is checked against an order, before it waits. What a mutex<T>
// promises, it promises, too; try_lock and clear_poison, which do not wait, are not checked.
//
// Throws, from all others: lock_order_violation, and nothing was locked; nobody waits.
// With lock_checking::off it is a mutex<T>, in size as well.
template <class T>
class ordered_mutex<T, lock_checking::on> {
  using op = ordered_lock_op<ordered_mutex, acquire_op<mutex_guard<T>>>;

 public:
  using guard = ordered_mutex_guard<T>;

  // Effects: as the constructor of mutex<T>.
  template <class... Args>
    requires std::is_constructible_v<mutex<T>, Args...>
  explicit ordered_mutex(const lock_kind& kind, Args&&... args)
      : lock_(kind), mutex_(std::forward<Args>(args)...) {}

  // Effects: as those of mutex<T>.
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
  result<guard> lock_blocking() {
    return lock_checked([this] { return mutex_.lock_blocking(); });
  }
  result<guard> lock_blocking(stop_token token) {
    return lock_checked([&] { return mutex_.lock_blocking(token); });
  }
  result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return lock_checked([&] { return mutex_.lock_blocking_until(deadline); });
  }
  result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return lock_blocking_until(detail::deadline_after(timeout));
  }
  result<guard> try_lock() noexcept { return enter(mutex_.try_lock(), lock_holder::this_thread()); }
  result<guard> clear_poison() noexcept {
    return enter(mutex_.clear_poison(), lock_holder::this_thread());
  }

  void poison() noexcept { mutex_.poison(); }
  [[nodiscard]] bool is_locked() const noexcept { return mutex_.is_locked(); }
  [[nodiscard]] bool is_poisoned() const noexcept { return mutex_.is_poisoned(); }
  [[nodiscard]] bool has_waiters() const noexcept { return mutex_.has_waiters(); }
  [[nodiscard]] const lock_kind& kind() const noexcept { return lock_.kind(); }

  // Precondition, throws: as those of mutex<T>.
  template <class U = T>
    requires std::is_object_v<U>
  U& unguarded() & {
    return mutex_.unguarded();
  }

 private:
  template <class Mutex, class Op>
  friend class detail::ordered_lock_awaiter;

  void check(lock_holder who) { kind().order().check(lock_, who); }

  result<guard> enter(result<mutex_guard<T>> locked, lock_holder who) noexcept {
    if (!locked) return tl::unexpected<error>(locked.error());
    return guard(*std::move(locked), lock_, who);
  }

  template <class Lock>
  result<guard> lock_checked(Lock lock) {
    const auto who = lock_holder::this_thread();
    check(who);
    return enter(lock(), who);
  }

  detail::ordered_lock lock_;
  mutex<T> mutex_;
};

template <class T>
class ordered_mutex<T, lock_checking::off> : public mutex<T> {
 public:
  template <class... Args>
    requires std::is_constructible_v<mutex<T>, Args...>
  constexpr explicit ordered_mutex(const lock_kind&, Args&&... args)
      : mutex<T>(std::forward<Args>(args)...) {}
};

static_assert(sizeof(ordered_mutex<void*, lock_checking::off>) == sizeof(mutex<void*>));

PAWL_END
