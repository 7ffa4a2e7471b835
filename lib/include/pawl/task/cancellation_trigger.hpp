#pragma once
// What cancels a source by itself: the end of a scope, a deadline, another stop.

#include <pawl/backend/backend.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <cstdint>
#include <utility>

PAWL_BEGIN

// Cancels the source when it is destroyed, unless disarmed. Not synchronized.
class [[nodiscard]] cancellation_guard {
 public:
  // Precondition: the source outlives the guard, unless that is disarmed.
  explicit cancellation_guard(cancellation_source& source, stop_reason why = {}) noexcept
      : source_(&source), why_(why) {}
  cancellation_guard(cancellation_guard&& other) noexcept
      : source_(std::exchange(other.source_, nullptr)), why_(other.why_) {}
  cancellation_guard& operator=(cancellation_guard&& other) noexcept {
    std::swap(source_, other.source_);
    std::swap(why_, other.why_);
    return *this;
  }
  ~cancellation_guard() {
    if (source_ != nullptr) source_->request_stop(why_);
  }

  // Effects: the source will not be cancelled. Returns: it; null if there was none any more.
  cancellation_source* disarm() noexcept { return std::exchange(source_, nullptr); }

  // Returns: a token of the source; one that is never cancelled if there is none any more.
  [[nodiscard]] cancellation_token get_token() const noexcept {
    return source_ != nullptr ? source_->get_token() : cancellation_token();
  }

 private:
  cancellation_source* source_;
  stop_reason why_;
};

namespace detail {

// A trigger that somebody else pulls. It may be destroyed while the request_stop that it began is
// in progress, as the source may: its end waits for no more than a fixed number of steps.
class cancellation_trigger {
 public:
  cancellation_trigger(const cancellation_trigger&) = delete;
  cancellation_trigger& operator=(const cancellation_trigger&) = delete;

 protected:
  cancellation_trigger(cancellation_source& source, stop_reason why) noexcept
      : source_(source), why_(why) {}
  ~cancellation_trigger() = default;

  // Effects: cancels the source. When it comes to user code, it has touched *this for the last
  //   time.
  void pull() noexcept { source_.tree_->cancel(source_.node_, why_, &begun_); }

  // Effects: waits until *this will not be touched by pull() any more.
  void await_pull() const noexcept;

 private:
  cancellation_source& source_;
  const stop_reason why_;
  atomic<bool> begun_{false};
};

}  // namespace detail

// Cancels the source at a deadline.
class [[nodiscard]] cancellation_deadline : detail::cancellation_trigger, timer_item {
 public:
  // Effects: from now on a timer of `where` cancels the source at the deadline; if that has passed,
  //   soon. If `where` is null or has no timers, one of the process-wide default_pool() does.
  // Precondition: the source outlives *this, and `where` all that is cancelled in consequence.
  // Complexity: that of the timers, O(log n); so for the destructor.
  cancellation_deadline(cancellation_source& source, steady_clock::time_point deadline,
                        std::uint64_t value = 0, scheduler* where = nullptr) noexcept;

  // Effects: the source will not be cancelled by it, unless it is being. Never waits for callbacks.
  ~cancellation_deadline();

 private:
  static void expire(timer_item& self) noexcept;

  timer_service& timers_;
};

// Cancels the source when a stop is requested elsewhere.
class [[nodiscard]] cancellation_link : detail::cancellation_trigger, stop_node {
 public:
  // Effects: a request of the token cancels the source from now on; at once, inside the call, if it
  //   was made before.
  // Precondition: the source and that of the token outlive *this.
  // Complexity: constant; so for the destructor.
  cancellation_link(cancellation_source& source, stop_token token, stop_reason why = {}) noexcept;

  // Effects: as that of cancellation_deadline.
  ~cancellation_link();

 private:
  static void stop(stop_node& self) noexcept;

  const stop_token token_;
  const bool is_attached_;
};

PAWL_END
