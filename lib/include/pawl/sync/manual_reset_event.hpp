#pragma once
// Something that has happened, until it is taken back.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/waitable.hpp>

PAWL_BEGIN

// An event that is set or not. Waits end when it is set, all of them; set, it lets every wait pass
// until it is reset.
//
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · try_wait(). waitable has their contract.
// set() reaches everybody who waits, even if reset() follows at once (EVENT-NO-LOST-WAKE). They
//   are resumed in the order in which they came, up to limits::turn_limit by each set(); the last
//   of these goes on.
// Memory ordering: what happens before set() happens before the return of every wait that it ends,
//   and before that of a reset() that takes it back, also if the event was set already (EVENT-HB).
// Progress: lock-free; with any other thread stopped anywhere, set, reset, try_wait and the end of
//   a wait by its token return within a bounded number of own steps.
class manual_reset_event : public waitable<gate_store> {
 public:
  constexpr explicit manual_reset_event(bool is_set = false) noexcept : waitable(is_set ? 0 : 1) {}

  // Precondition: nobody waits, no call is in progress, except set() by whom the wait of the
  //   destroyer was ended.
  ~manual_reset_event() = default;

  // Effects: sets it. Resumes inline what has no scheduler. Who waits may destroy the event as soon
  //   as the call has begun.
  void set() noexcept {
    if (fault::set_event_left_alone && is_set()) return;
    core_.update([](gate_word before) { return maybe(before.counted_down(before.count())); });
  }

  // Effects: takes it back; whoever waits is on his way nevertheless.
  // Returns: whether it was set.
  bool reset() noexcept {
    // [gate.2] acquire: what was done before set() is seen before it is done again; pairs with
    // [sem.6].
    return core_
        .alter([](gate_word w) { return w.is_open() ? w.counted_up(1) : w; }, memory_order_acquire)
        .is_open();
  }

  // What was true at some moment during the call. Memory ordering: as try_wait.
  [[nodiscard]] bool is_set() const noexcept { return core_.look().is_open(); }
};

PAWL_END
