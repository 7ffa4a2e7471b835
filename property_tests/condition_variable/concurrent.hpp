#pragma once
// Several threads and one condition variable: which outcomes are allowed.

#include "../party.hpp"
#include "operation.hpp"

namespace condition_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then notifies whoever waits.
// Returns: what is wrong, if anything:
//   CV-FIFO       of a thread's calls, a later one was notified before an earlier one
//   CV-COUNT      as many waits were notified as notifications returned
//   CV-CANCEL     a stopped call waits, or one was cancelled for no reason
//   CV-LOCKED     two had the lock at a time
problem run_concurrently(const concurrent_program& program);

}  // namespace condition_programs
