#pragma once
// A mutex of one byte that blocks threads.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/byte_lock.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace blocking {

// For short sections of threads; a coroutine that waits for it blocks its thread (pawl::mutex does
// not). Has the members of std::timed_mutex, so std::lock_guard, std::unique_lock and
// std::scoped_lock work with it.
//
// Order: whoever locks first when it is free, has it: a thread that runs overtakes one that is
//   being woken. Those that wait are woken first come, first served, and a thread that was
//   overtaken limits::most_overtaken times is handed the lock over (BYTE-BYPASS): nobody starves.
// Not recursive: a thread that locks what it holds waits for itself. Built with PAWL_DEBUG, lock()
//   throws std::logic_error instead, if nobody has unlocked it since; nothing has changed.
// Memory ordering: an unlock happens before the return of the next lock (BYTE-HB), whichever way.
//   What fails to lock has acquired nothing.
// Allocation: none. Waiting happens on the stack and in the parking table (parking_table.hpp).
// Where a waiter resumes: on its thread, which is blocked meanwhile and runs nothing else.
// Complexity: one read-modify-write locks and one unlocks where nobody waits; else linear in the
//   number of threads that wait in the same bucket of the table.
class mutex : public detail::byte_lock {
 public:
  static constexpr bool hands_over = false;  // to whoever has waited longest, at every unlock

  constexpr mutex() noexcept = default;

  // Precondition: it is not locked, and nobody waits for it. Whoever locks last may destroy it, as
  //   soon as it is unlocked, though the call that let it in may still be on its way back.
  ~mutex() = default;

  // Effects: blocks until the calling thread has the lock. Precondition: it does not have it.
  void lock() noexcept(!detail::known_owner::is_known) { lock_anyway(); }

  // Effects: as above, but a stop request ends the wait. If the stop was requested before the call,
  //   nothing is locked.
  // Returns: whether it is locked. Cancel safety: if it is not, it is as if never asked for.
  [[nodiscard]] bool lock(stop_token token) noexcept {
    return !token.stop_requested() && lock_within({.token = token});
  }

  // Effects: locks if nobody has the lock; whoever waits for it is overtaken.
  // Returns: whether it is locked; false also if another thread has just unlocked it, which this
  //   one can't have seen.
  [[nodiscard]] bool try_lock() noexcept { return try_to_lock(); }

  // Effects: as lock(), but gives up at the deadline. If that has passed before, it is a try.
  // Returns: whether it is locked. Cancel safety: as for a stop.
  [[nodiscard]] bool try_lock_until(steady_clock::time_point deadline) noexcept {
    return lock_within({.deadline = deadline});
  }
  [[nodiscard]] bool try_lock_for(steady_clock::duration timeout) noexcept {
    return try_lock_until(detail::deadline_after(timeout));
  }

  // Effects: unlocks, by whatever thread, and wakes who has waited longest.
  // Throws: std::logic_error if it is not locked; nothing has changed.
  void unlock() { unlock_and(false); }

  // Effects: as unlock(), but if somebody waits, whoever has waited longest has the lock on return.
  void unlock_fair() { unlock_and(true); }
};

}  // namespace blocking

PAWL_END
