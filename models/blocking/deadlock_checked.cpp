// blocking::deadlock_checked. DEADLOCK-SEEN: of threads that would wait for each other for ever,
// one is told; else the model ends in a deadlock. DEADLOCK-ONLY: nobody is told without need.

#include <mutex>
#include <system_error>

#include <pawl/blocking/deadlock_checked.hpp>

#include "calls.hpp"

using namespace models;
using checked = pawl::blocking::deadlock_checked<>;

namespace {

// Locks both in this order. Returns: false if that would close a circle.
bool nest(checked& outer, checked& inner, entries& inside) {
  const std::lock_guard first(outer);
  try {
    const std::lock_guard second(inner);
    inside.count();
    return true;
  } catch (const std::system_error& refused) {
    require(refused.code() == std::errc::resource_deadlock_would_occur);
    return false;
  }
}

}  // namespace

PAWL_MODEL("blocking.deadlock_checked.opposite",
           "of two in opposite orders, at most one is refused",
           bounds{.threads = 3, .note = "2 threads, 2 locks"}) {
  checked a, b;
  entries inside;
  bool first = false, second = false;
  together([&] { first = nest(a, b, inside); }, [&] { second = nest(b, a, inside); });
  require(first || second, "DEADLOCK-ONLY: both are refused");
  require(inside.counted() == (first && second ? 2u : 1u));
  require(!a.is_locked() && !b.is_locked());
}

PAWL_MODEL("blocking.deadlock_checked.same_order", "of two in one order, none is refused",
           bounds{.threads = 3, .note = "2 threads, 2 locks"}) {
  checked a, b;
  entries inside;
  const auto both = [&] { require(nest(a, b, inside), "DEADLOCK-ONLY: refused for no reason"); };
  together(both, both);
  require(inside.counted() == 2);
}

PAWL_MODEL("blocking.deadlock_checked.circle", "of three in a circle, at most one is refused",
           bounds{.threads = 4, .note = "3 threads, 3 locks", .full = true}) {
  checked a, b, c;
  entries ab, bc, ca;
  bool first = false, second = false, third = false;
  together([&] { first = nest(a, b, ab); }, [&] { second = nest(b, c, bc); },
           [&] { third = nest(c, a, ca); });
  require(first + second + third >= 2, "DEADLOCK-ONLY: more than one is refused");
}

PAWL_MODEL("blocking.deadlock_checked.itself", "who has it is refused",
           bounds{.threads = 1, .note = "1 thread locks twice"}) {
  checked m;
  entries inside;
  require(!nest(m, m, inside));
  require(!m.is_locked());
}
