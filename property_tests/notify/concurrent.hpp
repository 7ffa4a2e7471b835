#pragma once
// Several threads and one notify: which outcomes are allowed.

#include "../party.hpp"
#include "operation.hpp"

namespace notify_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then notifies whoever waits.
// Returns: what is wrong, if anything:
//   NOTIFY-FIFO       of a thread's calls, a later one was notified before an earlier one
//   NOTIFY-BROADCAST  somebody waits although he was told with all
//   NOTIFY-NO-LOST    more waits were notified than notifications sent
//   NOTIFY-CANCEL     a stopped call waits, or one was cancelled for no reason
problem run_concurrently(const concurrent_program& program);

}  // namespace notify_programs
