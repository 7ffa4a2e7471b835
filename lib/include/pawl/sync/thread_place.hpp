#pragma once
// A thread that waits, as a place to resume on.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/timer.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// For a wait that others carry from one queue to another while its thread is parked: being resumed
// means to be woken. It has a timer, since the thread can look after a deadline itself. Lives on
// the stack of the thread; for one wait.
//
// bit      | says                                    | set by
// parked   | the thread has given away its parker    | the thread; it may take it back
// done     | the wait is over                        | who resumes
// fired    | the deadline has passed first           | the thread
// disarmed | the deadline does not matter any more   | whoever has ended the wait
class thread_place final : public scheduler, private timer_service {
 public:
  thread_place() noexcept : parker_(parker::current()) {}

  // Effects: ends await(). *this may be gone before the call returns.
  void schedule(work_item& item) noexcept override;

  timer_service* timers() noexcept override { return this; }

  // Effects: blocks the thread until something was scheduled. First runs what it put off.
  void await() noexcept;

 private:
  using bits = std::uint8_t;
  static constexpr bits parked = 1;
  static constexpr bits done = 2;
  static constexpr bits fired = 4;
  static constexpr bits disarmed = 8;

  void arm(timer_item& item) noexcept override;
  bool try_disarm(timer_item& item) noexcept override;

  bits join(bits own) noexcept;
  void park() noexcept;
  bool park_in_time() noexcept;

  parker& parker_;
  timer_item* due_ = nullptr;               // the thread's
  steady_clock::time_point deadline_ = {};  // the thread's
  atomic<bits> state_{0};
};

}  // namespace detail

PAWL_END
