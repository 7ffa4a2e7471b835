#pragma once
// Random programs of the mutex.

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace mutex_programs {

// One call (operations.hpp).
struct operation {
  enum class kind {
    lock,            // by a coroutine, which leaves the guard to its client
    lock_stoppable,  // the same, with a stop token
    lock_briefly,    // blocking, with a deadline
    try_lock,
    clear_poison,
    unlock,        // by the guard
    force_unlock,  // after forgetting the guard
    map,           // narrows the guard's access, then unlocks
    unwind,        // the guard dies of an exception
    stop,          // the coroutine `which`
    destroy,       // the suspended coroutine `which`
    poison,
  };

  kind what = kind::lock;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what == kind::lock || what == kind::lock_stoppable; }

  // Whether it may poison.
  bool poisons() const { return what == kind::unwind || what == kind::poison; }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

using concurrent_program = concurrent_program_of<operation>;

rc::Gen<thread_program> any_program();

// Without what is not allowed at the same time as other calls (destroy); at most `threads` threads
// of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace mutex_programs
