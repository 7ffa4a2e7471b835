#pragma once
// Several threads and one shared mutex: which outcomes are allowed.

#include "../party.hpp"
#include "operation.hpp"

namespace shared_mutex_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then lets whoever has the lock go.
// Returns: what is wrong, if anything:
//   SHARED-EXCLUSION        a writer is not alone, or the value was not counted up once for each
//   SHARED-NO-LOST-WAKE-UP  somebody waits who could go
//   SHARED-FIFO             of a thread's calls, a later one wrote before an earlier one, if fair
//   SHARED-POISON           somebody waits although it is poisoned, or was refused for no reason
//   SHARED-CANCEL           a stopped call is neither granted nor cancelled
problem run_concurrently(const concurrent_program& program);

}  // namespace shared_mutex_programs
