#pragma once
// Deadlines of suspended operations.

#include <pawl/backend/backend.hpp>

PAWL_BEGIN

// A deadline that can be armed on a timer_service: intrusive, so that arming never allocates. While
// armed it must not be moved or destroyed.
//
// Ownership: from `arm` until either `try_disarm` has returned true or `expired` has been entered,
// the fields below belong to the service.
struct timer_item {
  using function = void (*)(timer_item&) noexcept;

  constexpr timer_item(steady_clock::time_point when, function f) noexcept
      : deadline(when), expired(f) {}
  timer_item(const timer_item&) = delete;
  timer_item& operator=(const timer_item&) = delete;

  const steady_clock::time_point deadline;
  const function expired;  // called once, outside every lock; may destroy the item

  // Links of the service's heap (timer_heap.hpp).
  cell<timer_item*> parent{nullptr};
  cell<timer_item*> left{nullptr};
  cell<timer_item*> right{nullptr};
  cell<unsigned> rank{0};
  cell<bool> armed{false};
};

// Whoever can call back at a deadline: schedulers with threads of their own (run_loop,
// thread_pool). Calls may come from any thread.
class timer_service {
 public:
  // Effects: `item.expired(item)` will be called once, on a thread of the service, not before the
  //   deadline, unless try_disarm succeeds first. A deadline that has passed is due at once. Never
  //   calls it inside arm.
  // Precondition: not armed, and not armed before (an item is used once).
  // Complexity: O(log n) for n armed items, as for try_disarm, on run_loop and thread_pool.
  virtual void arm(timer_item& item) noexcept = 0;

  // Effects: cancels the call, if it has not been taken yet. Never waits for `expired`.
  // Returns: true if `expired` was not called and will not be; the item may be destroyed. False if
  //   it is being called, was called, or is about to be: the service's last access to the item
  //   comes before `expired` is entered, so its end is for `expired` itself to tell.
  // Memory ordering: arm happens before expired; a successful try_disarm synchronizes with arm.
  // Precondition: arm has returned.
  [[nodiscard]] virtual bool try_disarm(timer_item& item) noexcept = 0;

 protected:
  ~timer_service() = default;
};

namespace detail {

// Returns: now + timeout, as far as there is time.
inline steady_clock::time_point deadline_after(steady_clock::duration timeout) noexcept {
  const auto now = steady_clock::now();
  constexpr auto last = steady_clock::time_point::max();
  return timeout > last - now ? last : now + timeout;
}

}  // namespace detail

PAWL_END
