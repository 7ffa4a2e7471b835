#include <pawl/backend/fault.hpp>
#include <pawl/blocking/once.hpp>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(blocking::once) == 1);
#endif

namespace blocking {

using detail::parked_thread;
using detail::parking_bucket;
using detail::patience;
using detail::unparked;

// Returns: whether this thread is to do it; if not, it is done.
bool once::begin() noexcept(!is_told) {
  for (bits seen = 0;;) {
    // [once.2] acquire/relaxed: what a failed attempt left behind; pairs with [once.3], [once.5].
    if (state_.compare_exchange_strong(seen, static_cast<bits>(seen | running),
                                       memory_order_acquire, memory_order_relaxed)) {
      detail::known_owner::begin(this);
      return true;
    }
    if (is_done()) return false;
    if ((seen & running) != 0) {
      refuse_recursion();
      park(goal::turn, {});
      seen = 0;
    }
  }
}

// While an attempt is running, nobody else changes the word, but for PARKED, with the bucket
// locked.
void once::end(bits result) noexcept {
  detail::known_owner::end(this);
  bits seen = running;
  // [once.3] release/relaxed: ONCE-HB: publishes what was done; pairs with [once.1], [once.2].
  const memory_order order = fault::order_unless(fault::weak_once, memory_order_release);
  if (state_.compare_exchange_strong(seen, result, order, memory_order_relaxed)) return;
  parking_bucket here(this);
  while (parked_thread* const next = here.first(this)) {
    here.remove(*next);
    here.wake(*next, unparked::to_retry);
    if (fault::one_is_told) break;
  }
  // [once.5] release: as [once.3], if somebody waits; pairs with [once.1], [once.2].
  state_.store(result, memory_order_release);
}

bool once::wait_within(const patience& limit) noexcept {
  while (!is_done()) {
    if (!park(goal::result, limit)) return is_done();
  }
  return true;
}

// Effects: waits until an attempt ends, unless there is nothing to wait for.
// Returns: false if the patience was exhausted.
bool once::park(goal what, const patience& limit) noexcept {
  const auto left = [](parking_bucket& here, void* self) noexcept {
    static_cast<once*>(self)->stop_announcing(here);
  };
  parked_thread me(this, left);
  {
    parking_bucket here(this);
    if (!announce(what)) return true;
    here.append(me);
  }
  return me.wait(limit) == unparked::to_retry;
}

// Effects: sets PARKED, if there is something to wait for. Returns: whether there is. Precondition:
// the bucket is locked.
bool once::announce(goal what) noexcept {
  for (bits seen = running;;) {
    const bool waits = what == goal::turn ? (seen & running) != 0 : (seen & done) == 0;
    if (!waits && !fault::parks_when_done) return false;
    // [once.4] relaxed/relaxed: whoever ends the attempt after this finds PARKED, and then the
    // bucket; the lock of that orders the rest.
    if (state_.compare_exchange_strong(seen, static_cast<bits>(seen | parked), memory_order_relaxed,
                                       memory_order_relaxed)) {
      return true;
    }
  }
}

// Effects: clears PARKED if nobody is queued any more. Precondition: the bucket is locked.
void once::stop_announcing(parking_bucket& here) noexcept {
  if (here.first(this) != nullptr) return;
  // [once.6] relaxed: tells nothing but that the queue is empty.
  state_.fetch_and(static_cast<bits>(~parked), memory_order_relaxed);
}

}  // namespace blocking

PAWL_END
