#pragma once
// A lock of one byte, for threads: what mutex and fair_mutex are made of.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/blocking/known_owner.hpp>
#include <pawl/blocking/parking_table.hpp>

#include <cstdint>

PAWL_BEGIN

namespace blocking {
class condition_variable;
}  // namespace blocking

namespace detail {

//   bit    | means                                    | set by               | cleared by
//   LOCKED | somebody has the lock                    | who locks            | who unlocks
//   PARKED | threads are queued for it in the parking | who queues, with the | who takes the last
//          | table (BYTE-PARKED)                      | bucket locked        | one off, likewise
//
//   LOCKED PARKED |
//     0      0    | free
//     1      0    | held, nobody is queued: unlocking is one read-modify-write
//     1      1    | held; unlocking looks into the table
//     0      1    | free, and one was woken for it; who locks first, has it
//
// While the bucket is locked, PARKED stands still and says exactly whether somebody is queued. A
// thread queues only if it has seen, with the bucket locked, LOCKED and PARKED together: so whoever
// unlocks after that finds PARKED, and it in the queue.
class byte_lock {
 public:
  constexpr byte_lock() noexcept = default;
  byte_lock(const byte_lock&) = delete;
  byte_lock& operator=(const byte_lock&) = delete;

  // What was true at some moment during the call.
  [[nodiscard]] bool is_locked() const noexcept { return (look() & locked) != 0; }
  [[nodiscard]] bool has_waiters() const noexcept { return (look() & parked) != 0; }

 protected:
  ~byte_lock() = default;

  // Throws: std::logic_error, if it is known that the calling thread has the lock.
  void lock_anyway() noexcept(!known_owner::is_known) {
    if (!lock_if_idle()) [[unlikely]] {
      known_owner::refuse(this);
      lock_slowly();
    }
    known_owner::begin(this);
  }

  // Returns: false if somebody has the lock.
  bool try_to_lock() noexcept { return own_if(lock_if_free()); }

  // Effects: locks, if the lock is free before the patience is exhausted.
  // Returns: whether it was.
  bool lock_within(const patience& limit) noexcept {
    return own_if(lock_if_idle() || lock_slowly(limit));
  }

  // Effects: unlocks. If threads are queued, wakes the first; or hands the lock over to it, if that
  //   is what is wanted or it was overtaken too often (BYTE-BYPASS).
  // Throws: std::logic_error if it is not locked; nothing has changed.
  void unlock_and(bool hand_over) {
    known_owner::end(this);
    bits seen = locked;
    // [byte.2] release/relaxed: BYTE-HB, the other half; pairs with [byte.1].
    const memory_order order = fault::order_unless(fault::weak_byte_unlock, memory_order_release);
    if (!state_.compare_exchange_strong(seen, 0, order, memory_order_relaxed)) [[unlikely]] {
      unlock_slowly(seen, hand_over);
    }
  }

 private:
  friend class blocking::condition_variable;

  using bits = std::uint8_t;
  static constexpr bits locked = 1;
  static constexpr bits parked = 2;

  [[nodiscard]] bits look() const noexcept {
    // [byte.3] relaxed: a look, on which nothing rests.
    return state_.load(memory_order_relaxed);
  }
  bool own_if(bool is_locked) noexcept {
    if (is_locked) known_owner::begin(this);
    return is_locked;
  }
  bool lock_if_idle() noexcept {
    bits idle = 0;
    return replace_to_lock(idle);
  }
  bool lock_if_free() noexcept {
    bits seen = 0;
    while (!replace_to_lock(seen)) {
      if ((seen & locked) != 0) return false;
    }
    return true;
  }
  bool replace_to_lock(bits& seen) noexcept {
    // [byte.1] acquire/relaxed: BYTE-HB: what happened before the last unlock happens before the
    // return; pairs with [byte.2], [byte.5].
    const memory_order order = fault::order_unless(fault::weak_byte_lock, memory_order_acquire);
    return state_.compare_exchange_strong(seen, static_cast<bits>(seen | locked), order,
                                          memory_order_relaxed);
  }

  [[gnu::cold, gnu::noinline]] bool lock_slowly(const patience& limit = {}) noexcept;
  [[gnu::cold, gnu::noinline]] void unlock_slowly(bits seen, bool hand_over);
  bool lock_queued(parked_thread& me, const patience& limit, bool was_woken) noexcept;
  void take_over(parked_list& threads) noexcept;
  bool announce() noexcept;
  void stop_announcing(parking_bucket& here) noexcept;

  atomic<bits> state_{0};
};

}  // namespace detail

PAWL_END
