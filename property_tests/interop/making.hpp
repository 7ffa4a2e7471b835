#pragma once
// What the calls of semaphore programs become that are no coroutines.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/stop_token.hpp>

#include "../semaphore/client.hpp"

namespace interop_programs {

using semaphore_programs::call;
using semaphore_programs::operation;

// Returns: what makes the operation that the call asks for, of a stop token if it is one that can
//   be stopped.
inline auto making_of(pawl::semaphore& s, const call& c) {
  return [&s, asked = c.asked](const pawl::stop_token& token) noexcept {
    using kind = operation::kind;
    return asked.what == kind::acquire             ? s.acquire(asked.n)
           : asked.what == kind::acquire_stoppable ? s.acquire(asked.n, token)
                                                   : s.acquire_up_to(asked.n);
  };
}

}  // namespace interop_programs
