#pragma once
// What every way to acquire begins and ends with.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace detail {

// Effects: takes n permits (up_to: at least one, at most n) if they are free and nobody waits. n
//   becomes what was taken, or can be waited for.
// Returns: granted; pending if the call has to wait; else why it can't.
template <class Store>
verdict take(synchronizer<Store>& core, count_t& n, bool up_to) noexcept;

// Effects: as take, but blocks the calling thread until there is a verdict. A stop that was
//   requested before comes before the permits, a deadline that has passed after them.
// Returns: granted, n being what was given, or why not.
template <class Store>
verdict take_blocking(synchronizer<Store>& core, count_t& n, bool up_to) noexcept;
template <class Store>
verdict take_blocking(synchronizer<Store>& core, count_t& n, bool up_to, stop_token token) noexcept;
template <class Store>
verdict take_blocking_until(synchronizer<Store>& core, count_t& n, bool up_to,
                            steady_clock::time_point deadline) noexcept;

// Returns: the verdict on a call for n permits as an error. Precondition: neither granted nor
//   pending.
inline error refusal(verdict v, count_t n) noexcept {
  const auto code = static_cast<errc>(v);
  if (code != errc::exceeds_limit) return {code};
  return {code, n, counting_word::max_permits};
}

}  // namespace detail

PAWL_END
