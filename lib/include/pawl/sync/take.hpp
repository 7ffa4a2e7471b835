#pragma once
// What every way to acquire begins and ends with.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/waiter.hpp>

PAWL_BEGIN

namespace detail {

// Effects: takes n permits (up_to: at least one, at most n) if they are free and nobody waits. n
//   becomes what was taken, or can be waited for.
// Returns: granted; pending if the call has to wait; else why it can't.
verdict take(synchronizer<counting_permits>& core, count_t& n, bool up_to) noexcept;

// Returns: the verdict on a call for n permits as an error. Precondition: neither granted nor
//   pending.
error refusal(verdict v, count_t n) noexcept;

// Returns: now + timeout, as far as there is time.
steady_clock::time_point deadline_after(steady_clock::duration timeout) noexcept;

}  // namespace detail

PAWL_END
