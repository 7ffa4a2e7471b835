// Condition variables with the interfaces of std, for programs that run under the checker. There
// are no spurious wake-ups; a notification wakes any of those that wait, one execution each; one
// that finds nobody is lost, and a thread that then waits for ever is a deadlock.
// Without stop tokens, native handles and notify_all_at_thread_exit.
#pragma once

#include <pawl/check/sync/deadline.hpp>
#include <pawl/check/sync/mutex.hpp>
#include <pawl/check/sync/words.hpp>

#include <condition_variable>
#include <mutex>
#include <type_traits>
#include <utility>

namespace pawl::check {

namespace sync {

// A condition variable is one word, of two bits for each thread:
//
//   waits   notified   the thread                        its bits are changed by
//   0       0          does not wait                     itself: waits
//   1       0          waits until it is notified        notify_one if it is chosen, notify_all;
//                                                        itself, when its time has passed: to 0 0
//   1       1          has to lock its mutex again       itself: goes on, to 0 0
//
// All changes are read-modify-writes, also a notification that finds nobody, so that their
// modification order is the one total order of the standard. They synchronise with nothing, as in
// the standard: the mutex does that. But what a thread does to leave is released to the destructor,
// since a condition variable may be destroyed as soon as all that wait have been notified.

/// Effects: the caller waits from now on. It has to unlock its mutex, and then await. The order is
///   relaxed but where there is no mutex.
void begin_wait(rt::atomic_object&, site, std::memory_order = std::memory_order_relaxed);
/// Effects: waits until the caller has been notified.
void await_notification(rt::atomic_object&, site);
/// The same; when the deadline passes is a choice of the exploration. Returns: false if it did; a
/// notification of the caller that came before it gave up is used up.
[[nodiscard]] bool await_notification_until(rt::atomic_object&, nanoseconds deadline, site);
/// Effects: the caller, which does not await, waits no longer. Returns: whether it was notified.
bool end_wait(rt::atomic_object&, site);
/// Effects: notifies one thread that waits and is not notified yet, if there is one: each of them
/// in another execution. Returns: how many were notified.
int notify_one(rt::atomic_object&, site, std::memory_order = std::memory_order_relaxed);
/// Effects: notifies all that wait. Returns: how many were notified.
int notify_all(rt::atomic_object&, site, std::memory_order = std::memory_order_relaxed);
/// Effects: waits until all that were notified have left, and ends its lifetime. Misuse: a thread
/// waits that was not notified.
void end_condition(rt::atomic_object&, site) noexcept;

/// What both kinds of condition variable share.
class condition {
 public:
  constexpr explicit condition(site at) noexcept : object_{.show = rt::show_as::condition} {
    if (!std::is_constant_evaluated()) rt::atomic_begin(object_, at);
  }
  condition(const condition&) = delete;
  condition& operator=(const condition&) = delete;
  /// Misuse: a thread waits that was not notified.
  ~condition() { end_condition(object_, site::current()); }

  /// Effects: wakes any one of the threads that wait; all choices are explored. One that finds
  ///   nobody is lost. Synchronises with nothing.
  void notify_one(site at = site::current()) noexcept { sync::notify_one(object_, at); }
  /// Effects: wakes all threads that wait. Synchronises with nothing.
  void notify_all(site at = site::current()) noexcept { sync::notify_all(object_, at); }

 protected:
  /// Effects: unlocks, waits until it is notified, locks again.
  template <class Lock>
  void wait_with(Lock& lock, site at) {
    begin_wait(object_, at);
    unlock_at(lock, at);
    await_notification(object_, at);
    lock_at(lock, at);
  }
  template <class Lock>
  std::cv_status wait_with(Lock& lock, nanoseconds deadline, site at) {
    begin_wait(object_, at);
    unlock_at(lock, at);
    const bool was_notified = await_notification_until(object_, deadline, at);
    lock_at(lock, at);
    return was_notified ? std::cv_status::no_timeout : std::cv_status::timeout;
  }
  /// Effects: the same as long as pred() is false. Returns: pred() at the end.
  template <class Lock, class Pred>
  bool wait_with(Lock& lock, nanoseconds deadline, Pred& pred, site at) {
    while (!pred())
      if (wait_with(lock, deadline, at) == std::cv_status::timeout) return pred();
    return true;
  }

  rt::atomic_object object_;  // The first member, so that name() of the variable names it.

