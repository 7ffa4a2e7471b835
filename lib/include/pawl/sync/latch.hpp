#pragma once
// A number of things that have to happen once.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/gate_count.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/waitable.hpp>
#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

// A counter that goes down to zero, once; waits end when it is there, and later ones return at
// once.
//
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · try_wait(). waitable has their contract.
// Memory ordering: what happens before each count_down() happens before the return of every wait
//   (LATCH-HB).
// Progress, and the order in which waiters are resumed: as manual_reset_event has it.
class latch : public waitable<gate_store> {
 public:
  // Returns: the largest count.
  static constexpr count_t max() noexcept { return gate_word::max_count; }

  // Throws: std::length_error if the count is above max(). With 0 nobody ever waits.
  constexpr explicit latch(count_t expected) : waitable(valid(expected)) {}

  // Precondition: nobody waits, no call is in progress, except count_down() by whom the wait of the
  //   destroyer was ended.
  ~latch() = default;

  // Effects: n of what is expected have happened; at zero, everybody who waits is resumed, inline
  //   if he has no scheduler. Who waits may destroy the latch as soon as the last call has begun.
  // Throws: std::logic_error if that is more than remaining(); nothing has changed.
  void count_down(count_t n = 1);

  // Effects: counts down at once, then waits as the wait of the other arguments. The count stands,
  //   however the wait ends.
  operation arrive_and_wait(count_t n = 1) {
    count_down(n);
    return wait();
  }
  operation arrive_and_wait(count_t n, stop_token token) {
    count_down(n);
    return wait(token);
  }
  operation arrive_and_wait_until(count_t n, steady_clock::time_point deadline) {
    count_down(n);
    return wait_until(deadline);
  }
  operation arrive_and_wait_for(count_t n, steady_clock::duration timeout) {
    count_down(n);
    return wait_for(timeout);
  }
  result<void> arrive_and_wait_blocking(count_t n = 1) {
    count_down(n);
    return wait_blocking();
  }
  result<void> arrive_and_wait_blocking(count_t n, stop_token token) {
    count_down(n);
    return wait_blocking(token);
  }
  result<void> arrive_and_wait_blocking_until(count_t n, steady_clock::time_point deadline) {
    count_down(n);
    return wait_blocking_until(deadline);
  }
  result<void> arrive_and_wait_blocking_for(count_t n, steady_clock::duration timeout) {
    count_down(n);
    return wait_blocking_for(timeout);
  }

  // Returns: how much is still to happen, at some moment during the call. Memory ordering: if it is
  //   zero, as try_wait.
  [[nodiscard]] count_t remaining() const noexcept { return core_.look().count(); }

 private:
  static constexpr count_t valid(count_t expected) {
    if (expected > max()) detail::throw_too_many("latch", expected, max());
    return expected;
  }
};

PAWL_END
