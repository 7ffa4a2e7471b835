// Progress: notifying returns within a bounded number of own steps, whatever the others do: with
// `--stall`, even if any one of them is stopped for ever.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 90;  // of one operation, with what it wakes, and moves to the mutex

}  // namespace

PAWL_MODEL("condition_variable.progress.nobody", "one look to notify nobody",
           bounds{.threads = 1, .note = "nobody waits"}) {
  condition_variable changed;
  const must_return both("notify_one() and notify_all()", 2);
  require(!changed.notify_one() && changed.notify_all() == 0);
}

PAWL_MODEL("condition_variable.progress.notify", "it returns though another is stuck half-way",
           bounds{.threads = 4, .note = "a call; notify_one; notify_all"}) {
  condition_variable changed;
  counter m(0);
  const call a = wait(changed, m);
  together(
      [&] {
        const must_return section("notify_one()", steps);
        changed.notify_one();
      },
      [&] {
        const must_return section("notify_all()", steps);
        changed.notify_all();
      });
  require(a.granted());
}
