// Deadlines in the checker's virtual time, which stands still until a wait reaches one.
#pragma once

#include <pawl/check/runtime.hpp>

#include <chrono>
#include <optional>

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

/// When the exploration may let a deadline pass.
enum class passing : bool {
  any_time,       ///< Also if there is nothing to wait for, as std allows.
  while_waiting,  ///< Only while it has to wait, as POSIX demands.
};

/// Effects: as rt::await_update(); or the deadline passes, which is a choice of the exploration, and
///   virtual time is then at least that. p may use its first captured word only.
/// Returns: the value before, nothing if the deadline has passed.
[[nodiscard]] std::optional<rt::word> update_until(rt::atomic_object&, rt::predicate p,
                                                   rt::update u, std::memory_order,
                                                   nanoseconds deadline, passing, rt::site);

}  // namespace pawl::check::sync
