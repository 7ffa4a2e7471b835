#pragma once
// Something that happens again and again, each time for one waiter.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/auto_reset_store.hpp>
#include <pawl/sync/waitable.hpp>

PAWL_BEGIN

// An event that each set() lets one wait pass: the first that waits (AUTO-FIFO), or, if nobody
// does, the next that comes. What is set already stays so.
//
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · try_wait(). waitable has their contract; a wait that is cancelled, or
//   whose coroutine is destroyed, when it is being released passes that on.
// Memory ordering: what happens before set() happens before the return of the wait that it
//   releases, and before that of a reset() that takes it back, also if the event was set already
//   (EVENT-HB).
// Progress: as manual_reset_event has it.
class auto_reset_event : public waitable<auto_reset_store> {
 public:
  constexpr explicit auto_reset_event(bool is_set = false) noexcept : waitable(is_set ? 1 : 0) {}

  // Precondition: nobody waits, no call is in progress, except set() by whom the wait of the
  //   destroyer was ended.
  ~auto_reset_event() = default;

  // Effects: releases the first that waits, who is resumed, inline if he has no scheduler; else
  //   lets the next wait pass. Who waits may destroy the event as soon as the call has begun.
  void set() noexcept { core_.put(1); }

  // Effects: the next wait does not pass, unless somebody sets the event anew.
  // Returns: whether it would have.
  bool reset() noexcept {
    // [auto.3] acquire: what was done before set() is seen before it is done again; pairs with
    // [auto.4], [sem.6].
    return core_.alter([](auto_reset_word w) { return w.reset(); }, memory_order_acquire).is_set();
  }

  // Returns: whether a wait that began now would pass, at some moment during the call.
  [[nodiscard]] bool is_set() const noexcept { return core_.look().is_set(); }
};

PAWL_END
