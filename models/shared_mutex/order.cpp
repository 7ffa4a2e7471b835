// SHARED-FIFO: if the policy is fair, calls lock in the order in which they start, those who read
// one after the other together. SHARED-BYPASS: if writers are preferred, they come first, but for
// the reader who waits longest after every two of them (sixteen in a product). Either way nobody
// who comes overtakes who waits.

#include "calls.hpp"

using namespace models;

namespace {

constexpr pawl::shared_mutex_options writers_first{.policy = lock_policy::writer_preferring};

}  // namespace

PAWL_MODEL("shared_mutex.fifo.order", "calls lock in the order in which they start",
           bounds{.threads = 6,
                  .note = "calls: 1 reads, 1 writes, 1 reads; an unlock meets a try"}) {
  shared_counter m;
  auto held = m.try_lock();
  const call a = read(m);
  const call b = write(m);
  const call c = read(m);
  bool tried = false;
  together([&] { held->unlock(); }, [&] { tried = count_up(m.try_lock()).has_value(); });
  require(a.count() == 0 && b.count() == 0 && c.count() == 1);
  require_idle(m, tried ? 2 : 1);
}

PAWL_MODEL("shared_mutex.fifo.newcomer", "no newcomer joins the readers while a writer waits",
           bounds{.threads = 4,
                  .note = "a reader leaves; a call writes and stays; 2 tries to read"}) {
  shared_counter m;
  auto held = m.try_lock_shared();
  const call a = write_and_stay(m);
  together([&] { held->unlock(); },
           [&] {
             require(failed_with(m.try_lock_shared(), errc::would_block));
             require(failed_with(m.try_lock_upgrade(), errc::would_block));
           });
  require(a.count() == 0 && m.is_locked_exclusively() && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.fifo.arrivals", "so it is for two calls of one thread meanwhile",
           bounds{.threads = 5, .note = "a reader leaves; 1 thread calls: to write, to read"}) {
  shared_counter m;
  auto held = m.try_lock_shared();
  std::optional<call> w, r;
  together([&] { held->unlock(); },
           [&] {
             w = write(m);
             r = read(m);
           });
  require(w->count() == 0 && r->count() == 1);
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.fifo.together", "readers that follow one another get in together",
           bounds{.threads = 6, .note = "calls: 2 read and stay, 1 writes; an unlock"}) {
  shared_counter m;
  auto held = m.try_lock();
  const call a = read_and_stay(m);
  const call b = read_and_stay(m);
  const call c = write(m);
  together([&] { held->unlock(); });
  require(a.granted() && b.granted() && m.readers() == 2);
  m.force_unlock_shared();
  m.force_unlock_shared();
  require(c.count() == 0);
  require_idle(m, 1);
}

PAWL_MODEL("shared_mutex.bypass.order", "writers come first, until two were let in",
           bounds{.threads = 7, .note = "calls: 1 reads, 3 write, 1 reads; an unlock"}) {
  shared_counter m(writers_first);
  auto held = m.try_lock();
  const call a = read(m);
  const call w1 = write(m);
  const call w2 = write(m);
  const call w3 = write(m);
  const call b = read(m);
  together([&] { held->unlock(); });
  require(w1.count() == 0 && w2.count() == 1 && w3.count() == 2);
  require(a.count() == 2, "SHARED-BYPASS: the oldest reader waits for more, or fewer, than two");
  require(b.count() == 3, "SHARED-BYPASS: more than the oldest reader got in");
  require_idle(m, 3);
}

PAWL_MODEL("shared_mutex.bypass.arrivals", "so it is for a writer that comes meanwhile",
           bounds{.threads = 7, .note = "calls: 1 reads, 2 write; an unlock; a call writes"}) {
  shared_counter m(writers_first);
  auto held = m.try_lock();
  const call a = read(m);
  const call w1 = write(m);
  const call w2 = write(m);
  std::optional<call> w3;
  together([&] { held->unlock(); }, [&] { w3 = write(m); });
  require(w1.count() == 0 && w2.count() == 1 && w3->count() == 2);
  require(a.count() == 2, "SHARED-BYPASS: more than two overtook a reader");
  require_idle(m, 3);
}

PAWL_MODEL("shared_mutex.bypass.newcomer", "a writer that comes overtakes readers, not writers",
           bounds{.threads = 6, .note = "a call reads; an unlock; a call writes, and a try"}) {
  shared_counter m(writers_first);
  auto held = m.try_lock();
  const call a = read(m);
  std::optional<call> w;
  bool tried = false;
  together([&] { held->unlock(); },
           [&] {
             w = write(m);
             tried = count_up(m.try_lock()).has_value();
           });
  require(a.count() <= 1 && w->count() == 0);
  require_idle(m, tried ? 2 : 1);
}

PAWL_MODEL("shared_mutex.bypass.stranded", "readers are let in when no writer is left",
           bounds{.threads = 6, .note = "calls: 1 reads, 1 writes (to be cancelled); an unlock"}) {
  shared_counter m(writers_first);
  pawl::stop_source stop;
  auto held = m.try_lock_shared();
  const call w = write(m, stop.get_token());
  const call a = read(m);
  const call b = read(m);
  together([&] { stop.request_stop(); }, [&] { held->unlock(); });
  require(done_or(w, errc::cancelled) && a.granted() && b.granted());
  require_idle(m, w.granted() ? 1 : 0);
}
