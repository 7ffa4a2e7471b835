// Progress: unlocking, trying, downgrading and poisoning return within a bounded number of own
// steps, whatever the others do: with `--stall`, even if any one of them is stopped for ever at any
// of its events. And wake-ups that use it again: they run outside of every turn.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 60;  // of one operation, with what it wakes

call fast(in_waker, shared_counter& m) {
  const must_return locking("an uncontended co_await lock_shared()", 2);
  auto locked = co_await m.lock_shared();
  const must_return unlocking("lock_shared() and unlock()", 4);
  locked->unlock();
  co_return count_t{0};
}

call read_and_call(shared_counter& m, std::optional<call>& another) {
  const auto locked = co_await m.lock_shared();
  another = write(m);
  co_return look(locked);
}

}  // namespace

PAWL_MODEL("shared_mutex.progress.uncontended", "one look and one exchange each way, nothing else",
           bounds{.threads = 1, .note = "nobody waits"}) {
  shared_counter m;
  const call a = fast(in_waker(), m);
  require(a.granted());
  const must_return all("two ways to lock, two changes, and unlock()", 12);
  {
    auto held = m.try_lock_upgrade();
    auto changed = std::move(*held).downgrade();
  }
  auto held = m.try_lock();
  auto changed = std::move(*held).downgrade();
}

PAWL_MODEL("shared_mutex.progress.unlock", "unlock returns though a call is stuck half-way",
           bounds{.threads = 4, .note = "a call writes; 1 thread tries to read; a reader leaves"}) {
  shared_counter m;
  auto held = m.try_lock_shared();
  const call a = write_and_stay(m);
  together([&] { (void)m.try_lock_shared(); },
           [&] {
             const must_return section("unlock()", steps);
             held->unlock();
           });
  require(a.granted());
}

PAWL_MODEL("shared_mutex.progress.try_lock", "tries return though an unlock is stuck half-way",
           bounds{.threads = 5, .note = "a call writes; a reader leaves; a try to read; poison"}) {
  shared_counter m;
  auto held = m.try_lock_shared();
  const call a = write_and_stay(m);
  together([&] { held->unlock(); },
           [&] {
             const must_return section("try_lock_shared()", steps);
             require(!m.try_lock_shared().has_value());
           },
           [&] {
             const must_return section("poison()", steps);
             m.poison();
           });
  require(done_or(a, errc::poisoned));
}

PAWL_MODEL("shared_mutex.reentry.call", "a wake-up that makes another call",
           bounds{.threads = 6, .note = "a call reads, and calls; 1 reads; an unlock"}) {
  shared_counter m;
  auto held = m.try_lock();
  std::optional<call> another;
  const call a = read_and_call(m, another);
  const call b = read(m);
  together([&] { held->unlock(); });
  require(a.count() == 0 && b.count() == 0 && another->count() == 0);
  require_idle(m, 1);
}
