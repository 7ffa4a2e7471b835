// blocking::condition_variable. CV-NO-LOST-WAKE-UP: who waits for something that has changed is
// woken: a model that loses a notification ends in a deadlock. CV-REQUEUE: whoever is notified gets
// the mutex in turn.

#include <chrono>
#include <memory>
#include <mutex>

#include <pawl/blocking/condition_variable.hpp>

#include "calls.hpp"

using namespace models;
using pawl::blocking::condition_variable;
using pawl::blocking::mutex;
using namespace std::chrono_literals;

namespace {

// A number that threads wait for, and a mutex and a condition variable that share a bucket or not.
struct board {
  // The union of both, since their buckets have to be chosen.
  struct place {
    mutex m;
    condition_variable changed;
  };

  explicit board(bool sharing) {
    for (place& each : places) {
      if (pawl::detail::share_bucket(&each.m, &places[0].changed) == sharing) m = &each.m;
    }
    require(m != nullptr, "no mutex has the bucket that is needed");
  }

  place places[8];
  mutex* m = nullptr;
  condition_variable& changed = places[0].changed;
  pawl::cell<unsigned> value{0};

  void await(unsigned wanted) {
    std::unique_lock lock(*m);
    changed.wait(lock, [&] { return value.read() >= wanted; });
  }
  void set(unsigned to) {
    const std::lock_guard lock(*m);
    value.write(to);
  }
};

board any_board() { return board(pawl::check::choose(2) == 0); }

}  // namespace

PAWL_MODEL("blocking.condition_variable.notify_one", "a notification after the unlock arrives",
           bounds{.threads = 3, .note = "1 thread waits, 1 sets and notifies; 1 bucket or 2"}) {
  board b = any_board();
  together([&] { b.await(1); },
           [&] {
             b.set(1);
             b.changed.notify_one();
           });
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.under_lock", "so does one before it",
           bounds{.threads = 3, .note = "1 thread waits, 1 sets and notifies; 1 bucket or 2"}) {
  board b = any_board();
  together([&] { b.await(1); },
           [&] {
             const std::lock_guard lock(*b.m);
             b.value.write(1);
             b.changed.notify_one();
           });
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.notify_all", "all who wait are notified, and counted",
           bounds{.threads = 4, .note = "2 threads wait, 1 sets and notifies all"}) {
  board b(true);
  std::size_t notified = 0;
  together([&] { b.await(1); }, [&] { b.await(1); },
           [&] {
             b.set(1);
             notified = b.changed.notify_all();
           });
  require(notified <= 2);
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.all_under_lock", "those who are moved are all woken",
           bounds{.threads = 3, .note = "2 threads wait; all are notified with the mutex locked"}) {
  board b = any_board();
  pawl::thread first([&] { b.await(1); });
  pawl::thread second([&] { b.await(1); });
  {
    const std::lock_guard lock(*b.m);
    b.value.write(1);
    b.changed.notify_all();
  }
  first.join();
  second.join();
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.two_places",
           "a full place, an empty place, and one between",
           bounds{.threads = 3, .note = "a buffer of one; 1 thread puts 2, 1 takes 2"}) {
  mutex m;
  condition_variable changed;
  pawl::cell<bool> full{false};
  const auto switch_to = [&](bool to) {
    std::unique_lock lock(m);
    changed.wait(lock, [&] { return full.read() != to; });
    full.write(to);
    changed.notify_one();
  };
  const auto twice = [&](bool to) {
    switch_to(to);
    switch_to(to);
  };
  together([&] { twice(true); }, [&] { twice(false); });
  require(!full.read() && !changed.has_waiters());
}

PAWL_MODEL("blocking.condition_variable.time_out", "CV-CANCEL: a deadline meets a notification",
           bounds{.threads = 3, .note = "1 thread waits with a deadline, 1 notifies"}) {
  board b = any_board();
  bool was_notified = false, notified = false;
  together(
      [&] {
        std::unique_lock lock(*b.m);
        was_notified = b.changed.wait_for(lock, 1ms);
        b.value.write(b.value.read() + 1);
      },
      [&] {
        notified = b.changed.notify_one();
        const std::lock_guard lock(*b.m);
        b.value.write(b.value.read() + 1);
      });
  require(was_notified == notified, "a notification is used up by who is told of it");
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.stop", "CV-CANCEL: a stop meets a notification",
           bounds{.threads = 4, .note = "1 thread waits, to be stopped, 1 notifies"}) {
  board b(true);
  pawl::stop_source stop;
  bool was_notified = false, notified = false;
  together(
      [&] {
        std::unique_lock lock(*b.m);
        was_notified = b.changed.wait(lock, stop.get_token());
      },
      [&] { notified = b.changed.notify_one(); }, [&] { stop.request_stop(); });
  require(was_notified == notified, "a notification is used up by who is told of it");
  require(!b.changed.has_waiters() && !b.m->is_locked() && !b.m->has_waiters());
}

PAWL_MODEL("blocking.condition_variable.destroy", "who was notified last may destroy it",
           bounds{.threads = 2, .note = "1 thread waits and destroys; notified"}) {
  mutex m;
  auto changed = std::make_unique<condition_variable>();
  bool set = false;
  pawl::thread waiting([&] {
    std::unique_lock lock(m);
    changed->wait(lock, [&] { return set; });
    changed.reset();
  });
  {
    const std::lock_guard lock(m);
    set = true;
    changed->notify_all();
  }
  waiting.join();
}
