// Deadlines in the checker's virtual time, which stands still until a wait reaches one.
#pragma once

#include <pawl/check/runtime.hpp>

#include <chrono>

namespace pawl::check::sync {

using std::chrono::nanoseconds;

/// `d` in nanoseconds; the longest time there is if it has more of them.
template <class Rep, class Period>
[[nodiscard]] constexpr nanoseconds saturated(std::chrono::duration<Rep, Period> d) {
  using seconds = std::chrono::duration<double>;
  if (seconds(d) >= seconds(nanoseconds::max())) return nanoseconds::max();
  if (seconds(d) <= seconds(nanoseconds::min())) return nanoseconds::min();
  return std::chrono::duration_cast<nanoseconds>(d);
}

/// When `d` from now on is over.
template <class Rep, class Period>
[[nodiscard]] nanoseconds deadline_after(const std::chrono::duration<Rep, Period>& d) {
  const nanoseconds now = rt::now(), length = saturated(d);
  return length > nanoseconds::max() - now ? nanoseconds::max() : now + length;
}

/// When it is `t`: all clocks are taken for the checker's, by the time since their epoch.
template <class Clock, class Duration>
[[nodiscard]] nanoseconds deadline_at(const std::chrono::time_point<Clock, Duration>& t) {
  return saturated(t.time_since_epoch());
}

}  // namespace pawl::check::sync
