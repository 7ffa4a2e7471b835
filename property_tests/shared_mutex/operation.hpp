#pragma once
// Random programs of the shared mutex.

#include <pawl/sync/shared_mutex.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace shared_mutex_programs {

// One call (operations.hpp).
struct operation {
  enum class kind {
    read,            // by a coroutine, which leaves the guard to its client; so the next four
    read_stoppable,  // with a stop token
    read_upgradably,
    write,
    write_stoppable,
    write_briefly,  // blocking, with a deadline
    try_read,
    try_read_upgradably,
    try_write,
    clear_poison,
    try_upgrade,      // the guard `which`; so the next six
    upgrade_briefly,  // blocking, with a deadline
    downgrade,        // to read
    downgrade_to_upgradable,
    unlock,
    force_unlock,  // after forgetting the guard
    unwind,        // it dies of an exception
    stop,          // the coroutine `which`
    destroy,       // the suspended coroutine `which`
    poison,
  };

  kind what = kind::read;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what <= kind::write_stoppable; }
  bool is_stoppable() const {
    return what == kind::read_stoppable || what == kind::write_stoppable;
  }

  // Whether it may poison.
  bool poisons() const { return what == kind::unwind || what == kind::poison; }
};

void showValue(const operation& op, std::ostream& out);

using thread_program = std::vector<operation>;

// What several threads do with one shared mutex.
struct concurrent_program {
  pawl::shared_mutex_options options;
  std::vector<thread_program> threads;
};

void showValue(const concurrent_program& program, std::ostream& out);

rc::Gen<pawl::shared_mutex_options> any_options();
rc::Gen<thread_program> any_program();

// Without what is not allowed at the same time as other calls (destroy); at most `threads` threads
// of at most `length` operations each.
rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace shared_mutex_programs
