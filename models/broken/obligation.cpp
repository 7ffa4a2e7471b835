// Obligations: resolved once, by what holds them, and by no region that has closed.
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/tracked.hpp>

#include "../support.hpp"

using namespace models;
using pawl::obligation_ledger;
using kind = pawl::obligation_kind;

PAWL_MODEL("obligation.once", "of two who resolve it one succeeds",
           bounds{.threads = 3, .note = "1 thread commits, 1 aborts"}) {
  obligation_ledger ledger;
  const pawl::obligation_id id = ledger.reserve(kind::lease).detach();
  bool committed = false, aborted = false;
  together([&] { committed = ledger.try_commit(id); }, [&] { aborted = ledger.try_abort(id); });
  require(committed != aborted, "OBLIGATION-ONCE: it was committed and aborted");
}

PAWL_MODEL("obligation.region", "a region that has closed has nothing pending",
           bounds{.threads = 3, .note = "1 thread reserves and commits; 1 closes"}) {
  obligation_ledger ledger;
  pawl::obligation_region region(ledger, "region");
  together(
      [&] {
        if (auto entry = region.try_reserve(kind::lease)) entry->commit();
      },
      [&] {
        if (region.close()) require(region.is_clean(), "OBLIGATION-REGION: it was not clean");
      });
}

PAWL_MODEL("obligation.held", "what is held is in the books once",
           bounds{.threads = 3, .note = "2 threads take a permit"}) {
  obligation_ledger ledger;
  pawl::semaphore s(1);
  const auto once = [&] {
    const auto held = track(ledger, *s.acquire_blocking());
    require(ledger.count_pending() == 1, "OBLIGATION-HELD: what was given back is in the books");
  };
  together(once, once);
}

PAWL_MODEL("obligation.settled", "what is given back is no leak",
           bounds{.threads = 1, .note = "a permit is taken and given back"}) {
  obligation_ledger ledger;
  pawl::semaphore s(1);
  track(ledger, *s.try_acquire()).give_back();
}
