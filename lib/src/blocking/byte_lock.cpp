#include <pawl/blocking/byte_lock.hpp>
#include <pawl/blocking/mutex.hpp>

#include <stdexcept>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(blocking::mutex) == 1);
#endif

namespace detail {

bool byte_lock::lock_slowly(const patience& limit) noexcept {
  // A lock that is held for a moment is sooner free than a thread has queued and is woken again;
  // if others have queued, it is not.
  spin_briefly(state_, [](bits now) { return now != locked; });
  const auto left = [](parking_bucket& here, void* self) noexcept {
    static_cast<byte_lock*>(self)->stop_announcing(here);
  };
  parked_thread me(this, left);
  return lock_queued(me, limit, false);
}

// Effects: locks, waiting as `me`; `was_woken`: for this lock. Who was overtaken goes to the head
// of the queue again, so that nobody who queued after him is woken before him.
bool byte_lock::lock_queued(parked_thread& me, const patience& limit, bool was_woken) noexcept {
  while (!lock_if_free()) {
    {
      parking_bucket here(this);
      if (!announce()) continue;
      if (was_woken) {
        me.count_overtaken();
        here.prepend(me);
      } else {
        here.append(me);
      }
    }
    const unparked why = me.wait(limit);
    if (why != unparked::to_retry) return why == unparked::handed_over;
    was_woken = true;
  }
  return true;
}

// Effects: threads that were moved here, at least one, wait for the lock from now on. If it is
// free, the first is woken for it; when that one unlocks, it finds PARKED for the others.
void byte_lock::take_over(parked_list& threads) noexcept {
  parking_bucket here(this);
  const bool will_be_unlocked = fault::moved_unannounced || announce();
  if (!will_be_unlocked) here.wake(*threads.pop(), unparked::to_retry);
  bool more = false;
  while (parked_thread* const thread = threads.pop()) {
    here.append(*thread);
    more = true;
  }
  // [byte.7] relaxed: as [byte.4].
  if (more && !fault::moved_unannounced) state_.fetch_or(parked, memory_order_relaxed);
}

// Effects: sets PARKED, unless the lock is free. Returns: whether it was set. Precondition: the
// bucket is locked.
bool byte_lock::announce() noexcept {
  bits seen = locked;
  const bits both = locked | parked;
  // [byte.4] relaxed/relaxed: the lock of the bucket orders changes of PARKED; so PARKED and LOCKED
  // are not of the past, if they are seen together.
  if (state_.compare_exchange_strong(seen, both, memory_order_relaxed, memory_order_relaxed)) {
    return true;
  }
  return seen == both || fault::parks_unannounced;
}

// Effects: clears PARKED if nobody is queued any more. Precondition: the bucket is locked.
void byte_lock::stop_announcing(parking_bucket& here) noexcept {
  if (here.first(this) != nullptr) return;
  // [byte.6] relaxed: tells nothing but that the queue is empty.
  state_.fetch_and(static_cast<bits>(~parked), memory_order_relaxed);
}

// Nobody else changes the word of a lock that is held, as long as the bucket is locked: so its new
// value can be stored.
void byte_lock::unlock_slowly(bits seen, bool hand_over) {
  if ((seen & locked) == 0) {
    throw std::logic_error("unlock() of a lock that nobody has; each lock() takes one unlock()");
  }
  parking_bucket here(this);
  bits after = 0;
  if (parked_thread* const next = here.first(this)) {
    here.remove(*next);
    const bool now = hand_over || next->overtaken() >= limits::most_overtaken;
    here.wake(*next, now ? unparked::handed_over : unparked::to_retry);
    if (now && !fault::handed_over_unlocked) after |= locked;
    if (here.first(this) != nullptr && !fault::parked_forgotten) after |= parked;
  }
  // [byte.5] release: BYTE-HB, for who locks without having been queued; pairs with [byte.1].
  state_.store(after, memory_order_release);
}

}  // namespace detail

PAWL_END
