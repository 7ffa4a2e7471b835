// Progress: notifying, trying and giving a place up return within a bounded number of own steps,
// whatever the others do: with `--stall`, even if any one of them is stopped for ever.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 60;  // of one operation, with what it wakes

}  // namespace

PAWL_MODEL("notify.progress.uncontended", "one look and one exchange to store, one more to take",
           bounds{.threads = 2, .note = "nobody waits"}) {
  notify n;
  {
    const must_return storing("notify_one()", 2);
    n.notify_one();
  }
  const must_return taking("try_wait()", 3);
  require(n.try_wait().has_value());
}

PAWL_MODEL("notify.progress.notify", "a notification returns though another is stuck half-way",
           bounds{.threads = 4, .note = "a call; notify_one; notify_waiters"}) {
  notify n;
  const call a = wait(n);
  together(
      [&] {
        const must_return section("notify_one()", steps);
        n.notify_one();
      },
      [&] {
        const must_return section("notify_waiters()", steps);
        n.notify_waiters();
      });
  require(a.granted());
}
