// SHARED-EXCLUSION for threads that are declared identical: executions that differ only in which of
// them does what are explored once.

#include <pawl/check/symmetric.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>

#include "calls.hpp"

using namespace models;

PAWL_MODEL("shared_mutex.exclusion.four_threads", "a reader sees what whole writers left",
           bounds{.threads = 5,
                  .note = "2 identical threads write and 2 read, as owners",
                  .full = true}) {
  const auto m = std::make_shared<shared_counter>();
  auto writers = pawl::check::spawn_symmetric(2, [&] { ++**pawl::lock_owned_blocking(m); });
  auto readers =
      pawl::check::spawn_symmetric(2, [&] { require(**pawl::lock_shared_owned_blocking(m) <= 2); });
  writers.join();
  readers.join();
  require_idle(*m, 2);
}
