// Destroying the mutex as soon as nobody needs it: whoever locks last may. What is touched
// afterwards is a use after free. And owners: the call in progress and the guard keep it alive.

#include <memory>
#include <stdexcept>

#include <pawl/sync/lock_owned.hpp>

#include "calls.hpp"

using namespace models;

namespace {

using boxed = std::unique_ptr<counter>;

call enter_and_destroy(boxed& m) {
  auto locked = co_await m->lock();
  auto place = count_up(locked);
  if (locked) locked->unlock();
  m.reset();
  co_return place;
}
call enter_and_destroy(in_waker, boxed& m) {
  auto locked = co_await m->lock();
  auto place = count_up(locked);
  if (locked) locked->unlock();
  m.reset();
  co_return place;
}

call enter_owned(std::shared_ptr<counter> of) {
  const auto locked = co_await pawl::lock_owned(std::move(of));
  co_return locked.map([](const pawl::owned_mutex_guard<count_t>& g) { return (*g)++; });
}
call enter_owned(std::shared_ptr<counter> of, pawl::stop_token token) {
  const auto locked = co_await pawl::lock_owned(std::move(of), token);
  co_return locked.map([](const pawl::owned_mutex_guard<count_t>& g) { return (*g)++; });
}

}  // namespace

PAWL_MODEL("mutex.destroy.call", "who is handed the lock may destroy the mutex",
           bounds{.threads = 3, .note = "a call that destroys; an unlock"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  const call a = enter_and_destroy(m);
  together([&] { held->unlock(); });
  require(a.granted());
}

PAWL_MODEL("mutex.destroy.thread", "so may a thread that waited",
           bounds{.threads = 3, .note = "1 thread locks and destroys; an unlock"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  together(
      [&] {
        enter_blocking(*m);
        m.reset();
      },
      [&] { held->unlock(); });
}

PAWL_MODEL("mutex.destroy.try", "so may one whose try succeeded",
           bounds{.threads = 3, .note = "a try that destroys; an unlock"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  together([&] { held->unlock(); },
           [&] {
             if (count_up(m->try_lock())) m.reset();
           });
}

PAWL_MODEL("mutex.destroy.last", "so may the last of those who waited",
           bounds{.threads = 3, .note = "2 calls, the second destroys; an unlock"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  const call a = enter(in_waker(), *m);
  const call b = enter_and_destroy(in_waker(), m);
  together([&] { held->unlock(); });
  require(a.count() == 0 && b.count() == 1);
}

PAWL_MODEL("mutex.destroy.refused", "who is refused because a guard died may, too",
           bounds{.threads = 3, .note = "a call that destroys; a guard dies"}) {
  auto m = std::make_unique<counter>();
  auto held = m->try_lock();
  const call a = enter_and_destroy(m);
  together([&] {
    try {
      const auto dying = std::move(held);
      throw std::runtime_error("thrown while the lock is held");
    } catch (const std::runtime_error&) {}
  });
  require(a.failed_with(errc::poisoned));
}

PAWL_MODEL("mutex.destroy.owned_call", "a pending call may be the last owner",
           bounds{.threads = 3, .note = "a call; an unlock by who owns nothing"}) {
  auto m = std::make_shared<counter>();
  auto held = m->try_lock();
  const call a = enter_owned(std::move(m));
  together([&] { held->unlock(); });
  require(a.granted());
}

PAWL_MODEL("mutex.destroy.owned_call_cancelled", "so may one that is cancelled",
           bounds{.threads = 3, .note = "a call that is cancelled"}) {
  auto m = std::make_shared<counter>();
  pawl::stop_source stop;
  std::move(*m->try_lock()).forget();
  const call a = enter_owned(std::move(m), stop.get_token());
  together([&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled));
}

PAWL_MODEL("mutex.destroy.owned_thread", "so may a thread that waits",
           bounds{.threads = 3, .note = "1 thread locks; an unlock by who owns nothing"}) {
  auto m = std::make_shared<counter>();
  auto held = m->try_lock();
  together([m = std::move(
                m)]() mutable { require(pawl::lock_owned_blocking(std::move(m)).has_value()); },
           [&] { held->unlock(); });
}
