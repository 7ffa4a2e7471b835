#pragma once
// Where those who have a lock wait until somebody says that what it protects has changed.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/condition_op.hpp>
#include <pawl/sync/condition_wait.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/unlocked_guard.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <concepts>
#include <utility>

PAWL_BEGIN

// A wait unlocks what its guard holds, and ends with it locked again, however it ends. The members
// are those of std::condition_variable_any, with a guard of a mutex or shared_mutex in the place of
// the lock (whole_guard). Not all need to use the same mutex.
//
// No wake-up is lost (CV-NO-LOST): a wait has its place before it unlocks, and begins at that
//   moment; a notification ends one that has begun, or is forgotten because there is none.
// None is spurious: a wait ends for a reason only, a notification, a stop, a deadline. (Of waits
//   with a lock that is shared, one that begins while a notification is sent may take it from
//   another that begins at the same time.)
// Order: first come, first notified (CV-FIFO). Who is notified while the mutex is locked is not
//   resumed, but moved to its queue (CV-REQUEUE): so they have the lock in the order in which they
//   waited, except for a call that has only just unlocked, and was not suspended yet.
// Ways to wait: co_await wait(guard) · the same with a stop_token or a deadline · wait_blocking
//   from a plain thread. Each gives result<void>; errors: cancelled, timed_out, with the lock held;
//   poisoned: the mutex is, and the guard holds nothing. With a predicate they wait until it is
//   true. There is no try: a wait that need not wait has no need of this.
// Cancel safety: a wait that is ended by its stop or deadline has used up no notification, unless
//   nobody else can have it (CV-CANCEL); one that was notified before is not ended by them. Once it
//   has ended, nothing keeps it from waiting for the lock. A suspended coroutine may be destroyed
//   where nothing can resume it at the same time: its guard holds nothing, and if it was notified,
//   it passes that on as notify_one() would.
// Memory ordering: that of the lock; besides, what happens before a notification happens before
//   the return of the waits that it ends (CV-HB).
// Where a waiter resumes: on its coroutine's scheduler, else inline on the thread that hands the
//   lock over, after all state was released. There a predicate is called, too.
// Progress, allocation: as semaphore has it, but a notification of n waits takes n steps, of the
//   thread that sends it or of another one that is at the queue at the time. Nothing allocates.
class condition_variable {
  using mode = detail::acquire_terms::mode;
  using terms = detail::acquire_terms;
  template <class Guard>
  using operation = condition_op<Guard, detail::one_notification>;
  template <class Guard, class Predicate>
  using predicate_operation = condition_op<Guard, detail::becoming_true<Predicate>>;

 public:
  constexpr condition_variable() noexcept = default;
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;

  // Effects: waits until it is the last to touch it (CV-DESTROY): for other threads that are about
  //   to end a wait which was notified first, and run none but code of the library.
  // Precondition: whoever waited was notified, though he may still be on his way to the lock. No
  //   other call is in progress.
  ~condition_variable() = default;

