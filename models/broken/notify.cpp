// What notifications add to the synchronizer: generations, one that is stored, and places that are
// taken and not awaited.
#include "../notify/calls.hpp"

using namespace models;

namespace {

call read_after(in_waker, notify& n, const pawl::cell<int>& x) {
  const auto notified = co_await n.wait();
  require(x.read() == 1);
  co_return ended(notified);
}

void notify_from_two_threads(notify& n) {
  together([&] { n.notify_one(); },
           [&] {
             n.notify_one();
             n.notify_one();
           });
}

}  // namespace

PAWL_MODEL("notify.stored", "who is told with all leaves what is stored alone",
           bounds{.threads = 2, .note = "a wait made; notify_waiters, notify_one"}) {
  notify n;
  made_wait made = n.wait();
  n.notify_waiters();
  n.notify_one();
  { const call a = await(made); }
  require(n.try_wait().has_value(), "NOTIFY-BROADCAST: the notification is gone");
}

PAWL_MODEL("notify.late", "who was meant does not wait behind others",
           bounds{.threads = 4, .note = "a wait made, awaited meanwhile; a new one after all"}) {
  notify n;
  pawl::stop_source stop;
  made_wait made = n.wait();
  std::optional<call> a, b;
  together([&] { a = await(made); },
           [&] {
             n.notify_waiters();
             b = wait(in_waker(), n, stop.get_token());
           });
  require(a->granted());
  stop.request_stop();
}

PAWL_MODEL("notify.left_over", "what finds nobody who waits is stored",
           bounds{.threads = 4, .note = "a call; notify_one, 3 times"}) {
  notify n;
  const call a = wait(in_waker(), n);
  notify_from_two_threads(n);
  require(n.try_wait().has_value(), "NOTIFY-NO-LOST: nothing is stored");
}

PAWL_MODEL("notify.merged", "of what finds nobody who waits one is stored",
           bounds{.threads = 4, .note = "a call; notify_one, 3 times"}) {
  notify n;
  const call a = wait(in_waker(), n);
  notify_from_two_threads(n);
  require(n.try_wait().has_value());
  require(failed_with(n.try_wait(), errc::would_block), "two are stored");
}

PAWL_MODEL("notify.given_up", "what comes to a place that is given up goes to the next",
           bounds{.threads = 3, .note = "a place, given up; a call behind it; notify_one"}) {
  notify n;
  auto place = enabled(n);
  const call b = wait(in_waker(), n);
  together([&] { n.notify_one(); }, [&] { place.reset(); });
  require(b.granted());
}

PAWL_MODEL("notify.idle_place", "nobody waits for a place that is told and not awaited",
           bounds{.threads = 2, .note = "a call, a place, 2 calls; notify_waiters"}) {
  notify n;
  const call a = wait(in_waker(), n);
  const enabled_wait place = n.enable();
  const call b = wait(in_waker(), n), c = wait(in_waker(), n);
  together([&] { n.notify_waiters(); });
  require(a.granted() && b.granted() && c.granted());
}

PAWL_MODEL("notify.seen", "who is notified sees what was done before",
           bounds{.threads = 3, .note = "a call; notify_one"}) {
  notify n;
  pawl::cell<int> x{0};
  std::optional<call> a;
  together([&] { a = read_after(in_waker(), n, x); },
           [&] {
             x.write(1);
             n.notify_one();
           });
  require(a->granted());
}
