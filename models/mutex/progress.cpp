// Progress: unlocking, trying and poisoning return within a bounded number of own steps, whatever
// the others do: with `--stall`, even if any one of them is stopped for ever at any of its events.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 60;  // of one operation, with what it wakes

call fast(in_waker, counter& m) {
  const must_return locking("an uncontended co_await lock()", 2);
  auto locked = co_await m.lock();
  const must_return unlocking("lock() and unlock()", 4);
  locked->unlock();
  co_return count_t{0};
}

}  // namespace

PAWL_MODEL("mutex.progress.uncontended", "one look and one exchange each way, nothing else",
           bounds{.threads = 1, .note = "nobody waits"}) {
  counter m;
  const call a = fast(in_waker(), m);
  require(a.granted());
  const must_return both("try_lock() and unlock()", 4);
  (void)m.try_lock();
}

PAWL_MODEL("mutex.progress.unlock", "unlock returns though a call is stuck half-way",
           bounds{.threads = 4, .note = "a call; 1 thread locks; an unlock"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_stay(m);
  together([&] { (void)count_up(m.try_lock()); },
           [&] {
             const must_return section("unlock()", steps);
             held->unlock();
           });
  require(a.granted());
}

PAWL_MODEL("mutex.progress.try_lock", "try_lock returns though an unlock is stuck half-way",
           bounds{.threads = 5, .note = "a call; an unlock; a try; poison"}) {
  counter m;
  auto held = m.try_lock();
  const call a = enter_and_stay(m);
  together([&] { held->unlock(); },
           [&] {
             const must_return section("try_lock()", steps);
             require(!m.try_lock().has_value());
           },
           [&] {
             const must_return section("poison()", steps);
             m.poison();
           });
  require(entered_or(a, errc::poisoned));
}
