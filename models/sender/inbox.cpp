// What an executor's threads fetch: asio_scheduler is a drained_inbox and a way to order a drain.
//
// INBOX-ONE: at most one drain is ordered that has not begun, and each item is run once.

#include <memory>

#include "inbox.hpp"

using namespace models;

PAWL_MODEL("drained_inbox.once", "each item runs once",
           bounds{.threads = 3, .note = "2 threads put in 2 each, and drain when they are to"}) {
  drained place;
  counted a, b, c, d;
  together(
      [&] {
        place.schedule(a);
        place.schedule(b);
      },
      [&] {
        place.schedule(c);
        place.schedule(d);
      });
  require(a.ran() && b.ran() && c.ran() && d.ran());
}

PAWL_MODEL("drained_inbox.again", "an item may schedule another one, and destroy the place",
           bounds{.threads = 3,
                  .note = "2 threads put in 1 each; the one that runs last destroys"}) {
  struct last_one : pawl::work_item {
    last_one(std::unique_ptr<drained>& p, pawl::atomic<unsigned>& n)
        : work_item(&run_it), place(p), left(n) {}
    static void run_it(pawl::work_item& self) noexcept {
      auto& me = static_cast<last_one&>(self);
      if (me.left.fetch_sub(1, pawl::memory_order_acq_rel) == 1) me.place.reset();
    }
    std::unique_ptr<drained>& place;
    pawl::atomic<unsigned>& left;
  };
  auto place = std::make_unique<drained>();
  drained& shared = *place;
  pawl::atomic<unsigned> left{2};
  last_one a(place, left), b(place, left);
  together([&] { shared.schedule(a); }, [&] { shared.schedule(b); });
  require(place == nullptr);
}