 private:
  // With the place of the wait, where the lock takes it.
  template <class Lock>
  static void lock_at(Lock& lock, site at) {
    if constexpr (requires { lock.lock(at); })
      lock.lock(at);
    else
      lock.lock();
  }
  template <class Lock>
  static void unlock_at(Lock& lock, site at) {
    if constexpr (requires { lock.unlock(at); })
      lock.unlock(at);
    else
      lock.unlock();
  }
};

}  // namespace sync

/// As std::condition_variable.
class condition_variable : public sync::condition {
 public:
  constexpr condition_variable(sync::site at = sync::site::current()) noexcept : condition(at) {}

  /// Effects: unlocks and begins to wait, in one step for all who lock the mutex before they
  ///   notify; when it is notified, locks again. It does not wake for any other reason.
  /// Misuse: the caller does not hold the lock's mutex.
  void wait(std::unique_lock<mutex>& lock, sync::site at = sync::site::current()) {
    wait_with(mutex_of(lock, at), at);
  }
  /// Effects: waits as long as pred() is false.
  template <class Pred>
  void wait(std::unique_lock<mutex>& lock, Pred pred, sync::site at = sync::site::current()) {
    while (!pred()) wait(lock, at);
  }

  /// Effects: as wait(lock), but the exploration may also let the time pass, at any moment before
  ///   the thread goes on; virtual time is then that of the deadline.
  /// Returns: timeout if it passed, even if a notification came just before and is used up.
  template <class Clock, class Duration>
  std::cv_status wait_until(std::unique_lock<mutex>& lock,
                            const std::chrono::time_point<Clock, Duration>& t,
                            sync::site at = sync::site::current()) {
    return wait_with(mutex_of(lock, at), sync::deadline_at(t), at);
  }
  template <class Rep, class Period>
  std::cv_status wait_for(std::unique_lock<mutex>& lock,
                          const std::chrono::duration<Rep, Period>& d,
                          sync::site at = sync::site::current()) {
    return wait_with(mutex_of(lock, at), sync::deadline_after(d), at);
  }
  /// Effects: waits until pred() is true or the time has passed. Returns: pred() at the end.
  template <class Clock, class Duration, class Pred>
  bool wait_until(std::unique_lock<mutex>& lock, const std::chrono::time_point<Clock, Duration>& t,
                  Pred pred, sync::site at = sync::site::current()) {
    return wait_with(mutex_of(lock, at), sync::deadline_at(t), pred, at);
  }
  template <class Rep, class Period, class Pred>
  bool wait_for(std::unique_lock<mutex>& lock, const std::chrono::duration<Rep, Period>& d,
                Pred pred, sync::site at = sync::site::current()) {
    return wait_with(mutex_of(lock, at), sync::deadline_after(d), pred, at);
  }

 private:
  mutex& mutex_of(std::unique_lock<mutex>& lock, sync::site at) {
    if (!lock.owns_lock())
      rt::misuse("condition_variable: wait with a lock that holds no mutex", at);
    return *lock.mutex();
  }
};

/// As std::condition_variable_any. All as in condition_variable, with anything that can be locked;
/// misuse of it is what its unlock() makes of it.
class condition_variable_any : public sync::condition {
 public:
  constexpr condition_variable_any(sync::site at = sync::site::current()) noexcept
      : condition(at) {}

  template <class Lock>
  void wait(Lock& lock, sync::site at = sync::site::current()) {
    wait_with(lock, at);
  }
  template <class Lock, class Pred>
    requires(std::is_invocable_r_v<bool, Pred&>)
  void wait(Lock& lock, Pred pred, sync::site at = sync::site::current()) {
    while (!pred()) wait_with(lock, at);
  }
  template <class Lock, class Clock, class Duration>
  std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& t,
                            sync::site at = sync::site::current()) {
    return wait_with(lock, sync::deadline_at(t), at);
  }
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& d,
                          sync::site at = sync::site::current()) {
    return wait_with(lock, sync::deadline_after(d), at);
  }
  template <class Lock, class Clock, class Duration, class Pred>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& t, Pred pred,
                  sync::site at = sync::site::current()) {
    return wait_with(lock, sync::deadline_at(t), pred, at);
  }
  template <class Lock, class Rep, class Period, class Pred>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& d, Pred pred,
                sync::site at = sync::site::current()) {
    return wait_with(lock, sync::deadline_after(d), pred, at);
  }
};

}  // namespace pawl::check
