// Semaphores with the interfaces of std, for programs that run under the checker.
#pragma once

#include <pawl/check/sync/deadline.hpp>
#include <pawl/check/sync/words.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>

namespace pawl::check {

namespace sync {

// A semaphore is one word:
//
//   word    state                 changed by
//   0       nothing is left       release(m), to m
//   n > 0   n may be acquired     acquire, to n - 1; release(m), to n + m, at most the maximum
//
// acquire acquires and release releases, and each continues the release sequence of the other: who
// acquires knows what every earlier release came after.

/// Effects: takes one; waits until there is one.
void acquire(rt::atomic_object&, site);
/// Effects: takes one if there is one, else a relaxed read. Returns: whether it did.
[[nodiscard]] bool try_acquire(rt::atomic_object&, site);
/// The same with waiting; when the deadline passes is a choice of the exploration.
[[nodiscard]] bool acquire_until(rt::atomic_object&, nanoseconds deadline, site);
/// Effects: adds n. Misuse: n is negative, or there are more than `most` then.
void release(rt::atomic_object&, std::ptrdiff_t n, std::ptrdiff_t most, site);

}  // namespace sync

/// As std::counting_semaphore; its maximum is exactly `Most`.
template <std::ptrdiff_t Most = std::numeric_limits<std::ptrdiff_t>::max()>
class counting_semaphore {
  static_assert(Most >= 0, "a semaphore holds at least nothing");

 public:
  /// Misuse: n is negative or more than max().
  constexpr explicit counting_semaphore(std::ptrdiff_t n,
                                        sync::site at = sync::site::current()) noexcept
      : object_{.initial = static_cast<sync::word>(n), .show = rt::show_as::semaphore} {
    if (n < 0 || n > Most) rt::misuse("a semaphore begins beyond its bounds", at);
    if (!std::is_constant_evaluated()) rt::atomic_begin(object_, at);
  }
  counting_semaphore(const counting_semaphore&) = delete;
  counting_semaphore& operator=(const counting_semaphore&) = delete;
  ~counting_semaphore() { rt::atomic_end(object_, sync::site::current()); }

  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return Most; }

  /// Effects: adds n. Synchronises with later acquires. Misuse: n is negative, or it is too much.
  void release(std::ptrdiff_t n = 1, sync::site at = sync::site::current()) {
    sync::release(object_, n, Most, at);
  }
  /// Effects: takes one, waiting until there is one. Synchronises with the releases before.
  void acquire(sync::site at = sync::site::current()) { sync::acquire(object_, at); }
  /// Effects: the same if there is one; else only reads, relaxed. Returns: whether there was.
  [[nodiscard]] bool try_acquire(sync::site at = sync::site::current()) {
    return sync::try_acquire(object_, at);
  }
  /// Effects: as acquire(), but the exploration may also let the time pass; virtual time is then
  ///   that of the deadline. Returns: whether it took one.
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(const std::chrono::duration<Rep, Period>& d,
                                     sync::site at = sync::site::current()) {
    return sync::acquire_until(object_, sync::deadline_after(d), at);
  }
  /// The same; the clock is taken for the checker's.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& t,
                                       sync::site at = sync::site::current()) {
    return sync::acquire_until(object_, sync::deadline_at(t), at);
  }

 private:
  rt::atomic_object object_;  // The first member, so that name() of the semaphore names it.
};

/// As std::binary_semaphore.
using binary_semaphore = counting_semaphore<1>;

}  // namespace pawl::check
