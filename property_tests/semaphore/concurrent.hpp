#pragma once
// Several threads and one semaphore: which outcomes are allowed.

#include "../party.hpp"
#include "operation.hpp"

namespace semaphore_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then settles the accounts.
// Returns: what is wrong, if anything:
//   SEM-NO-LOST-PERMIT   somebody waits who could go, or does not go when there is enough for all
//   SEM-CONSERVE         permits have vanished or appeared
//   SEM-FIFO             a later call of a thread was granted, an earlier one of the same thread
//                        not
//   SEM-POISON           somebody waits, or was granted something afterwards, where all must fail
//   SEM-CANCEL           a stopped call is neither granted nor cancelled
problem run_concurrently(const concurrent_program& program);

}  // namespace semaphore_programs
