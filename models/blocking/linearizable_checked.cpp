// The same (linearizable.cpp) of several locks that see deadlocks. DEADLOCK-SEEN, DEADLOCK-ONLY: a
// lock() is refused if, and only if, it closes a circle of threads that wait for each other.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose_client;
using pawl::check::client;
using pawl::check::ticket;
using namespace std::chrono_literals;

namespace {

constexpr unsigned most_threads = 3, most_locks = 3;
constexpr unsigned nobody = most_threads, nothing = most_locks;

// Who has each lock, and which one each thread waits for. Whether a call is refused is decided when
// it asks: later calls that close a circle with it are refused themselves.
struct checked_locks_spec {
  std::array<unsigned, most_locks> owner;
  std::array<unsigned, most_threads> waits_for;
  std::array<bool, most_threads> is_refused{};

  checked_locks_spec() {
    owner.fill(nobody);
    waits_for.fill(nothing);
  }

  void request(ticket, unsigned who, unsigned lock) {
    is_refused[who] = closes_circle(who, lock);
    if (!is_refused[who]) waits_for[who] = lock;
  }
  // Returns: false if it is refused.
  blocking<bool> lock(ticket, unsigned who, unsigned lock) {
    if (std::exchange(is_refused[who], false)) return false;
    if (!try_lock(who, lock)) return blocked;
    waits_for[who] = nothing;
    return true;
  }
  // A wait that ends in time is part of no circle.
  void request_in_time(ticket, unsigned, unsigned) {}
  blocking<> lock_in_time(ticket, unsigned who, unsigned lock) {
    return try_lock(who, lock) ? blocking<>() : blocking<>(blocked);
  }
  void time_out(ticket, unsigned, unsigned) {}
  bool try_lock(unsigned who, unsigned lock) {
    if (owner[lock] != nobody) return false;
    owner[lock] = who;
    return true;
  }
  // Returns: false if it is refused.
  bool unlock(unsigned who, unsigned lock) {
    if (owner[lock] != who) return false;
    owner[lock] = nobody;
    return true;
  }

  bool operator==(const checked_locks_spec&) const = default;

 private:
  // No circle is closed before, so this comes to an end.
  [[nodiscard]] bool closes_circle(unsigned who, unsigned lock) const {
    while (lock != nothing && owner[lock] != nobody) {
      if (owner[lock] == who) return true;
      lock = waits_for[owner[lock]];
    }
    return false;
  }
};

class recorded_locks {
  using spec = checked_locks_spec;

 public:
  // Returns: whether it is locked.
  bool lock(unsigned who, unsigned lock) {
    return history_.call<&spec::request, &spec::lock>(
        [&](unsigned, unsigned) {
          try {
            locks_[lock].lock();
            return true;
          } catch (const std::system_error& refused) {
            require(refused.code() == std::errc::resource_deadlock_would_occur);
            return false;
          }
        },
        who, lock);
  }
  bool try_lock(unsigned who, unsigned lock) {
    return history_.call<&spec::try_lock>(
        [&](unsigned, unsigned) { return locks_[lock].try_lock(); }, who, lock);
  }
  bool try_lock_for(unsigned who, unsigned lock) {
    return history_.call<&spec::request_in_time, &spec::lock_in_time, &spec::time_out>(
        [&](unsigned, unsigned) { return locks_[lock].try_lock_for(1ms); }, who, lock);
  }
  bool unlock(unsigned who, unsigned lock) {
    return history_.call<&spec::unlock>(
        [&](unsigned, unsigned) {
          try {
            locks_[lock].unlock();
            return true;
          } catch (const std::logic_error&) {
            return false;
          }
        },
        who, lock);
  }

 private:
  pawl::check::linearizable<spec> history_;
  std::array<pawl::blocking::deadlock_checked<>, most_locks> locks_;
};

// A thread with its locks, which it keeps until the end unless told otherwise.
class locker {
 public:
  locker(recorded_locks& locks, unsigned who) : locks_(locks), who_(who) {}

  void lock(unsigned lock) { has_[lock] |= locks_.lock(who_, lock); }
  void try_lock(unsigned lock) { has_[lock] |= locks_.try_lock(who_, lock); }
  void try_lock_for(unsigned lock) { has_[lock] |= locks_.try_lock_for(who_, lock); }
  void unlock(unsigned lock) {
    locks_.unlock(who_, lock);
    has_[lock] = false;
  }
  void unlock_all() {
    for (unsigned lock = 0; lock != most_locks; ++lock) {
      if (has_[lock]) unlock(lock);
    }
  }

 private:
  recorded_locks& locks_;
  const unsigned who_;
  std::array<bool, most_locks> has_{};
};

// Runs a thread of the client each; perform(thread, n) does its operation n.
template <class Perform>
void run(const client& all, Perform perform) {
  recorded_locks locks;
  std::deque<pawl::thread> threads;
  for (unsigned n = 0; n != all.size(); ++n) {
    threads.emplace_back([&, n] {
      locker me(locks, n);
      for (const std::uint32_t each : all[n]) perform(me, each);
      me.unlock_all();
    });
  }
  for (pawl::thread& each : threads) each.join();
}

void lock(locker& me, std::uint32_t which) { me.lock(which); }

}  // namespace

PAWL_MODEL("blocking.linearizable.deadlock_checked",
           "who would close a circle is refused, and nobody else",
           bounds{.threads = 3, .note = "2 threads, 2 locks, 6 in all; then unlocked"}) {
  run(choose_client({.threads = 2, .operations = 6, .kinds = 2}), lock);
}

PAWL_MODEL("blocking.linearizable.checked_members",
           "its other members neither wait for ever nor are refused",
           bounds{.threads = 3,
                  .note = "2 threads, 4 operations in all: locks, tries, waits with a deadline, "
                          "unlocks; then unlocked"}) {
  run(choose_client({.threads = 2, .operations = 4, .kinds = 4}),
      [](locker& me, std::uint32_t operation) {
        switch (operation) {
          case 0:
            return me.lock(0);
          case 1:
            return me.try_lock(0);
          case 2:
            return me.try_lock_for(0);
          default:
            return me.unlock(0);
        }
      });
}

PAWL_MODEL("blocking.linearizable.checked_three", "nor is anybody else of three",
           bounds{.threads = 4, .note = "3 threads, 3 locks, 4 in all; then unlocked"}) {
  run(choose_client({.threads = 3, .operations = 4, .kinds = 3}), lock);
}

PAWL_MODEL("blocking.linearizable.checked_circle", "of three in a circle, the last is refused",
           bounds{.threads = 4, .note = "3 threads, 3 locks, 2 each"}) {
  run({{0, 1}, {1, 2}, {2, 0}}, lock);
}
