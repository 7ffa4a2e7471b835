#pragma once
// A mutex that tells what it costs its users.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/lock_metrics.hpp>
#include <pawl/sync/observed_mutex.hpp>

#include <coroutine>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// Observes how long calls wait and the lock is held.
class lock_meter {
 public:
  class call {
   public:
    call() noexcept = default;
    template <class Promise>
    explicit call(std::coroutine_handle<Promise>) noexcept {}

    void waits() noexcept { since_ = steady_clock::now(); }
    void waits_not() noexcept { since_.reset(); }

   private:
    friend lock_meter;
    std::optional<steady_clock::time_point> since_;
  };

  class held {
   public:
    held() noexcept = default;
    held(lock_meter& by, const call& call) noexcept
        : metrics_(&by.metrics), since_(steady_clock::now()) {
      by.count(call, since_);
    }

    void let_go() noexcept { metrics_->count_hold(steady_clock::now() - since_); }

   private:
    lock_metrics* metrics_ = nullptr;
    steady_clock::time_point since_{};
  };

  constexpr explicit lock_meter(std::string_view of) noexcept : name(of) {}

  void admit(const call&) const noexcept {}

  const std::string_view name;
  lock_metrics metrics;

 private:
  void count(const call& granted, steady_clock::time_point now) noexcept {
    if (granted.since_) {
      metrics.count_contended(now - *granted.since_);
    } else {
      metrics.count_free();
    }
  }
};

}  // namespace detail

enum class metering : std::uint8_t { off, on };

template <class T>
using metered_mutex_guard = observed_mutex_guard<detail::lock_meter, T>;

// A mutex<T> with a name, and metrics of each acquisition that succeeds: how many, how many had to
// wait, and how long they waited and held it. What a mutex<T> promises, it promises, too.
//
// It is made from the name, whose characters outlive it, and what a mutex<T> is made from.
//
// Cost: two looks at the clock and some plain stores for each acquisition, while the lock is held,
//   three if it was contended. With metering::off nothing: it is a mutex<T> then, in size as well.
template <class T = void, metering Mode = metering::on>
class metered_mutex : public observed_mutex<detail::lock_meter, T> {
  using base = observed_mutex<detail::lock_meter, T>;

 public:
  static constexpr metering mode = metering::on;

  using base::base;

  [[nodiscard]] std::string_view name() const noexcept { return this->observer().name; }

  // Returns: the metrics since the last reset, with the name. See lock_metrics.
  [[nodiscard]] lock_metrics_snapshot snapshot() const noexcept {
    return this->observer().metrics.snapshot(name());
  }
  void reset() noexcept { this->observer().metrics.reset(); }
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
