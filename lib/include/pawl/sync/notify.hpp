#pragma once
// Tells one or all of those who wait that something has happened.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/enabled_wait.hpp>
#include <pawl/sync/notifications.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/wait_op.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>

#include <concepts>
#include <memory>
#include <utility>

PAWL_BEGIN

// Notifications without a value. notify_one() and notify_last() are for one wait each, and if
// nobody waits, one of them is kept for the next; notify_waiters() is for all waits that there are.
//
// Order: notify_one() ends the wait that came first (NOTIFY-FIFO), notify_last() the one that came
//   last. A wait comes when it is awaited, or enabled.
// Broadcast: notify_waiters() ends every wait that was *made* before it, awaited or not: all of
//   them at one moment, so that no later notification goes to one of them (NOTIFY-BROADCAST). It
//   stores nothing, and who is told by it leaves a stored notification alone.
// No notification is lost (NOTIFY-NO-LOST): one that goes to a wait which is destroyed, or which
//   ends otherwise at that moment, is delivered or passed on, by notify_last() to the last. Those
//   that find more notifications than waits are stored as one. So whoever is notified looks whether
//   what he waits for is true: a notification can be older than his wait.
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · try_wait(). Each gives result<void>; errors: cancelled, timed_out; of
//   try_wait would_block. With a predicate they wait until it is true.
// Memory ordering: what happens before a notification happens before the return of the wait that it
//   ends, and before that of the one which takes a stored notification, of all that were merged
//   into it (NOTIFY-HB).
// Progress, allocation, cancel safety, and where a waiter resumes: as semaphore has it. One
//   read-modify-write stores a notification and one takes it.
class notify {
  using mode = detail::acquire_terms::mode;
  using word = notification_word;

 public:
  using store_type = notifications;

  constexpr notify() noexcept : core_(0) {}
  notify(const notify&) = delete;
  notify& operator=(const notify&) = delete;

  // Precondition: nobody waits, no call is in progress, except notifications that have ended the
  //   wait of somebody: whoever is told last may destroy it.
  ~notify() = default;

