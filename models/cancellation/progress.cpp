// Progress: cancelling, making and destroying return within a bounded number of own steps, beside
// the callbacks and what other calls have still to mark. Each holds the root's lock for a fixed
// number of steps, so that a thread that is stopped while it has the lock stops them, too: what is
// not shown here is shown by the bound on the steps alone.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

PAWL_MODEL("cancellation.progress.look", "to look needs nobody",
           bounds{.threads = 3, .note = "2 generations; a cancel; looks"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  together([&] { root.request_stop(); },
           [&] {
             const must_return section("stop_requested()", 2);
             const bool now = child.stop_requested();
             require(!now || child.reason() == stop_reason{});
           });
}
