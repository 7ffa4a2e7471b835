// Of what several may have at a time, a shared_mutex and permits. ORDER-CYCLE: of two threads that
// take two of them in opposite orders, one is convicted in every execution, and none deadlocks; an
// upgrade is such a step, too. ORDER-HELD: each holder is in the books as long as he is one.

#include <pawl/sync/ordered_semaphore.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>

#include "../support.hpp"

using namespace models;
using pawl::lock_holder;
using pawl::lock_kind;
using pawl::lock_order;
using pawl::lock_order_rule;
using pawl::ordered_permit;

namespace {

using lock = pawl::ordered_shared_mutex<>;
using semaphore = pawl::ordered_semaphore<>;
constexpr pawl::shared_mutex_options lenient{.unwinding = pawl::on_unwind::release};
constexpr auto release = pawl::on_unwind::release;

struct two_kinds {
  lock_order order;
  lock_kind upper{order, "upper"}, lower{order, "lower"};
};

// Returns: whether it was convicted.
template <class Calls>
bool is_convicted(Calls calls) {
  try {
    calls();
    return false;
  } catch (const pawl::lock_order_violation& e) {
    require(e.rule() == lock_order_rule::cycle);
    return true;
  }
}

std::size_t held(const two_kinds& all) {
  return all.order.held_by(lock_holder::this_thread()).size();
}

call acquire(semaphore& s, pawl::stop_token token) {
  auto acquired = co_await s.acquire(1, token);
  co_return acquired.map([](const ordered_permit& p) { return p.count(); });
}

}  // namespace

PAWL_MODEL("lock_order.shared.cycle",
           "of a reader who writes and a writer who reads, one is convicted",
           bounds{.threads = 3, .note = "2 threads take 2 locks each, in opposite orders"}) {
  two_kinds all;
  lock a(all.upper, lenient), b(all.lower, lenient);
  bool first = false, second = false;
  together(
      [&] {
        first = is_convicted([&] {
          const auto reading = a.lock_shared_blocking().value();
          (void)b.lock_blocking();
        });
      },
      [&] {
        second = is_convicted([&] {
          const auto reading = b.lock_shared_blocking().value();
          (void)a.lock_blocking();
        });
      });
  require(first != second, "ORDER-CYCLE");
  require(!a.is_locked() && !b.is_locked() && held(all) == 0);
}

PAWL_MODEL("lock_order.shared.upgrade",
           "of an upgrade and its reader, who wait for each other, one is",
           bounds{.threads = 3,
                  .note = "a lock between a read and its upgrade; a read and a lock"}) {
  two_kinds all;
  lock a(all.upper, lenient);
  semaphore b(all.lower, 1, release);
  bool first = false, second = false;
  together(
      [&] {
        first = is_convicted([&] {
          auto upgradable = a.lock_upgrade_blocking().value();
          const auto permit = b.acquire_blocking().value();
          (void)upgradable.upgrade_blocking();
        });
      },
      [&] {
        second = is_convicted([&] {
          const auto permit = b.acquire_blocking().value();
          (void)a.lock_shared_blocking();
        });
      });
  require(first || second, "ORDER-CYCLE");
  require(!a.is_locked() && b.available_permits() == 1 && held(all) == 0);
}

PAWL_MODEL("lock_order.shared.readers", "each of two readers is in the books",
           bounds{.threads = 3, .note = "2 threads read"}) {
  two_kinds all;
  lock a(all.upper);
  const auto read = [&] {
    auto reading = a.lock_shared_blocking().value();
    require(held(all) == 1, "ORDER-HELD");
    reading.unlock();
    require(held(all) == 0, "ORDER-HELD");
  };
  together(read, read);
  require(!a.is_locked() && held(all) == 0);
}

PAWL_MODEL("lock_order.shared.permits", "of two threads with opposite permits one is convicted",
           bounds{.threads = 3, .note = "2 threads acquire of 2 semaphores, in opposite orders"}) {
  two_kinds all;
  semaphore a(all.upper, 1, release), b(all.lower, 1, release);
  bool first = false, second = false;
  const auto nest = [](semaphore& outer, semaphore& inner) {
    return is_convicted([&] {
      const auto permit = outer.acquire_blocking().value();
      (void)inner.acquire_blocking();
    });
  };
  together([&] { first = nest(a, b); }, [&] { second = nest(b, a); });
  require(first != second, "ORDER-CYCLE");
  require(a.available_permits() == 1 && b.available_permits() == 1 && held(all) == 0);
}

PAWL_MODEL("lock_order.shared.stop", "a stop that meets a release: the books are clean",
           bounds{.threads = 5, .note = "held; a call to be cancelled; a release"}) {
  two_kinds all;
  semaphore s(all.upper, 1, release);
  std::optional<ordered_permit> taken;
  pawl::thread([&] { taken = s.acquire_blocking().value(); }).join();
  pawl::stop_source stop;
  const call a = acquire(s, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { taken.reset(); });
  require(a.granted() || a.failed_with(pawl::errc::cancelled));
  require(s.available_permits() == 1 && held(all) == 0);
}
