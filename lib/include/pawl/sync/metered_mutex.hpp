#pragma once
// A mutex that tells what it costs its users.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_metrics.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

PAWL_BEGIN

enum class metering : std::uint8_t { off, on };

template <class T = void, metering Mode = metering::on>
class metered_mutex;

// The lock of a metered_mutex, and access to what it protects: a mutex_guard that counts how long
// it is held, exceptions or not.
template <class T>
class [[nodiscard]] metered_mutex_guard {
 public:
  // Holds nothing; so does a guard that was moved from, or unlocked.
  metered_mutex_guard() noexcept = default;
  metered_mutex_guard(metered_mutex_guard&&) noexcept = default;
  metered_mutex_guard& operator=(metered_mutex_guard&& other) noexcept {
    if (this == &other) return *this;
    count();
    guard_ = std::move(other.guard_);
    metrics_ = other.metrics_;
    since_ = other.since_;
    return *this;
  }
  ~metered_mutex_guard() { count(); }

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
    if (fault::counted_after_unlock) {
      guard_.unlock();
      metrics_->count_hold(steady_clock::now() - since_);
    } else {
      count();
      guard_.unlock();
    }
  }

 private:
  template <class U, metering Mode>
  friend class metered_mutex;

  metered_mutex_guard(mutex_guard<T> guard, lock_metrics& metrics) noexcept
      : guard_(std::move(guard)), metrics_(&metrics), since_(steady_clock::now()) {}

  void count() noexcept {
    if (guard_) metrics_->count_hold(steady_clock::now() - since_);
  }

  mutex_guard<T> guard_;
  lock_metrics* metrics_ = nullptr;  // meaningless without the lock
  steady_clock::time_point since_{};
};

namespace detail {

// What a metered_lock_op becomes in the awaiting coroutine.
template <class Mutex, class Op>
class metered_lock_awaiter {
  using awaiter = decltype(std::declval<Op>().operator co_await());

 public:
  metered_lock_awaiter(Mutex& of, Op& op) noexcept
      : mutex_(of), awaiter_(std::move(op).operator co_await()) {}
  metered_lock_awaiter(const metered_lock_awaiter&) = delete;
  metered_lock_awaiter& operator=(const metered_lock_awaiter&) = delete;

  bool await_ready() noexcept { return awaiter_.await_ready(); }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    began_ = steady_clock::now();
    return awaiter_.await_suspend(by);
  }

  auto await_resume() noexcept { return mutex_.meter(awaiter_.await_resume(), began_); }

 private:
  Mutex& mutex_;
  awaiter awaiter_;
  std::optional<steady_clock::time_point> began_;
};

}  // namespace detail

// `co_await` it where it is made: as the acquire_op of the mutex.
template <class Mutex, class Op>
class [[nodiscard("co_await it")]] metered_lock_op {
 public:
  template <class Make>
  metered_lock_op(Mutex& of, Make make) noexcept : mutex_(of), op_(make()) {}
  metered_lock_op(metered_lock_op&&) = delete;
  metered_lock_op& operator=(metered_lock_op&&) = delete;

  auto operator co_await() && noexcept {
    return detail::metered_lock_awaiter<Mutex, Op>(mutex_, op_);
  }

 private:
  Mutex& mutex_;
  Op op_;
};

// A mutex<T> with a name, and metrics of each acquisition that succeeds: how many, how many had to
// wait, and how long they waited and held it. What a mutex<T> promises, it promises, too.
//
// Cost: two looks at the clock and some plain stores for each acquisition, while the lock is held,
//   three if it was contended. With metering::off nothing: it is a mutex<T> then, in size as well.
template <class T>
class metered_mutex<T, metering::on> {
  using inner = mutex<T>;
  using op = metered_lock_op<metered_mutex, acquire_op<mutex_guard<T>>>;

 public:
  static constexpr metering mode = metering::on;
  using guard = metered_mutex_guard<T>;

  // Effects: as the constructor of mutex<T>. The characters of the name outlive the mutex.
  template <class... Args>
    requires std::is_constructible_v<inner, Args...>
  constexpr explicit metered_mutex(std::string_view name, Args&&... args)
      : name_(name), mutex_(std::forward<Args>(args)...) {}

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
    return lock_after_try([this] { return mutex_.lock_blocking(); });
  }
  result<guard> lock_blocking(stop_token token) {
    if (token.stop_requested()) return failure(errc::cancelled);
    return lock_after_try([&] { return mutex_.lock_blocking(token); });
  }
  result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return lock_after_try([&] { return mutex_.lock_blocking_until(deadline); });
  }
  result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return lock_blocking_until(detail::deadline_after(timeout));
  }
  result<guard> try_lock() noexcept { return meter(mutex_.try_lock(), std::nullopt); }
  result<guard> clear_poison() noexcept { return meter(mutex_.clear_poison(), std::nullopt); }

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

  [[nodiscard]] std::string_view name() const noexcept { return name_; }

  // Returns: the metrics since the last reset, with the name. See lock_metrics.
  [[nodiscard]] lock_metrics_snapshot snapshot() const noexcept { return metrics_.snapshot(name_); }
  void reset() noexcept { metrics_.reset(); }

 private:
  template <class Mutex, class Op>
  friend class detail::metered_lock_awaiter;

  // `began`: when the wait began, if there was one.
  result<guard> meter(result<mutex_guard<T>> locked,
                      std::optional<steady_clock::time_point> began) noexcept {
    if (!locked) return tl::unexpected<error>(locked.error());
    guard held(*std::move(locked), metrics_);
    if (began) {
      metrics_.count_contended(held.since_ - *began);
    } else {
      metrics_.count_free();
    }
    return held;
  }

  template <class Lock>
  result<guard> lock_after_try(Lock lock) {
    auto free = mutex_.try_lock();
    if (free || free.error().code != errc::would_block) return meter(std::move(free), std::nullopt);
    const auto began = steady_clock::now();
    return meter(lock(), began);
  }

  const std::string_view name_;
  inner mutex_;
  lock_metrics metrics_;
};

template <class T>
class metered_mutex<T, metering::off> : public mutex<T> {
 public:
  static constexpr metering mode = metering::off;

  template <class... Args>
    requires std::is_constructible_v<mutex<T>, Args...>
  constexpr explicit metered_mutex(std::string_view, Args&&... args)
      : mutex<T>(std::forward<Args>(args)...) {}

  // Nothing is known.
  [[nodiscard]] std::string_view name() const noexcept { return {}; }
  [[nodiscard]] lock_metrics_snapshot snapshot() const noexcept { return {}; }
  void reset() noexcept {}
};

static_assert(sizeof(metered_mutex<void*, metering::off>) == sizeof(mutex<void*>));

PAWL_END