  // Effects: unlocks and waits, when it is awaited; then locks. The guard is not to be touched
  //   meanwhile.
  // Throws, when awaited: std::logic_error if the guard holds no lock; of an ordered_guard,
  //   lock_order_violation if locking again, with all else that the caller holds, breaks the order.
  //   Nothing has changed.
  template <whole_guard Guard>
  operation<Guard> wait(Guard& guard) {
    return make(guard, {});
  }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before the call, it does not unlock.
  template <whole_guard Guard>
  operation<Guard> wait(Guard& guard, stop_token token) {
    return make(guard, stopped_by(token));
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, others
  //   get the lock in between nevertheless.
  template <whole_guard Guard>
  operation<Guard> wait_until(Guard& guard, steady_clock::time_point deadline) {
    return make(guard, ended_at(deadline));
  }
  template <whole_guard Guard>
  operation<Guard> wait_for(Guard& guard, steady_clock::duration timeout) {
    return wait_until(guard, detail::deadline_after(timeout));
  }

  // Effects: the same until pred() is true. It is called with the lock held, first before any wait,
  //   last after a stop or the deadline. What it throws leaves the wait, the lock held.
  // Returns: cancelled, timed_out, if it was false then.
  template <whole_guard Guard, std::predicate Predicate>
  predicate_operation<Guard, Predicate> wait(Guard& guard, Predicate pred) {
    return make(guard, {}, std::move(pred));
  }
  template <whole_guard Guard, std::predicate Predicate>
  predicate_operation<Guard, Predicate> wait(Guard& guard, stop_token token, Predicate pred) {
    return make(guard, stopped_by(token), std::move(pred));
  }
  template <whole_guard Guard, std::predicate Predicate>
  predicate_operation<Guard, Predicate> wait_until(Guard& guard, steady_clock::time_point deadline,
                                                   Predicate pred) {
    return make(guard, ended_at(deadline), std::move(pred));
  }
  template <whole_guard Guard, std::predicate Predicate>
  predicate_operation<Guard, Predicate> wait_for(Guard& guard, steady_clock::duration timeout,
                                                 Predicate pred) {
    return wait_until(guard, detail::deadline_after(timeout), std::move(pred));
  }

  // Effects: as the wait of the same arguments, but blocks the calling thread, which must not be
  //   one that others need to notify it or to unlock. Runs on it what the call resumes inline,
  //   before it blocks. It is woken once, with the lock (CV-REQUEUE).
  template <whole_guard Guard>
  result<void> wait_blocking(Guard& guard) {
    return block(guard, {});
  }
  template <whole_guard Guard>
  result<void> wait_blocking(Guard& guard, stop_token token) {
    return block(guard, stopped_by(token));
  }
  template <whole_guard Guard>
  result<void> wait_blocking_until(Guard& guard, steady_clock::time_point deadline) {
    return block(guard, ended_at(deadline));
  }
  template <whole_guard Guard>
  result<void> wait_blocking_for(Guard& guard, steady_clock::duration timeout) {
    return wait_blocking_until(guard, detail::deadline_after(timeout));
  }
  template <whole_guard Guard, std::predicate Predicate>
  result<void> wait_blocking(Guard& guard, Predicate pred) {
    return block(guard, {}, pred);
  }
  template <whole_guard Guard, std::predicate Predicate>
  result<void> wait_blocking(Guard& guard, stop_token token, Predicate pred) {
    return block(guard, stopped_by(token), pred);
  }
  template <whole_guard Guard, std::predicate Predicate>
  result<void> wait_blocking_until(Guard& guard, steady_clock::time_point deadline,
                                   Predicate pred) {
    return block(guard, ended_at(deadline), pred);
  }
  template <whole_guard Guard, std::predicate Predicate>
  result<void> wait_blocking_for(Guard& guard, steady_clock::duration timeout, Predicate pred) {
    return wait_blocking_until(guard, detail::deadline_after(timeout), std::move(pred));
  }

  // Effects: ends the wait that began first, if there is any. The mutex need not be locked, but
  //   what the waiter waits for must have been changed with it locked, before.
  // Returns: whether there was one.
  // Complexity: if nobody waits, one load.
  bool notify_one() noexcept { return has_waiters() && notify(1) != 0; }

  // Effects: ends all waits that have begun. Returns: how many.
  count_t notify_all() noexcept { return has_waiters() ? notify(~count_t{0}) : 0; }

  // Returns: whether somebody waited who was not notified, at some moment during the call.
  [[nodiscard]] bool has_waiters() const noexcept { return queue_.look().has_untold(); }

 private:
  static terms stopped_by(stop_token token) noexcept {
    return {.how = mode::stoppable, .token = token};
  }
  static terms ended_at(steady_clock::time_point deadline) noexcept {
    return {.how = mode::timed, .deadline = deadline};
  }

  template <class Guard>
  operation<Guard> make(Guard& guard, const terms& t) {
    return {queue_, guard, t, {}};
  }
  template <class Guard, class Predicate>
  predicate_operation<Guard, Predicate> make(Guard& guard, const terms& t, Predicate pred) {
    return {queue_, guard, t, detail::becoming_true<Predicate>(std::move(pred))};
  }

  template <class Guard>
  result<void> block(Guard& guard, const terms& t) {
    using unlocked = detail::unlocked_guard<Guard>;
    unlocked lock(guard);
    if (t.token.stop_requested()) return failure(errc::cancelled);
    lock.admit();
    detail::condition_wait<typename unlocked::store_type> wait(queue_, lock.core(), lock.unit, t);
    lock.begin();
    wait.block();
    const verdict v = wait.finish();
    wait.has_lock() ? lock.end() : lock.lose();
    return ended(v);
  }
  template <class Guard, class Predicate>
  result<void> block(Guard& guard, const terms& t, Predicate& pred) {
    static_cast<void>(detail::unlocked_guard<Guard>(guard));
    while (!pred()) {
      const result<void> notified = block(guard, t);
      if (notified) continue;
      return guard && pred() ? result<void>() : notified;
    }
    return {};
  }

  static result<void> ended(verdict v) noexcept;
  count_t notify(count_t most) noexcept;

  detail::condition_queue queue_;
};

PAWL_END
