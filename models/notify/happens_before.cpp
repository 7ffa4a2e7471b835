// NOTIFY-HB: what happens before a notification happens before the return of the wait that it ends.

#include <chrono>

#include "calls.hpp"

using namespace models;

namespace {

call read_after(notify& n, const pawl::cell<int>& x) {
  const auto notified = co_await n.wait();
  require(x.read() == 1);
  co_return ended(notified);
}
call read_after(made_wait& made, const pawl::cell<int>& x) {
  const auto notified = co_await std::move(made);
  require(x.read() == 1);
  co_return ended(notified);
}

}  // namespace

PAWL_MODEL("notify.hb.call", "of a call that waits",
           bounds{.threads = 4, .note = "a call; notify_one"}) {
  notify n;
  pawl::cell<int> x{0};
  const call a = read_after(n, x);
  together([&] {
    x.write(1);
    n.notify_one();
  });
  require(a.granted());
}

PAWL_MODEL("notify.hb.thread", "of a thread that waits, or takes what is stored",
           bounds{.threads = 4, .note = "notify_last; 1 thread waits in time, 1 tries"}) {
  notify n;
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        n.notify_last();
      },
      [&] {
        if (n.wait_blocking_for(std::chrono::seconds(1))) require(x.read() == 1);
      },
      [&] {
        if (n.try_wait()) require(x.read() == 1);
      });
}

PAWL_MODEL("notify.hb.broadcast", "of calls that were made before a broadcast",
           bounds{.threads = 5, .note = "a call, and a wait made, awaited meanwhile"}) {
  notify n;
  pawl::cell<int> x{0};
  made_wait made = n.wait();
  const call a = read_after(n, x);
  together(
      [&] {
        x.write(1);
        n.notify_waiters();
      },
      [&] {
        const call b = read_after(made, x);
        require(b.granted());
      });
  require(a.granted());
}

PAWL_MODEL("notify.hb.looked_at", "who sees a place told has seen what led to it",
           bounds{.threads = 3, .note = "a place; notify_one, or notify_waiters"}) {
  notify n;
  pawl::cell<int> x{0};
  const enabled_wait place = n.enable();
  together(
      [&, all = pawl::check::choose(2) == 0] {
        x.write(1);
        all ? n.notify_waiters() : n.notify_one();
      },
      [&] {
        if (place.is_notified()) require(x.read() == 1);
      });
}

PAWL_MODEL("notify.hb.merged", "who takes what is stored has it from all that were merged into it",
           bounds{.threads = 4, .note = "notify_one, twice, one after the other; a wait after"}) {
  notify n;
  pawl::cell<int> x{0}, y{0};
  pawl::atomic<int> sent{0};  // says when, but makes nothing happen before
  const auto after = [&](int number) {
    pawl::spin_until(sent, [number](int s) { return s == number; }, pawl::memory_order_relaxed);
  };
  together(
      [&] {
        x.write(1);
        n.notify_one();
        sent.store(1, pawl::memory_order_relaxed);
      },
      [&] {
        after(1);
        y.write(1);
        n.notify_one();
        sent.store(2, pawl::memory_order_relaxed);
      },
      [&] {
        after(2);
        require(n.wait_blocking().has_value());
        require(x.read() == 1 && y.read() == 1);
      });
}
