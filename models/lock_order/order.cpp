// ORDER-CYCLE: of two threads that lock in opposite orders, one is convicted in every execution,
// and none deadlocks. ORDER-RECURSION: who holds a lock is refused, not left waiting for himself.
// ORDER-HELD: what is held is in the books from the grant to the release.

#include <pawl/sync/ordered_mutex.hpp>

#include <chrono>

#include "../support.hpp"

using namespace models;
using pawl::lock_holder;
using pawl::lock_kind;
using pawl::lock_order;
using pawl::lock_order_rule;

namespace {

using counter = pawl::ordered_mutex<count_t>;
constexpr auto release = pawl::on_unwind::release;

struct two_locks {
  lock_order order;
  lock_kind upper{order, "upper"}, lower{order, "lower"};
  counter a{upper, count_t{0}, release}, b{lower, count_t{0}, release};
};

// Returns: whether it was convicted.
bool nest(counter& first, counter& second) {
  try {
    const auto held = first.lock_blocking().value();
    ++*second.lock_blocking().value();
    return false;
  } catch (const pawl::lock_order_violation& e) {
    require(e.rule() == lock_order_rule::cycle);
    return true;
  }
}

pawl::result<count_t> count_up(const pawl::result<counter::guard>& locked) {
  return locked.map([](const counter::guard& g) { return (*g)++; });
}

call enter(counter& m, pawl::stop_token token = {}) {
  const auto locked = co_await m.lock(token);
  co_return count_up(locked);
}
call enter_in_time(counter& m) {
  const auto locked = co_await m.lock_for(std::chrono::seconds(1));
  co_return count_up(locked);
}

// Locked by a thread that leaves the guard behind.
counter::guard held_by_another(counter& m) {
  std::optional<counter::guard> held;
  pawl::thread([&] { held.emplace(m.lock_blocking().value()); }).join();
  return std::move(*held);
}

void require_idle(const two_locks& all) {
  require(!all.a.is_locked() && !all.b.is_locked());
  require(all.order.held_by(lock_holder::this_thread()).empty());
}

}  // namespace

PAWL_MODEL("lock_order.order.cycle", "of two opposite orders one is convicted, none deadlocks",
           bounds{.threads = 3, .note = "2 threads take 2 locks each, in opposite orders"}) {
  two_locks all;
  bool first = false, second = false;
  together([&] { first = nest(all.a, all.b); }, [&] { second = nest(all.b, all.a); });
  require(first != second, "ORDER-CYCLE");
  require(all.order.violations().size() == 1 && all.order.edges().size() == 1);
  require_idle(all);
}

PAWL_MODEL("lock_order.order.recursion", "who locks again is refused; who waits is served",
           bounds{.threads = 4, .note = "1 thread locks twice; a call"}) {
  two_locks all;
  std::optional<call> waiting;
  together(
      [&] {
        const auto held = all.a.lock_blocking().value();
        bool refused = false;
        try {
          (void)all.a.lock_blocking();
        } catch (const pawl::lock_order_violation& e) {
          refused = e.rule() == lock_order_rule::recursion;
        }
        require(refused && all.a.is_locked(), "ORDER-RECURSION");
      },
      [&] { waiting = enter(all.a); });
  require(waiting->granted());
  require_idle(all);
}

PAWL_MODEL("lock_order.order.held", "what is held is in the books",
           bounds{.threads = 3, .note = "2 threads lock and unlock"}) {
  two_locks all;
  const auto once = [&] {
    auto held = all.a.lock_blocking().value();
    require(all.order.held_by(lock_holder::this_thread()).size() == 1, "ORDER-HELD");
    held.unlock();
    require(all.order.held_by(lock_holder::this_thread()).empty(), "ORDER-HELD");
  };
  together(once, once);
  require_idle(all);
}

PAWL_MODEL("lock_order.cancel.stop", "a stop that meets the hand-over: the books are clean",
           bounds{.threads = 5, .note = "held; a call to be cancelled; an unlock"}) {
  two_locks all;
  auto held = held_by_another(all.a);
  pawl::stop_source stop;
  const call a = enter(all.a, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { held.unlock(); });
  require(a.granted() || a.failed_with(pawl::errc::cancelled));
  require_idle(all);
}

PAWL_MODEL("lock_order.cancel.deadline", "so it is for a deadline",
           bounds{.threads = 5, .note = "held; a call with a deadline; an unlock"}) {
  two_locks all;
  auto held = held_by_another(all.a);
  const call a = enter_in_time(all.a);
  together([&] { held.unlock(); });
  require(a.granted() || a.failed_with(pawl::errc::timed_out));
  require_idle(all);
}

PAWL_MODEL("lock_order.cancel.destroyed", "so it is for a call that is destroyed",
           bounds{.threads = 5, .note = "held; a call, destroyed; a try; then an unlock"}) {
  two_locks all;
  auto held = held_by_another(all.a);
  std::optional<call> a = enter(all.a);
  together([&] { a.reset(); }, [&] { require(!all.a.try_lock()); });
  held.unlock();
  require(all.a.try_lock().has_value(), "ORDER-HELD");
  require_idle(all);
}
