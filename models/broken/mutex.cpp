// What the mutex adds to the synchronizer: one permit that comes back although it is poisoned, the
// repair, and guards.
#include <memory>
#include <stdexcept>

#include "../mutex/calls.hpp"

using namespace models;

namespace {

void unwind(pawl::result<guard> locked) {
  try {
    const auto dying = std::move(locked);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

call enter_and_destroy(in_waker, std::unique_ptr<counter>& m) {
  auto locked = co_await m->lock();
  const auto place = count_up(locked);
  if (locked) locked->unlock();
  m.reset();
  co_return place;
}

}  // namespace

PAWL_MODEL("mutex.repair", "what was poisoned by a dying guard can be taken over",
           bounds{.threads = 2, .note = "a guard dies; clear_poison"}) {
  counter m;
  together([&] { unwind(m.try_lock()); });
  require(m.clear_poison().has_value(), "MUTEX-POISON: nobody has the lock, nobody can have it");
}

PAWL_MODEL("mutex.repair_alone", "who repairs is alone",
           bounds{.threads = 3, .note = "poisoned; 1 thread takes over, 1 tries"}) {
  counter m;
  m.poison();
  together([&] { (void)count_up(m.clear_poison()); }, [&] { (void)count_up(m.try_lock()); });
}

PAWL_MODEL("mutex.repair_in_turn", "who would repair does not overtake where there is no poison",
           bounds{.threads = 3, .note = "a call; an unlock; clear_poison"}) {
  counter m;
  auto held = m.try_lock();
  const call first = enter(in_waker(), m);
  bool overtook = false;
  together([&] { held->unlock(); },
           [&] {
             const auto taken = m.clear_poison();
             overtook = taken && **taken == 0;
           });
  require(first.granted() && !overtook, "MUTEX-FIFO: a newcomer gets what is being handed over");
}

PAWL_MODEL("mutex.refused", "who is refused because a guard died may destroy the mutex",
           bounds{.threads = 2, .note = "a call that destroys; a guard dies"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  const call first = enter_and_destroy(in_waker(), m);
  together([&] { unwind(std::move(held)); });
  require(first.failed_with(errc::poisoned));
}

PAWL_MODEL("mutex.mapped", "a guard that was mapped has no lock any more",
           bounds{.threads = 3, .note = "1 thread locks and maps; 1 tries"}) {
  counter m;
  const auto whole = [](count_t& n) -> count_t& { return n; };
  together(
      [&] {
        auto locked = m.lock_blocking().value();
        const auto part = std::move(locked).map(whole);
        locked = guard();
        ++*part;
      },
      [&] { (void)count_up(m.try_lock()); });
}

PAWL_MODEL("mutex.unlocked", "who locks sees what was done before the unlock",
           bounds{.threads = 3, .note = "2 threads try"}) {
  counter m;
  const auto once = [&] { (void)count_up(m.try_lock()); };
  together(once, once);
}
