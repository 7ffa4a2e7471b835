#include <pawl/backend/fault.hpp>
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/task/bit_lock.hpp>

#include <stdexcept>
#include <string>
#include <system_error>

PAWL_BEGIN

namespace detail {

namespace {

// Protects waits_for of all threads. Whoever closes a circle is the last to take it, so he sees the
// rest: each of the others became an owner before he took it.
constinit bit_lock detector;

watched_thread& this_thread_watched() noexcept { return thread_slot<watched_thread>::get(); }

}  // namespace

watched_lock::wait::wait(watched_lock& lock) : me_(this_thread_watched()) {
  unsigned threads = 0;
  {
    const bit_lock_guard held(detector);
    threads = length_of_circle(lock, me_);
    if (threads == 0 && !fault::wait_unregistered) me_.waits_for = &lock;
  }
  if (threads == 0) return;
  throw std::system_error(
      std::make_error_code(std::errc::resource_deadlock_would_occur),
      "deadlock_checked: lock() would close a circle of " +
          (threads == 1 ? "1 thread; unlock it first"
                        : std::to_string(threads) + " threads; take the locks in one order, or use "
                                                    "try_lock()"));
}

watched_lock::wait::~wait() {
  const bit_lock_guard held(detector);
  if (!fault::wait_stays_registered) me_.waits_for = nullptr;
}

// Returns: how many threads wait for each other if `me` waits for the lock; 0 if the wait can end.
// Precondition: the detector is locked, so that those that wait are known, and have what they have.
unsigned watched_lock::length_of_circle(const watched_lock& lock,
                                        const watched_thread& me) noexcept {
  unsigned threads = 1;
  for (const watched_lock* each = &lock; each != nullptr; ++threads) {
    // [watched.1] relaxed: an owner that waits has stored this before it locked the detector.
    const watched_thread* const owner = each->owner_.load(memory_order_relaxed);
    if (owner == nullptr) return 0;
    if (owner == &me) return threads;
    each = owner->waits_for;
  }
  return 0;
}

void watched_lock::own() noexcept {
  // [watched.2] relaxed: see [watched.1].
  owner_.store(&this_thread_watched(), memory_order_relaxed);
}

void watched_lock::disown() {
  // [watched.3] relaxed: a thread finds itself only if it stored that itself.
  if (owner_.load(memory_order_relaxed) != &this_thread_watched()) {
    throw std::logic_error(
        "deadlock_checked: unlock() by a thread that does not have it; who locked it unlocks it");
  }
  // [watched.4] relaxed: see [watched.1].
  if (!fault::past_owner_stays) owner_.store(nullptr, memory_order_relaxed);
}

}  // namespace detail

PAWL_END
