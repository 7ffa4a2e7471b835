#pragma once
// The ways to wait for what does not become the waiter's own.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/wait_op.hpp>
#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

// What manual_reset_event, auto_reset_event, latch and wait_group have in common; each says itself
// what its waiters wait for.
//
// Errors of the result: cancelled, timed_out; of try_wait would_block.
// Cancel safety: a wait that ends without success has left no trace, and one whose end races with
//   success has one or the other. A suspended coroutine may be destroyed where nothing can resume
//   it at the same time.
// Memory ordering: what happens before the calls that end the wait happens before its return.
// Where it resumes: as acquire_op.
// Complexity: taking a place and leaving it are O(1); if nothing is to be waited for, one load or
//   read-modify-write. Nothing allocates.
template <class Store>
class waitable {
  using mode = detail::acquire_terms::mode;

 public:
  using store_type = Store;
  using operation = wait_op<waitable>;

  waitable(const waitable&) = delete;
  waitable& operator=(const waitable&) = delete;

  // Effects: waits, from when it is awaited.
  operation wait() noexcept { return {this, count_t{0}}; }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before the call, that comes first.
  operation wait(stop_token token) noexcept {
    return {this, {.how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, the
  //   call succeeds nevertheless if it need not wait.
  operation wait_until(steady_clock::time_point deadline) noexcept {
    return {this, {.how = mode::timed, .deadline = deadline}};
  }
  operation wait_for(steady_clock::duration timeout) noexcept {
    return wait_until(detail::deadline_after(timeout));
  }

  // Effects: as the wait of the same arguments, but blocks the calling thread, which must not be
  //   one that others need to end the wait. Runs on it what the call resumes inline, before it
  //   blocks.
  result<void> wait_blocking() noexcept {
    if (core_.try_take_now(0)) [[likely]]
      return {};
    count_t any = 0;
    return ended(detail::take_blocking(core_, any, false));
  }
  result<void> wait_blocking(stop_token token) noexcept {
    count_t any = 0;
    return ended(detail::take_blocking(core_, any, false, token));
  }
  result<void> wait_blocking_until(steady_clock::time_point deadline) noexcept {
    count_t any = 0;
    return ended(detail::take_blocking_until(core_, any, false, deadline));
  }
  result<void> wait_blocking_for(steady_clock::duration timeout) noexcept {
    return wait_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: as wait, if it need not wait. Returns: success, or would_block.
  result<void> try_wait() noexcept {
    if (core_.try_take_now(0)) [[likely]]
      return {};
    count_t any = 0;
    return ended(detail::take(core_, any, false));
  }

  // Returns: whether somebody waits, or is on his way in or out.
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(Store::word::queued); }

 protected:
  constexpr explicit waitable(count_t initial) noexcept : core_(initial) {}
  ~waitable() = default;

  synchronizer<Store> core_;

 private:
  template <class Grant>
  friend class detail::acquire_awaiter;

  static result<void> ended(verdict v) noexcept {
    if (v == verdict::granted) return {};
    if (v == verdict::pending) return failure(errc::would_block);
    return tl::unexpected<error>(detail::refusal(v, 0));
  }
};

PAWL_END
