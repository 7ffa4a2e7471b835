#pragma once
// Random programs of the semaphore.

#include <pawl/sync/semaphore.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace semaphore_programs {

// One call (operations.hpp), with an operand more.
struct operation {
  enum class kind {
    acquire,            // n, by a coroutine that goes on holding them
    acquire_stoppable,  // the same, with a stop token
    acquire_up_to,      // the same, at most n
    acquire_briefly,    // n, blocking, with a deadline
    try_acquire,        // n
    acquire_all,
    give_back,    // the permit `which`
    split,        // n off the permit `which`
    merge,        // the permit n into the permit `which`
    forget,       // the permit `which`
    release,      // n, out of nowhere
    try_release,  // n, out of nowhere
    forget_free,  // n
    shrink,       // n
    stop,         // the coroutine `which`
    destroy,      // the suspended coroutine `which`
    poison,
    close,
  };

  kind what = kind::acquire;
  pawl::count_t n = 0;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const {
    return what == kind::acquire || what == kind::acquire_stoppable || what == kind::acquire_up_to;
  }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

// What several threads do with one semaphore.
struct concurrent_program {
  pawl::count_t permits = 0;
  std::vector<thread_program> threads;
};

void showValue(const concurrent_program& program, std::ostream& out);

// Anything at all, numbers near the limits included.
rc::Gen<thread_program> any_program();
rc::Gen<pawl::count_t> any_number();

// Without what is not allowed at the same time as other calls (destroy), and with small numbers; at
// most `threads` threads of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace semaphore_programs
