#include <pawl/backend/fault.hpp>
#include <pawl/blocking/condition_variable.hpp>

#include <stdexcept>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(blocking::condition_variable) == sizeof(void*));
#endif

namespace blocking {

using detail::byte_lock;
using detail::parked_list;
using detail::parked_thread;
using detail::parking_bucket;
using detail::patience;
using detail::unparked;

bool condition_variable::wait_with(byte_lock* lock, bool hand_over, const patience& limit) {
  if (lock == nullptr || !lock->is_locked()) {
    throw std::logic_error("condition_variable: wait() without the lock; lock the mutex first");
  }
  if (limit.token.stop_requested()) return false;
  const auto forget = [](parking_bucket& here, void* self) noexcept {
    static_cast<condition_variable*>(self)->left(here);
  };
  parked_thread me(this, forget);
  if (fault::unlocked_before_queued) lock->unlock_and(hand_over);
  enqueue(me, *lock);
  if (!fault::unlocked_before_queued) lock->unlock_and(hand_over);
  switch (me.wait(limit)) {
    case unparked::handed_over:
      return lock->own_if(true);
    case unparked::to_retry:
      return lock->own_if(lock->lock_queued(me, {}, true));
    default:
      lock->lock_anyway();
      return false;
  }
}

void condition_variable::enqueue(parked_thread& me, byte_lock& lock) {
  parking_bucket here(this);
  // [cv.2] relaxed: with the bucket locked.
  byte_lock* const used = lock_.load(memory_order_relaxed);
  if (used != nullptr && used != &lock) {
    throw std::logic_error(
        "condition_variable: wait() with another mutex than others use; all who wait at one time "
        "use the same");
  }
  // [cv.5] relaxed: stored before the mutex is unlocked; see [cv.1].
  lock_.store(&lock, memory_order_relaxed);
  here.append(me);
}

// Between the two queues, the threads that are notified belong to this call alone. They need the
// mutex, so it is still there; they need the condition variable no more.
std::size_t condition_variable::notify(std::size_t most) noexcept {
  parked_list notified;
  byte_lock* lock = nullptr;
  std::size_t n = 0;
  {
    parking_bucket here(this);
    // [cv.3] relaxed: with the bucket locked.
    lock = lock_.load(memory_order_relaxed);
    for (; n != most; ++n) {
      parked_thread* const next = here.first(this);
      if (next == nullptr) break;
      here.remove(*next);
      next->move_to(lock);
      notified.append(*next);
    }
    left(here);
  }
  if (n != 0) lock->take_over(notified);
  return n;
}

// Effects: if nobody waits any more, says so. Precondition: the bucket is locked.
void condition_variable::left(parking_bucket& here) noexcept {
  if (here.first(this) != nullptr && !fault::others_forgotten) return;
  // [cv.4] relaxed: whoever waits next stores it again, before he unlocks.
  lock_.store(nullptr, memory_order_relaxed);
}

}  // namespace blocking

PAWL_END
