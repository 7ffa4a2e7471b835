#pragma once
// Random programs of notify.

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace notify_programs {

// One call (operations.hpp).
struct operation {
  enum class kind {
    wait,            // by a coroutine
    wait_stoppable,  // the same, with a stop token
    wait_briefly,    // blocking, with a deadline
    try_wait,
    enable,   // takes a place, and gives up the one that there was
    give_up,  // that place
    notify_one,
    notify_last,
    notify_waiters,
    stop,     // the coroutine `which`
    destroy,  // the suspended coroutine `which`
  };

  kind what = kind::wait;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what == kind::wait || what == kind::wait_stoppable; }

  // Whether it notifies in another order than that of the waits.
  bool overtakes() const { return what == kind::notify_last; }

  bool notifies_all() const { return what == kind::notify_waiters; }
  bool notifies() const {
    return what == kind::notify_one || what == kind::notify_last || notifies_all();
  }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

using concurrent_program = concurrent_program_of<operation>;

rc::Gen<thread_program> any_program();

// Without what is not allowed at the same time as other calls (destroy); at most `threads` threads
// of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace notify_programs
