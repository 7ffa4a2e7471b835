#pragma once
// A mutex of one byte that blocks threads, first come, first served.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/blocking/byte_lock.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace blocking {

// As mutex, but every unlock hands over to whoever has waited longest: nobody overtakes who is
// queued. That costs a change of threads for each lock that is fought for.
class fair_mutex : public detail::byte_lock {
 public:
  static constexpr bool hands_over = true;

  constexpr fair_mutex() noexcept = default;

  // The members of mutex.
  ~fair_mutex() = default;
  void lock() noexcept(!detail::known_owner::is_known) { lock_anyway(); }
  [[nodiscard]] bool lock(stop_token token) noexcept {
    if (token.stop_requested() && !fault::stop_overlooked) return false;
    return lock_within({.token = token});
  }
  [[nodiscard]] bool try_lock() noexcept { return try_to_lock(); }
  [[nodiscard]] bool try_lock_until(steady_clock::time_point deadline) noexcept {
    if (fault::deadline_ignored) return lock_within({});
    return lock_within({.deadline = deadline});
  }
  [[nodiscard]] bool try_lock_for(steady_clock::duration timeout) noexcept {
    return try_lock_until(detail::deadline_after(timeout));
  }
  void unlock() { unlock_and(hands_over && !fault::unlocked_unfairly); }
};

}  // namespace blocking

PAWL_END
