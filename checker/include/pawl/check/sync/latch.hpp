// std::latch, as the checker models it.
#pragma once

#include <cstddef>
#include <limits>

#include <pawl/check/runtime.hpp>

namespace pawl::check {

/// A counter that threads count down, and others wait for.
///
/// Count-downs are not ordered among themselves: n threads that count down once, and wait, have one
/// execution. Misuse, which is reported: counting down by more than what is left, or by less than
/// 0; destroying it while a call may still be in progress.
class latch {
 public:
  using where = std::source_location;

  static constexpr std::ptrdiff_t max() noexcept { return std::numeric_limits<int>::max(); }

  explicit latch(std::ptrdiff_t expected, where at = where::current())
      : state_{.initial = static_cast<rt::word>(expected), .show = rt::show_as::latch} {
    if (expected < 0 || expected > max()) rt::misuse("a latch of less than 0 or above max()", at);
    rt::atomic_begin(state_, at);
  }
  latch(const latch&) = delete;
  latch& operator=(const latch&) = delete;
  ~latch() { rt::atomic_end(state_, where::current()); }

  /// Effects: counts down by n. Memory order: release.
  void count_down(std::ptrdiff_t n = 1, where at = where::current()) {
    if (n < 0) rt::misuse("a latch is counted down by less than 0", at);
    if (n > 0) rt::arrive(state_, static_cast<rt::word>(n), false, at);
  }
  /// Effects: blocks until the count is 0. Memory order: acquires all count-downs.
  void wait(where at = where::current()) const { rt::await_arrivals(state_, 0, at); }
  /// Returns: true only if the count is 0; like std::latch, it may return false then, too. Memory
  ///   order: if true, as wait().
  [[nodiscard]] bool try_wait(where at = where::current()) const {
    return rt::await_arrivals_until(state_, 0, at);
  }
  void arrive_and_wait(std::ptrdiff_t n = 1, where at = where::current()) {
    count_down(n, at);
    wait(at);
  }

 private:
  rt::atomic_object state_;
};

}  // namespace pawl::check
