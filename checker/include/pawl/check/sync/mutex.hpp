// Mutexes with the interfaces of std, for programs that run under the checker: std::lock_guard,
// std::unique_lock, std::scoped_lock and std::lock take them. A thread waits in one event; that it
// waits for ever is a deadlock, and what the standard leaves undefined is convicted as misuse, but
// for tries to lock what one holds, which fail.
//
// Calls report the place where they stand in the program, those of std::lock_guard and the like
// their place in the standard library. std::lock and scoped_lock of several mutexes try again and
// again: where others take the same ones in another order, they can do so for ever, and the search
// ends at its bound of events.
#pragma once

#include <pawl/check/sync/deadline.hpp>
#include <pawl/check/sync/words.hpp>

#include <type_traits>

namespace pawl::check {

namespace sync {

// A mutex is one word that only its holder changes while it is held, t = thread + 1:
//
//   word         state                         changed by
//   0            free                          anyone who locks it, to t
//   t            held by t                     t: unlock, to 0; lock, if recursive, to t + 2^32
//   t + n·2^32   locked n more times by t      t: unlock, to t + (n-1)·2^32; lock
//
// lock and try_lock acquire, unlock releases: all that was done before an unlock happens before
// what is done after the next lock. A try_lock that fails is relaxed, and may have seen a former
// holder that no longer holds it; on one that is free for all to see, it does not fail.

/// Effects: locks the mutex for the calling thread; waits until it is free. If the caller holds it,
/// a recursive mutex is locked once more, any other is waited for for ever.
void lock(rt::atomic_object&, bool recursive, site);
/// The same without waiting. Returns: whether it was locked.
[[nodiscard]] bool try_lock(rt::atomic_object&, bool recursive, site);
/// The same; when the deadline passes is a choice of the exploration, even if the mutex is free.
[[nodiscard]] bool lock_until(rt::atomic_object&, bool recursive, nanoseconds deadline, site);
/// Effects: undoes one lock. Misuse, in which the caller `does` something to it: not to hold it.
void unlock(rt::atomic_object&, bool recursive, site, const char* does = "unlocks");
/// Effects: ends its lifetime. Misuse: somebody holds it.
void end_mutex(rt::atomic_object&, site) noexcept;

/// What all mutexes share. Static ones may be constant-initialised; locked outside of an execution,
/// where there is one thread, they act natively.
template <bool Recursive>
class exclusive {
 public:
  constexpr explicit exclusive(site at) noexcept : object_{.show = rt::show_as::mutex} {
    if (!std::is_constant_evaluated()) rt::atomic_begin(object_, at);
  }
  exclusive(const exclusive&) = delete;
  exclusive& operator=(const exclusive&) = delete;
  /// Misuse: somebody holds it.
  ~exclusive() { end_mutex(object_, site::current()); }

  /// Effects: locks it, waiting until that is possible. Synchronises with earlier unlocks. A
  ///   thread that holds one which is not recursive waits for ever: a deadlock.
  void lock(site at = site::current()) { sync::lock(object_, Recursive, at); }
  /// Effects: locks it if it is free, or recursive and held by the caller; else it only reads,
  ///   relaxed. Returns: whether it locked.
  [[nodiscard]] bool try_lock(site at = site::current()) {
    return sync::try_lock(object_, Recursive, at);
  }
  /// Effects: undoes one lock of the caller. Synchronises with later locks.
  /// Misuse: the caller does not hold it.
  void unlock(site at = site::current()) { sync::unlock(object_, Recursive, at); }

 protected:
  rt::atomic_object object_;  // The first member, so that name() of the mutex names it.
};

template <bool Recursive>
class exclusive_timed : public exclusive<Recursive> {
 public:
  using exclusive<Recursive>::exclusive;

  /// Effects: as lock(), but the exploration may also let the time pass, be the mutex free or not;
  ///   virtual time is then that of the deadline.
  /// Returns: whether it was locked.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& d,
                                  site at = site::current()) {
    return lock_until(this->object_, Recursive, deadline_after(d), at);
  }
  /// The same; the clock is taken for the checker's.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& t,
                                    site at = site::current()) {
    return lock_until(this->object_, Recursive, deadline_at(t), at);
  }
};

}  // namespace sync

/// As std::mutex.
class mutex : public sync::exclusive<false> {
 public:
  constexpr mutex(sync::site at = sync::site::current()) noexcept : exclusive(at) {}
};

/// As std::timed_mutex.
class timed_mutex : public sync::exclusive_timed<false> {
 public:
  constexpr timed_mutex(sync::site at = sync::site::current()) noexcept : exclusive_timed(at) {}
};

/// As std::recursive_mutex.
class recursive_mutex : public sync::exclusive<true> {
 public:
  constexpr recursive_mutex(sync::site at = sync::site::current()) noexcept : exclusive(at) {}
};

/// As std::recursive_timed_mutex.
class recursive_timed_mutex : public sync::exclusive_timed<true> {
 public:
  constexpr recursive_timed_mutex(sync::site at = sync::site::current()) noexcept
      : exclusive_timed(at) {}
};

}  // namespace pawl::check
