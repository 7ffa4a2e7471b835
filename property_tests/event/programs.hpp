#pragma once
// Random programs of the four that wait for an event: what they have in common.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/latch.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/wait_group.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <stdexcept>
#include <vector>

#include "../operations.hpp"

namespace event_programs {

// One call (operations.hpp). What a primitive has no word for does nothing.
struct operation {
  enum class kind {
    wait,            // by a coroutine
    wait_stoppable,  // the same, with a stop token
    wait_briefly,    // blocking, with a deadline
    try_wait,
    happen,     // set, count_down, done
    take_back,  // reset, add
    stop,       // the coroutine `which`
    destroy,    // the suspended coroutine `which`
  };

  kind what = kind::wait;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what == kind::wait || what == kind::wait_stoppable; }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

using concurrent_program = concurrent_program_of<operation>;

rc::Gen<thread_program> any_program();

// Without what is not allowed at the same time as other calls (destroy); at most `threads` threads
// of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

// The primitives by one name each for what happens to them. A count that is zero stays so.
inline void happen(pawl::manual_reset_event& e) { e.set(); }
inline void happen(pawl::auto_reset_event& e) { e.set(); }
inline void happen(pawl::latch& l) {
  try {
    l.count_down();
  } catch (const std::logic_error&) {}
}
inline void happen(pawl::wait_group& g) {
  try {
    g.done();
  } catch (const std::logic_error&) {}
}
inline void take_back(pawl::manual_reset_event& e) { e.reset(); }
inline void take_back(pawl::auto_reset_event& e) { e.reset(); }
inline void take_back(pawl::latch&) {}
inline void take_back(pawl::wait_group& g) { g.add(); }

}  // namespace event_programs
