// The order of locks: contradictions, recursion, and who holds what.
#include <chrono>

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_semaphore.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>

#include "../support.hpp"

using namespace models;
using pawl::lock_holder;

namespace {

struct two_locks {
  pawl::lock_order order;
  pawl::lock_kind upper{order, "upper"}, lower{order, "lower"};
  pawl::ordered_mutex<> a{upper, pawl::on_unwind::release}, b{lower, pawl::on_unwind::release};
};

bool nest(pawl::ordered_mutex<>& first, pawl::ordered_mutex<>& second) {
  try {
    const auto held = first.lock_blocking().value();
    return second.lock_blocking().has_value();
  } catch (const pawl::lock_order_violation&) {
    return false;
  }
}

}  // namespace

PAWL_MODEL("lock_order.cycle", "opposite orders do not deadlock",
           bounds{.threads = 3, .note = "2 threads take 2 locks each, in opposite orders"}) {
  two_locks all;
  together([&] { nest(all.a, all.b); }, [&] { nest(all.b, all.a); });
}

PAWL_MODEL("lock_order.recursion", "who locks again does not wait for himself",
           bounds{.threads = 2, .note = "1 thread locks twice"}) {
  two_locks all;
  together([&] { require(!nest(all.a, all.a)); });
}

PAWL_MODEL("lock_order.held", "what is held is in the books",
           bounds{.threads = 1, .note = "a lock, an unlock and a look"}) {
  two_locks all;
  auto held = all.a.lock_blocking().value();
  held.unlock();
  require(all.order.held_by(lock_holder::this_thread()).empty(),
          "ORDER-HELD: a lock that was let go is in the books");
}

PAWL_MODEL("lock_order.moved", "a guard that is moved is in the books",
           bounds{.threads = 1, .note = "a lock, a move and a look"}) {
  two_locks all;
  auto held = all.a.lock_blocking().value();
  const auto moved = std::move(held);
  require(all.order.held_by(lock_holder::this_thread()).size() == 1,
          "ORDER-HELD: a lock that is held is not in the books");
}

PAWL_MODEL("lock_order.split", "both parts of a permit are in the books",
           bounds{.threads = 1, .note = "a split, a release and a look"}) {
  two_locks all;
  pawl::ordered_semaphore<> s(all.upper, 2);
  auto one = s.acquire_blocking(2).value();
  const auto other = one.split(1).value();
  one.release();
  require(all.order.held_by(lock_holder::this_thread()).size() == 1,
          "ORDER-HELD: a permit that is held is not in the books");
}

PAWL_MODEL("lock_order.upgrade", "an upgrade is a step in the order",
           bounds{.threads = 1, .note = "a lock between a read and its upgrade"}) {
  two_locks all;
  pawl::ordered_shared_mutex<> s(all.lower,
                                 pawl::shared_mutex_options{.unwinding = pawl::on_unwind::release});
  auto upgradable = s.lock_upgrade_blocking().value();
  const auto held = all.a.lock_blocking().value();
  bool refused = false;
  try {
    (void)upgradable.upgrade_blocking();
  } catch (const pawl::lock_order_violation&) {
    refused = true;
  }
  require(refused, "ORDER-CYCLE: an upgrade that may wait for ever is let through");
}

PAWL_MODEL("lock_order.relock", "a wait for a condition is a step in the order, too",
           bounds{.threads = 1, .note = "2 locks; a wait with the first"}) {
  using namespace std::chrono_literals;
  two_locks all;
  pawl::condition_variable changed;
  auto outer = all.a.lock_blocking().value();
  const auto inner = all.b.lock_blocking().value();
  bool refused = false;
  try {
    (void)changed.wait_blocking_for(outer, 1ms);
  } catch (const pawl::lock_order_violation&) {
    refused = true;
  }
  require(refused, "ORDER-CYCLE: a lock is let go of, and locked again after those that follow it");
}
