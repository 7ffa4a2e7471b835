// NOTIFY-FIFO: notify_one is for the wait that came first, notify_last for the one that came last.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("notify.fifo.first", "notify_one ends the wait that came first",
           bounds{.threads = 7, .note = "2 calls; notify_one; meanwhile 1 more call"}) {
  notify n;
  pawl::stop_source stop;
  const call a = wait(n);
  const call b = wait(n, stop.get_token());
  std::optional<call> c;
  together([&] { n.notify_one(); }, [&] { c = wait(n, stop.get_token()); });
  require(a.granted() && n.has_waiters());
  stop.request_stop();
  require(all_failed_with(errc::cancelled, b, *c));
  require_idle(n, 0);
}

PAWL_MODEL("notify.fifo.last", "notify_last ends the wait that came last",
           bounds{.threads = 6, .note = "3 calls, the second is cancelled; notify_last"}) {
  notify n;
  pawl::stop_source stop, rest;
  const call a = wait(n, rest.get_token());
  const call b = wait(n, stop.get_token());
  const call c = wait(n);
  together([&] { n.notify_last(); }, [&] { stop.request_stop(); });
  require(c.granted() && b.failed_with(errc::cancelled) && n.has_waiters());
  rest.request_stop();
  require(a.failed_with(errc::cancelled));
  require_idle(n, 0);
}

PAWL_MODEL("notify.fifo.both_ends", "from both ends at once, the middle is left alone",
           bounds{.threads = 7, .note = "3 calls; notify_one, notify_last"}) {
  notify n;
  pawl::stop_source rest;
  const call a = wait(n);
  const call b = wait(n, rest.get_token());
  const call c = wait(n);
  together([&] { n.notify_one(); }, [&] { n.notify_last(); });
  require(a.granted() && c.granted() && n.has_waiters());
  rest.request_stop();
  require(b.failed_with(errc::cancelled));
  require_idle(n, 0);
}

PAWL_MODEL("notify.fifo.try", "a try takes what is stored, never what is meant for who waits",
           bounds{.threads = 5, .note = "a call; notify_one; a try"}) {
  notify n;
  const call a = wait(n);
  together([&] { n.notify_one(); }, [&] { require(failed_with(n.try_wait(), errc::would_block)); });
  require(a.granted());
  require_idle(n, 0);
}
