#pragma once
// Random programs of the condition variable.

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace condition_programs {

// One call (operations.hpp).
struct operation {
  enum class kind {
    wait,            // by a coroutine, which locks before and unlocks after
    wait_stoppable,  // the same, with a stop token
    wait_twice,      // for a second notification: a predicate is true when looked at again
    wait_briefly,    // blocking, with a deadline
    notify_one,
    notify_all,
    stop,     // the coroutine `which`
    destroy,  // the suspended coroutine `which`
  };

  kind what = kind::wait;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const {
    return what == kind::wait || what == kind::wait_stoppable || what == kind::wait_twice;
  }

  // Whether it may need more notifications than one.
  bool repeats() const { return what == kind::wait_twice; }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

using concurrent_program = concurrent_program_of<operation>;

rc::Gen<thread_program> any_program();

// Without what is not allowed at the same time as other calls (destroy); at most `threads` threads
// of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace condition_programs
