// MUTEX-FIFO: calls lock in the order in which they start, and nobody gets in between.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("mutex.fifo.order", "calls lock in the order in which they start",
           bounds{.threads = 6, .note = "3 calls; an unlock meets a try"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter(m);
  const call b = enter(m);
  const call c = enter(m);
  bool tried = false;
  together([&] { held->unlock(); }, [&] { tried = count_up(m.try_lock()).has_value(); });
  require(a.count() == 0 && b.count() == 1 && c.count() == 2);
  require_idle(m, tried ? 4 : 3);
}

PAWL_MODEL("mutex.fifo.order_seen",
           "a call that starts when another is seen waiting comes after it",
           bounds{.threads = 6, .note = "2 calls from two threads; an unlock", .full = true}) {
  counter m;
  auto held = m.try_lock();
  std::optional<call> a, b;
  bool behind = false;
  together([&] { a = enter(m); },
           [&] {
             behind = m.has_waiters();
             b = enter(m);
           },
           [&] { held->unlock(); });
  require(a->granted() && b->granted());
  require(!behind || a->count() < b->count(), "a newcomer overtook the call that it had seen");
  require_idle(m, 2);
}

PAWL_MODEL("mutex.fifo.arrivals", "so do two calls of one thread while it is handed over",
           bounds{.threads = 5, .note = "2 calls of one thread; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  std::optional<call> a, b;
  together([&] { held->unlock(); },
           [&] {
             a = enter(m);
             b = enter(m);
           });
  require(a->count() == 0 && b->count() == 1);
  require_idle(m, 2);
}

PAWL_MODEL("mutex.fifo.arrivals_in_turn", "so they do while another is served",
           bounds{.threads = 6, .note = "a call, and 2 of one thread; an unlock", .full = true}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter(m);
  std::optional<call> b, c;
  together([&] { held->unlock(); },
           [&] {
             b = enter(m);
             c = enter(m);
           });
  require(a.count() == 0 && b->count() == 1 && c->count() == 2);
  require_idle(m, 3);
}

PAWL_MODEL("mutex.fifo.newcomer", "no newcomer gets a lock that is handed over",
           bounds{.threads = 4,
                  .note = "a call that stays; an unlock; a try, a try to clear poison"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_stay(m);
  together([&] { held->unlock(); },
           [&] {
             require(failed_with(m.try_lock(), errc::would_block));
             require(failed_with(m.clear_poison(), errc::would_block));
           });
  require(a.granted() && m.is_locked() && !m.has_waiters());
}

PAWL_MODEL("mutex.fifo.in_wake_up", "who locks again comes behind those who waited before",
           bounds{.threads = 5, .note = "a call that locks twice, and one; an unlock"}) {
  struct twice {
    static call enter(counter& m) {
      {
        const auto once = co_await m.lock();
        require(count_up(once).value() == 0);
      }
      const auto again = co_await m.lock();
      co_return count_up(again);
    }
  };
  counter m;
  auto held = m.try_lock();
  const call a = twice::enter(m);
  const call b = enter(m);
  together([&] { held->unlock(); });
  require(a.count() == 2 && b.count() == 1);
  require_idle(m, 3);
}

PAWL_MODEL("mutex.fifo.cancelled_middle", "who leaves the middle of the queue changes no order",
           bounds{.threads = 6, .note = "3 calls, the second to be cancelled; an unlock"}) {
  counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = enter(m);
  const call b = enter(m, stop.get_token());
  const call c = enter(m);
  together([&] { held->unlock(); }, [&] { stop.request_stop(); });
  require(a.count() == 0 && entered_or(b, errc::cancelled));
  require(c.count() == (b.granted() ? 2 : 1));
  require_idle(m, b.granted() ? 3 : 2);
}
