#pragma once
// Several threads and one mutex: which outcomes are allowed.

#include "../party.hpp"
#include "operation.hpp"

namespace mutex_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then lets whoever has the lock go.
// Returns: what is wrong, if anything:
//   MUTEX-EXCLUSION        the value was not counted up once for each who had the lock
//   MUTEX-NO-LOST-WAKE-UP  somebody waits who could go
//   MUTEX-FIFO             of a thread's calls, a later one had the lock before an earlier one
//   MUTEX-POISON           somebody waits although it is poisoned, or was refused for no reason
//   MUTEX-CANCEL           a stopped call is neither granted nor cancelled
problem run_concurrently(const concurrent_program& program);

}  // namespace mutex_programs
