// Shared mutexes with the interfaces of std, for programs that run under the checker:
// std::shared_lock and std::unique_lock take them.
#pragma once

#include <pawl/check/sync/deadline.hpp>
#include <pawl/check/sync/words.hpp>

#include <type_traits>

namespace pawl::check {

namespace sync {

// A shared mutex is one word, t = thread + 1, R = a set of threads other than the empty one:
//
//   word       state                changed by
//   0          free                 who locks it, to t; who reads, to {reader}·2^32
//   t          held by t            t: unlock, to 0
//   R·2^32     read by all of R     others who read: join R; readers who unlock: leave R
//
// Locks of both kinds acquire, unlocks of both kinds release, and an unlock adds to what earlier
// readers have released: a writer sees all that they did. That a reader also knows what others read
// before it is more than the standard promises; where two of them overlap, it does not.
// There is no queue: readers may keep a writer out as long as they overlap.

/// Effects: locks it for the calling thread alone; waits until it is free.
void lock_alone(rt::atomic_object&, site);
/// Effects: the same if it is free, without waiting; else a relaxed read. Returns: whether it was.
[[nodiscard]] bool try_lock_alone(rt::atomic_object&, site);
/// The same; when the deadline passes is a choice of the exploration.
[[nodiscard]] bool lock_alone_until(rt::atomic_object&, nanoseconds deadline, site);
/// Misuse: the caller does not hold it alone.
void unlock_alone(rt::atomic_object&, site);

/// Effects: makes the caller a reader; waits while somebody holds it alone. Misuse: it is one.
void lock_shared(rt::atomic_object&, site);
/// Effects: the same without waiting; else a relaxed read. Returns: whether it became a reader.
[[nodiscard]] bool try_lock_shared(rt::atomic_object&, site);
/// The same; when the deadline passes is a choice of the exploration.
[[nodiscard]] bool lock_shared_until(rt::atomic_object&, nanoseconds deadline, site);
/// Misuse: the caller is no reader.
void unlock_shared(rt::atomic_object&, site);
/// Effects: ends its lifetime. Misuse: somebody holds it.
void end_shared_mutex(rt::atomic_object&, site) noexcept;

}  // namespace sync

/// As std::shared_mutex.
class shared_mutex {
 public:
  constexpr shared_mutex(sync::site at = sync::site::current()) noexcept
      : object_{.show = rt::show_as::shared_mutex} {
    if (!std::is_constant_evaluated()) rt::atomic_begin(object_, at);
  }
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;
  /// Misuse: somebody holds it.
  ~shared_mutex() { sync::end_shared_mutex(object_, sync::site::current()); }

  /// Effects: locks it for the caller alone, waiting until it is free. Synchronises with earlier
  ///   unlocks of both kinds. A thread that holds it already waits for ever: a deadlock.
  void lock(sync::site at = sync::site::current()) { sync::lock_alone(object_, at); }
  /// Effects: the same if it is free; else only reads, relaxed. Returns: whether it was locked.
  [[nodiscard]] bool try_lock(sync::site at = sync::site::current()) {
    return sync::try_lock_alone(object_, at);
  }
  /// Effects: synchronises with later locks of both kinds. Misuse: it is not held by the caller.
  void unlock(sync::site at = sync::site::current()) { sync::unlock_alone(object_, at); }

  /// Effects: makes the caller one of its readers, waiting while it is held by a writer.
  ///   Synchronises with earlier unlocks. Misuse: the caller reads it already.
  void lock_shared(sync::site at = sync::site::current()) { sync::lock_shared(object_, at); }
  /// Effects: the same if no writer holds it; else only reads, relaxed. Returns: whether it did.
  [[nodiscard]] bool try_lock_shared(sync::site at = sync::site::current()) {
    return sync::try_lock_shared(object_, at);
  }
  /// Effects: synchronises with later locks. Misuse: the caller is not one of its readers.
  void unlock_shared(sync::site at = sync::site::current()) { sync::unlock_shared(object_, at); }

 protected:
  rt::atomic_object object_;  // The first member, so that name() of the mutex names it.
};

/// As std::shared_timed_mutex. Whether the time passes is a choice of the exploration, be the mutex
/// free or not; virtual time is then that of the deadline.
class shared_timed_mutex : public shared_mutex {
 public:
  constexpr shared_timed_mutex(sync::site at = sync::site::current()) noexcept : shared_mutex(at) {}

  /// Effects: as lock(), or else nothing when the time has passed. Returns: whether it was locked.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& d,
                                  sync::site at = sync::site::current()) {
    return sync::lock_alone_until(object_, sync::deadline_after(d), at);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& t,
                                    sync::site at = sync::site::current()) {
    return sync::lock_alone_until(object_, sync::deadline_at(t), at);
  }
  /// Effects: as lock_shared(), or else nothing when the time has passed. Returns: whether it did.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& d,
                                         sync::site at = sync::site::current()) {
    return sync::lock_shared_until(object_, sync::deadline_after(d), at);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& t,
                                           sync::site at = sync::site::current()) {
    return sync::lock_shared_until(object_, sync::deadline_at(t), at);
  }
};

}  // namespace pawl::check
