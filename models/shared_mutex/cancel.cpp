// SHARED-CANCEL: a wait that ends without the lock has left no trace; a lock that is granted
// meanwhile is delivered, or handed on. Whom only the one who leaves held back is let in at once.
// And who may destroy the object as soon as nobody needs it.

#include <memory>

#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

using boxed = std::unique_ptr<shared_counter>;

call write_and_destroy(boxed& m) {
  auto locked = co_await m->lock();
  auto place = count_up(locked);
  if (locked) locked->unlock();
  m.reset();
  co_return place;
}

call read_owned(std::shared_ptr<shared_counter> of) {
  const auto locked = co_await pawl::lock_shared_owned(std::move(of));
  co_return locked.map([](const pawl::owned_read_guard<count_t>& g) { return *g; });
}

call write_in_time(shared_counter& m) {
  const auto locked = co_await m.lock_for(1s);
  co_return count_up(locked);
}

}  // namespace

PAWL_MODEL("shared_mutex.cancel.writer", "a stop that meets the hand-over: one of them, never both",
           bounds{.threads = 5, .note = "a call to write, to be cancelled; 2 readers leave"}) {
  shared_counter m;
  pawl::stop_source stop;
  auto first = m.try_lock_shared();
  auto second = m.try_lock_shared();
  const call a = write(m, stop.get_token());
  first->unlock();
  together([&] { second->unlock(); }, [&] { stop.request_stop(); });
  require(done_or(a, errc::cancelled));
  require_idle(m, a.granted() ? 1 : 0);
}

PAWL_MODEL("shared_mutex.cancel.reader", "so it is for a reader, and who came with it",
           bounds{.threads = 6, .note = "2 calls to read, 1 to be cancelled; an unlock"}) {
  shared_counter m;
  pawl::stop_source stop;
  auto held = m.try_lock();
  const call a = read(m, stop.get_token());
  const call b = read(m);
  together([&] { held->unlock(); }, [&] { stop.request_stop(); });
  require(done_or(a, errc::cancelled) && b.count() == 0);
  require_idle(m, 0);
}

PAWL_MODEL("shared_mutex.cancel.held_back", "readers behind a writer that leaves get in at once",
           bounds{.threads = 5,
                  .note = "a reader that stays; calls: 1 writes, cancelled, 1 reads"}) {
  shared_counter m;
  pawl::stop_source stop;
  const auto held = m.try_lock_shared();
  const call w = write(m, stop.get_token());
  const call r = read(m);
  together([&] { stop.request_stop(); });
  require(w.failed_with(errc::cancelled));
  require(r.count() == 0 && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.cancel.deadline", "so they do if its time is over",
           bounds{.threads = 6, .note = "a reader leaves; calls: 1 writes in time, 1 reads"}) {
  shared_counter m;
  auto held = m.try_lock_shared();
  const call w = write_in_time(m);
  const call r = read(m);
  together([&] { held->unlock(); });
  require(done_or(w, errc::timed_out) && r.granted());
  require_idle(m, w.granted() ? 1 : 0);
}

PAWL_MODEL("shared_mutex.cancel.destroyed", "so they do if its coroutine is destroyed",
           bounds{.threads = 4,
                  .note = "2 readers, 1 leaves; calls: 1 writes, destroyed, 1 reads"}) {
  shared_counter m;
  auto stays = m.try_lock_shared();
  auto leaves = m.try_lock_shared();
  std::optional<call> w = write(m);
  const call r = read(m);
  pawl::thread other([&] { leaves->unlock(); });
  w.reset();
  other.join();
  require(r.count() == 0 && m.readers() == 1 && !m.has_waiters());
}

PAWL_MODEL("shared_mutex.cancel.free_try", "a try of what nobody has succeeds",
           bounds{.threads = 4,
                  .note = "a cancelled call to write; a reader leaves; a try after"}) {
  shared_counter m;
  pawl::stop_source stop;
  auto held = m.try_lock_shared();
  const call a = write(m, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { held->unlock(); });
  require(done_or(a, errc::cancelled));
  require(m.try_lock().has_value());
}

PAWL_MODEL("shared_mutex.destroy.call", "a writer that waited may destroy it",
           bounds{.threads = 4, .note = "a call that destroys; 2 readers leave"}) {
  auto m = std::make_unique<shared_counter>();
  auto first = m->try_lock_shared();
  auto second = m->try_lock_shared();
  const call a = write_and_destroy(m);
  together([&] { first->unlock(); }, [&] { second->unlock(); });
  require(a.granted());
}

PAWL_MODEL("shared_mutex.destroy.upgrade", "so may one that has upgraded",
           bounds{.threads = 3, .note = "1 thread upgrades and destroys; a reader leaves"}) {
  auto m = std::make_unique<shared_counter>();
  auto held = m->try_lock_upgrade();
  auto other = m->try_lock_shared();
  together(
      [&] {
        held->upgrade_blocking()->unlock();
        m.reset();
      },
      [&] { other->unlock(); });
}

PAWL_MODEL("shared_mutex.destroy.owned", "a pending call may be the last owner",
           bounds{.threads = 3, .note = "a call to read; an unlock by who owns nothing"}) {
  auto m = std::make_shared<shared_counter>();
  auto held = m->try_lock();
  const call a = read_owned(std::move(m));
  together([&] { held->unlock(); });
  require(a.granted());
}
