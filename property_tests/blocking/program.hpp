#pragma once
// Random programs of the blocking locks: each thread uses a mutex and a shared_mutex in turn, in
// whatever way it likes.

#include <rapidcheck.h>

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace blocking_programs {

enum class operation {
  lock,
  try_lock,
  lock_briefly,  // with a deadline
  unlock_fairly,
  wait_briefly,  // for a notification, with a deadline
  notify,
  read,
  read_briefly,
  write,
  write_briefly,
  upgrade,
  downgrade,
};

using thread_program = std::vector<operation>;

struct program {
  std::vector<thread_program> threads;
};

void showValue(operation op, std::ostream& out);
void showValue(const program& p, std::ostream& out);

rc::Gen<program> any_program(std::size_t threads, int length);

// Effects: runs each thread's program on a thread of its own, of the backend that the executable is
//   linked to.
// Returns: what is wrong, if anything: who had a lock was not alone, a reader saw half of what was
//   written, or a lock is not free in the end.
std::optional<std::string> run(const program& p);

}  // namespace blocking_programs
