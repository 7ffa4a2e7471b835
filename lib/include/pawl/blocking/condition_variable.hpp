#pragma once
// A condition variable for the mutexes of one byte.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/byte_lock.hpp>
#include <pawl/blocking/parking_table.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace blocking {

// What std::unique_lock is to blocking::mutex or fair_mutex.
template <class Lock>
concept owning_lock = requires(Lock& lock) {
  { lock.owns_lock() } -> std::convertible_to<bool>;
  requires std::derived_from<std::remove_pointer_t<decltype(lock.mutex())>, detail::byte_lock>;
};

// Where threads wait until another one says that something has changed. Its members are those of
// std::condition_variable, with the lock of a mutex or fair_mutex; all who wait at one time use the
// same mutex. One word.
//
// A wait takes its place before it unlocks, so no notification that comes after is lost
//   (CV-NO-LOST-WAKE-UP); and it ends for a reason only: a notification, a stop, a deadline. The
//   lock is held again when it returns, by an exception, too.
// Order: first come, first notified. Who is notified while the mutex is locked is not woken, but
//   moved to the queue of the mutex, and woken when it is his turn (CV-REQUEUE).
// Cancel safety: a wait that is ended by its stop or deadline has used up no notification; one that
//   was notified before is not ended by them.
// Memory ordering: that of the mutex.
// Allocation: none. Where a waiter resumes: on its thread.
// Complexity: a notification that finds nobody is one load; else linear in the number of threads
//   that wait in the same buckets.
class condition_variable {
 public:
  constexpr condition_variable() noexcept = default;
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;

  // Precondition: whoever waited was notified, though his call may still be on its way back.
  ~condition_variable() = default;

  // Effects: unlocks and waits, in one step as far as notifications are concerned; then locks.
  // Throws: std::logic_error if the lock is not held, or others wait with another mutex; nothing
  //   has changed.
  template <owning_lock Lock>
  void wait(Lock& lock) {
    wait_within(lock, {});
  }

  // Returns: false if it was the stop that ended the wait; without waiting if it came before.
  template <owning_lock Lock>
  bool wait(Lock& lock, stop_token token) {
    return wait_within(lock, {.token = token});
  }

  // Returns: false if it was the deadline.
  template <owning_lock Lock>
  bool wait_until(Lock& lock, steady_clock::time_point deadline) {
    return wait_within(lock, {.deadline = deadline});
  }
  template <owning_lock Lock>
  bool wait_for(Lock& lock, steady_clock::duration timeout) {
    return wait_until(lock, detail::deadline_after(timeout));
  }

  // Returns: false if it was the stop or the deadline.
  template <owning_lock Lock>
  bool wait_until(Lock& lock, stop_token token, steady_clock::time_point deadline) {
    return wait_within(lock, {.token = token, .deadline = deadline});
  }
  template <owning_lock Lock>
  bool wait_for(Lock& lock, stop_token token, steady_clock::duration timeout) {
    return wait_until(lock, token, detail::deadline_after(timeout));
  }

  // The same until p() is true, which is called with the lock held, first before any wait.
  // Returns: what p() returned last; false only after a stop or a deadline.
  // Throws: what p throws, with the lock held.
  template <owning_lock Lock, std::predicate Condition>
  void wait(Lock& lock, Condition p) {
    repeat(lock, {}, p);
  }
  template <owning_lock Lock, std::predicate Condition>
  bool wait(Lock& lock, stop_token token, Condition p) {
    return repeat(lock, {.token = token}, p);
  }
  template <owning_lock Lock, std::predicate Condition>
  bool wait_until(Lock& lock, steady_clock::time_point deadline, Condition p) {
    return repeat(lock, {.deadline = deadline}, p);
  }
  template <owning_lock Lock, std::predicate Condition>
  bool wait_for(Lock& lock, steady_clock::duration timeout, Condition p) {
    return wait_until(lock, detail::deadline_after(timeout), p);
  }
  template <owning_lock Lock, std::predicate Condition>
  bool wait_until(Lock& lock, stop_token token, steady_clock::time_point deadline, Condition p) {
    return repeat(lock, {.token = token, .deadline = deadline}, p);
  }
  template <owning_lock Lock, std::predicate Condition>
  bool wait_for(Lock& lock, stop_token token, steady_clock::duration timeout, Condition p) {
    return wait_until(lock, token, detail::deadline_after(timeout), p);
  }

  // Effects: ends the wait that began first, if any. The mutex need not be locked, but what the
  //   waiter waits for must have been changed with it locked, before.
  // Returns: whether somebody was notified.
  bool notify_one() noexcept { return somebody_waits() && notify(1) != 0; }

  // Effects: ends all waits.
  // Returns: how many.
  std::size_t notify_all() noexcept { return somebody_waits() ? notify(everybody) : 0; }

  // What was true at some moment during the call.
  [[nodiscard]] bool has_waiters() const noexcept { return somebody_waits(); }

 private:
  static constexpr std::size_t everybody = ~std::size_t{0};

  template <class Lock>
  bool wait_within(Lock& lock, const detail::patience& limit) {
    using mutex_type = std::remove_pointer_t<decltype(lock.mutex())>;
    detail::byte_lock* const used = lock.owns_lock() ? lock.mutex() : nullptr;
    return wait_with(used, mutex_type::hands_over, limit);
  }

  template <class Lock, class Condition>
  bool repeat(Lock& lock, const detail::patience& limit, Condition& p) {
    while (!p()) {
      if (!wait_within(lock, limit)) return p();
    }
    return true;
  }

  [[nodiscard]] bool somebody_waits() const noexcept {
    // [cv.1] relaxed: whoever changed, with the mutex locked, what a waiter had found unchanged,
    // locked it after that waiter unlocked it, so after he stored this.
    return lock_.load(memory_order_relaxed) != nullptr;
  }

  bool wait_with(detail::byte_lock* lock, bool hand_over, const detail::patience& limit);
  void enqueue(detail::parked_thread& me, detail::byte_lock& lock);
  std::size_t notify(std::size_t most) noexcept;
  void left(detail::parking_bucket& here) noexcept;

  // Of those who wait; null: nobody does. Changes while the bucket is locked.
  atomic<detail::byte_lock*> lock_{nullptr};
};

}  // namespace blocking

PAWL_END
