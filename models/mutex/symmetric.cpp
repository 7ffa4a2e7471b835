// MUTEX-EXCLUSION for threads that are declared identical: executions that differ only in which of
// them does what are explored once.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("mutex.exclusion.three_threads", "one of three threads at a time",
           bounds{.threads = 4, .note = "3 identical threads, once each", .full = true}) {
  counter m;
  pawl::check::spawn_symmetric(3, [&] { require(count_up(m.lock_blocking()).has_value()); }).join();
  require_idle(m, 3);
}
