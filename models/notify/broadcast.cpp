// NOTIFY-BROADCAST: notify_waiters ends all waits that were made before it, and no others, at one
// moment; who is told so takes no notification.

#include "calls.hpp"

using namespace models;

namespace {

// The deadline of a wait that is awaited for a look only, whether it is over.
constexpr auto at_once = pawl::steady_clock::time_point::min();

// Waits twice.
call wait_again(notify& n, pawl::stop_token token) {
  const auto first = co_await n.wait(token);
  require(first.has_value());
  const auto second = co_await n.wait(token);
  co_return ended(second);
}

// Somebody who was told makes a new wait, and notifies it.
void tell_new_wait(notify& n) {
  const call fresh = wait(n);
  n.notify_one();
  require(fresh.granted());
}

}  // namespace

PAWL_MODEL("notify.broadcast.made_before", "waits that were made before end, awaited or not",
           bounds{.threads = 5,
                  .note = "2 waits made, awaited meanwhile and after; notify_waiters"}) {
  notify n;
  made_wait first = n.wait();
  made_wait second = n.wait();
  std::optional<call> a;
  together([&] { a = await(first); }, [&] { n.notify_waiters(); });
  const call b = await(second);
  require(a->granted() && b.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.broadcast.made_before_2", "so do two that are awaited at once",
           bounds{.threads = 6,
                  .note = "2 waits made, awaited meanwhile; notify_waiters",
                  .full = true}) {
  notify n;
  made_wait first = n.wait();
  made_wait second = n.wait();
  std::optional<call> a, b;
  together([&] { a = await(first); }, [&] { b = await(second); }, [&] { n.notify_waiters(); });
  require(a->granted() && b->granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.broadcast.and_one", "beside a notification, who waits is told in any case",
           bounds{.threads = 5, .note = "a call; notify_waiters, notify_one"}) {
  notify n;
  together([&] { n.notify_waiters(); }, [&] { n.notify_one(); }, [&] { wait_blocking(n); });
  require(!n.has_waiters());
}

PAWL_MODEL("notify.broadcast.moment", "when one place is told, all are",
           bounds{.threads = 3, .note = "2 places; notify_waiters; 1 thread looks"}) {
  notify n;
  const enabled_wait first = n.enable();
  const enabled_wait second = n.enable();
  together([&] { n.notify_waiters(); },
           [&] { require(!first.is_notified() || second.is_notified()); });
  require(first.is_notified() && second.is_notified());
}

PAWL_MODEL("notify.broadcast.moment_of_many", "be they more than a turn can tell",
           bounds{.threads = 3, .note = "3 places; notify_waiters; 1 thread looks"}) {
  notify n;
  const enabled_wait first = n.enable(), second = n.enable(), third = n.enable();
  together([&] { n.notify_waiters(); },
           [&] {
             if (first.is_notified()) require(second.is_notified() && third.is_notified());
             if (third.is_notified()) require(first.is_notified() && second.is_notified());
           });
  require(first.is_notified() && second.is_notified() && third.is_notified());
}

PAWL_MODEL("notify.broadcast.moment_of_made", "so are waits that have no place yet",
           bounds{.threads = 4, .note = "a place, a wait made; notify_waiters; 1 thread looks"}) {
  notify n;
  const enabled_wait place = n.enable();
  made_wait made = n.wait_until(at_once);
  together([&] { n.notify_waiters(); },
           [&] {
             if (!place.is_notified()) return;
             const call a = await(made);
             require(a.granted());
           });
}

PAWL_MODEL("notify.broadcast.moment_of_second", "so is a place, when a wait that has none is",
           bounds{.threads = 4, .note = "a wait made, a place; notify_waiters; 1 thread looks"}) {
  notify n;
  made_wait made = n.wait_until(at_once);
  const enabled_wait place = n.enable();
  together([&] { n.notify_waiters(); },
           [&] {
             const call a = await(made);
             require(notified_or(a, errc::timed_out));
             require(!a.granted() || place.is_notified());
           });
  require(place.is_notified());
}

PAWL_MODEL("notify.broadcast.moment_of_two_made", "so are two that have no places",
           bounds{.threads = 5, .note = "2 waits made; notify_waiters; 1 thread looks"}) {
  notify n;
  made_wait first = n.wait_until(at_once);
  made_wait second = n.wait_until(at_once);
  together([&] { n.notify_waiters(); },
           [&] {
             const call a = await(first);
             const call b = await(second);
             require(notified_or(a, errc::timed_out) && notified_or(b, errc::timed_out));
             require(!a.granted() || b.granted());
           });
}

PAWL_MODEL("notify.broadcast.turns", "one moment it is for more than a turn can tell",
           bounds{.threads = 7, .note = "3 calls, the first or last tells a new one"}) {
  notify n;
  const bool is_first = pawl::check::choose(2) == 0;
  const call a = wait(n), b = wait(n), c = wait(n);
  together([&] { n.notify_waiters(); },
           [&] {
             require((is_first ? a : c).granted());
             tell_new_wait(n);
           });
  require(a.granted() && b.granted() && c.granted());
  require_idle(n, 0);
}

PAWL_MODEL("notify.broadcast.once", "one broadcast does not end two waits, one after the other",
           bounds{.threads = 7, .note = "2 calls, the second waits twice; notify_waiters"}) {
  notify n;
  pawl::stop_source stop;
  const call a = wait(n);
  const call b = wait_again(n, stop.get_token());
  const call c = wait(n);
  together([&] { n.notify_waiters(); });
  require(a.granted() && c.granted());
  stop.request_stop();
  require(b.failed_with(errc::cancelled));
  require_idle(n, 0);
}

PAWL_MODEL("notify.broadcast.stored", "who is told by it leaves what is stored alone",
           bounds{.threads = 4,
                  .note = "a wait made, awaited meanwhile; notify_waiters, notify_one"}) {
  notify n;
  made_wait made = n.wait();
  std::optional<call> a;
  together(
      [&] {
        n.notify_waiters();
        n.notify_one();
      },
      [&] { a = await(made); });
  require(a->granted());
  require_idle(n, 1);
}

PAWL_MODEL("notify.broadcast.late", "who comes late, but was meant, does not wait behind others",
           bounds{.threads = 5,
                  .note = "a wait made, awaited meanwhile; notify_waiters, and a new call after"}) {
  notify n;
  pawl::stop_source stop;
  made_wait made = n.wait();
  std::optional<call> a, b;
  together([&] { a = await(made); },
           [&] {
             n.notify_waiters();
             b = wait(n, stop.get_token());
           });
  require(a->granted());
  stop.request_stop();
  require(b->failed_with(errc::cancelled));
  require_idle(n, 0);
}
