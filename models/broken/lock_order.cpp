// The order of locks: contradictions, recursion, and who holds what.
#include <pawl/sync/ordered_mutex.hpp>

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
  all.a.lock_blocking().value().unlock();
  require(all.order.held_by(lock_holder::this_thread()).empty(),
          "ORDER-HELD: a lock that was let go is in the books");
}