  // Effects: waits to be notified. Whatever is awaited of it, a broadcast counts from this call on.
  //   See acquire_op.
  wait_op<notify> wait() noexcept { return {this, generation()}; }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before it is awaited, no notification is taken.
  wait_op<notify> wait(stop_token token) noexcept {
    return {this, {.count = generation(), .how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, a
  //   notification that is there is taken nevertheless.
  wait_op<notify> wait_until(steady_clock::time_point deadline) noexcept {
    return {this, {.count = generation(), .how = mode::timed, .deadline = deadline}};
  }
  wait_op<notify> wait_for(steady_clock::duration timeout) noexcept {
    return wait_until(detail::deadline_after(timeout));
  }

  // Effects: as the wait of the same arguments, but blocks the calling thread, which must not be
  //   one that the notifier needs. Runs on it what the call resumes inline, before it blocks.
  result<void> wait_blocking() noexcept;
  result<void> wait_blocking(stop_token token) noexcept;
  result<void> wait_blocking_until(steady_clock::time_point deadline) noexcept;
  result<void> wait_blocking_for(steady_clock::duration timeout) noexcept {
    return wait_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: as the wait with the same arguments, for a thread.
  template <std::predicate Predicate>
  result<void> wait_blocking(Predicate pred) {
    return repeat_blocking(pred, [](auto& core, count_t& made_in) {
      return detail::take_blocking(core, made_in, false);
    });
  }
  template <std::predicate Predicate>
  result<void> wait_blocking(stop_token token, Predicate pred) {
    return repeat_blocking(pred, [token](auto& core, count_t& made_in) {
      return detail::take_blocking(core, made_in, false, token);
    });
  }
  template <std::predicate Predicate>
  result<void> wait_blocking_until(steady_clock::time_point deadline, Predicate pred) {
    return repeat_blocking(pred, [deadline](auto& core, count_t& made_in) {
      return detail::take_blocking_until(core, made_in, false, deadline);
    });
  }
  template <std::predicate Predicate>
  result<void> wait_blocking_for(steady_clock::duration timeout, Predicate pred) {
    return wait_blocking_until(detail::deadline_after(timeout), std::move(pred));
  }

  // Effects: takes a notification that is stored.
  // Returns: would_block, if there is none or somebody waits.
  result<void> try_wait() noexcept;

  // Effects: takes the place of a wait at once, to be awaited later. See enabled_wait.
  enabled_wait enable() noexcept { return {core_, {.count = generation()}}; }
  enabled_wait enable(stop_token token) noexcept {
    return {core_, {.count = generation(), .how = mode::stoppable, .token = token}};
  }
  enabled_wait enable_until(steady_clock::time_point deadline) noexcept {
    return {core_, {.count = generation(), .how = mode::timed, .deadline = deadline}};
  }
  enabled_wait enable_for(steady_clock::duration timeout) noexcept {
    return enable_until(detail::deadline_after(timeout));
  }

  // Effects: waits until pred() is true. It is called when the wait is awaited, and after each
  //   notification, which it must not miss: whoever makes it true does so before he notifies. What
  //   it throws leaves the wait. A notification that is not needed any more is passed on.
  // Returns: cancelled, timed_out, if it was false then.
  // Allocation: the frame of a coroutine.
  template <std::predicate Predicate>
  task<result<void>> wait(Predicate pred) {
    return repeat(std::move(pred), [this] { return enable(); });
  }
  template <std::predicate Predicate>
  task<result<void>> wait(stop_token token, Predicate pred) {
    return repeat(std::move(pred), [this, token] { return enable(token); });
  }
  template <std::predicate Predicate>
  task<result<void>> wait_until(steady_clock::time_point deadline, Predicate pred) {
    return repeat(std::move(pred), [this, deadline] { return enable_until(deadline); });
  }
  template <std::predicate Predicate>
  task<result<void>> wait_for(steady_clock::duration timeout, Predicate pred) {
    return wait_until(detail::deadline_after(timeout), std::move(pred));
  }

  // Effects: ends the wait of whoever came first; without anybody, stores one notification.
  // Complexity: as semaphore::release.
  void notify_one() noexcept { core_.put(word::to_first); }

  // Effects: as notify_one, but of whoever came last.
  void notify_last() noexcept { core_.put(word::to_last); }

  // Effects: ends all waits that were made before.
  void notify_waiters() noexcept { core_.put(word::to_all); }

  // What was true at some moment during the call.
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(word::queued); }

 private:
  template <class Grant>
  friend class detail::acquire_awaiter;

  using owned_op = wait_op<notify, void, std::shared_ptr<notify>>;
  friend owned_op wait_owned(std::shared_ptr<notify> of);
  friend owned_op wait_owned(std::shared_ptr<notify> of, stop_token token);
  friend owned_op wait_owned_until(std::shared_ptr<notify> of, steady_clock::time_point deadline);
  static owned_op start_owned(std::shared_ptr<notify> of, detail::acquire_terms terms);

  [[nodiscard]] count_t generation() const noexcept { return core_.look().generation(); }

  static result<void> ended(verdict v) noexcept;

  // `block(core, made_in)` waits once.
  template <class Predicate, class Block>
  result<void> repeat_blocking(Predicate& pred, Block block) {
    for (;;) {
      count_t made_in = generation();
      if (pred()) return {};
      const verdict v = block(core_, made_in);
      if (v != verdict::granted) return ended(v);
    }
  }

  template <class Predicate, class Enable>
  static task<result<void>> repeat(Predicate pred, Enable enable) {
    for (;;) {
      enabled_wait place = enable();
      if (pred()) co_return result<void>();
      const result<void> woken = co_await std::move(place);
      if (!woken) co_return woken;
    }
  }

  synchronizer<notifications> core_;
};

// As the member functions wait, but for callers that share the notify; the wait may be its last
// owner.
// Throws: std::invalid_argument if there is no notify.
wait_op<notify, void, std::shared_ptr<notify>> wait_owned(std::shared_ptr<notify> of);
wait_op<notify, void, std::shared_ptr<notify>> wait_owned(std::shared_ptr<notify> of,
                                                          stop_token token);
wait_op<notify, void, std::shared_ptr<notify>> wait_owned_until(std::shared_ptr<notify> of,
                                                                steady_clock::time_point deadline);
wait_op<notify, void, std::shared_ptr<notify>> wait_owned_for(std::shared_ptr<notify> of,
                                                              steady_clock::duration timeout);

PAWL_END
