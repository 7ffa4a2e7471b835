#pragma once
// The shared mutex as its callers know it: a sequential class, and calls that are recorded to be
// compared with it.

#include <pawl/check/linearizable.hpp>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <utility>
#include <vector>

#include "calls.hpp"

namespace models {

using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::ticket;

// What somebody has of a lock.
enum class hold : std::uint8_t { reading, upgradable, writing };
inline std::ostream& operator<<(std::ostream& to, hold h) {
  return to << (h == hold::reading ? "reading" : h == hold::writing ? "writing" : "upgradable");
}

// Readers, one of them upgradable, or a writer, and a queue in the order of the requests; an
// upgrade is before all of it. Who is next is granted as soon as the lock allows, or later: a turn
// may be cut short (limits::turn_limit).
struct shared_mutex_spec {
  struct waiting {
    ticket who;
    hold as;
    unsigned overtaken = 0;  // unless it writes: by how many writers, since it is the oldest
    bool operator==(const waiting&) const = default;
  };

  bool writers_first = false;
  unsigned readers = 0;  // the upgradable one included
  bool is_upgradable = false, is_written = false, upgrades = false;
  std::vector<waiting> queue = {};

  void request(ticket t, hold as) { queue.push_back({t, as}); }
  blocking<> lock(ticket t, hold as) {
    if (upgrades || next()->who != t || !fits(as)) return blocked;
    queue.erase(next());
    enter(as);
    const auto reader = oldest(false);
    if (as == hold::writing && reader != queue.end()) ++reader->overtaken;
    return {};
  }
  void cancel(ticket t, hold) {
    std::erase_if(queue, [&](const waiting& w) { return w.who == t; });
  }

  bool try_lock(hold as) {
    if (upgrades || !queue.empty() || !fits(as)) return false;
    enter(as);
    return true;
  }
  void unlock(hold as) {
    if (as == hold::writing) {
      is_written = false;
      return;
    }
    --readers;
    if (as == hold::upgradable) is_upgradable = false;
  }
  void downgrade(hold to) {
    unlock(hold::writing);
    enter(to);
  }

  void request_upgrade(ticket) { upgrades = true; }
  blocking<> upgrade(ticket) {
    if (readers != 1) return blocked;
    upgrades = false;
    unlock(hold::upgradable);
    enter(hold::writing);
    return {};
  }
  void cancel_upgrade(ticket) { upgrades = false; }

  bool operator==(const shared_mutex_spec&) const = default;

 private:
  bool fits(hold as) const {
    if (is_written) return false;
    return as == hold::reading || (as == hold::writing ? readers == 0 : !is_upgradable);
  }
  void enter(hold as) {
    if (as == hold::writing) {
      is_written = true;
      return;
    }
    ++readers;
    if (as == hold::upgradable) is_upgradable = true;
  }
  std::vector<waiting>::iterator oldest(bool writes) {
    return std::ranges::find_if(
        queue, [=](const waiting& w) { return (w.as == hold::writing) == writes; });
  }
  std::vector<waiting>::iterator next() {
    if (!writers_first) return queue.begin();
    const auto writer = oldest(true);
    const auto reader = oldest(false);
    if (writer == queue.end()) return reader;
    const bool due = reader != queue.end() && reader->overtaken >= pawl::limits::bypass_limit;
    return due ? reader : writer;
  }
};

// A shared mutex whose calls are recorded. Locks are kept until they are unlocked by hand.
class recorded_shared_mutex {
  using spec = shared_mutex_spec;

 public:
  explicit recorded_shared_mutex(lock_policy policy)
      : history_(spec{.writers_first = policy == lock_policy::writer_preferring}),
        object_({.policy = policy}) {}

  // Effects: ends the calls that wait. To the history they wait for ever.
  void poison() { object_.poison(); }

  // The call, which has its place in the queue on return.
  call lock(hold as, pawl::stop_token token = {}) {
    const started a = history_.start<&spec::request, &spec::lock, &spec::cancel>(as);
    call c = as == hold::writing   ? run(a, [=, this] { return object_.lock(token); })
             : as == hold::reading ? run(a, [=, this] { return object_.lock_shared(token); })
                                   : run(a, [=, this] { return object_.lock_upgrade(token); });
    a.requested();
    return c;
  }
  bool try_lock(hold as) {
    return history_.call<&spec::try_lock>(
        [&](hold h) {
          if (h == hold::writing) return keep(object_.try_lock());
          return h == hold::reading ? keep(object_.try_lock_shared())
                                    : keep(object_.try_lock_upgrade());
        },
        as);
  }

  // Precondition of these: it is locked so.
  void unlock(hold as) {
    history_.call<&spec::unlock>(
        [&](hold h) {
          if (h == hold::writing) return object_.force_unlock();
          h == hold::reading ? object_.force_unlock_shared() : object_.force_unlock_upgrade();
        },
        as);
  }

  // Effects: the first of all locks, which can be changed.
  void begin_by_writing() {
    history_.call<&spec::try_lock>([&](hold) { return begin(object_.try_lock(), written_); },
                                   hold::writing);
  }
  void begin_upgradable() {
    history_.call<&spec::try_lock>(
        [&](hold) { return begin(object_.try_lock_upgrade(), upgradable_); }, hold::upgradable);
  }
  // Precondition: it began so, and nothing has changed since.
  void downgrade(hold to) {
    history_.call<&spec::downgrade>(
        [&](hold h) {
          if (h == hold::reading) return std::move(std::move(written_).downgrade()).forget();
          upgradable_ = std::move(written_).downgrade_to_upgradable();
        },
        to);
  }
  call upgrade(pawl::stop_token token = {}) {
    const started a =
        history_.start<&spec::request_upgrade, &spec::upgrade, &spec::cancel_upgrade>();
    call c = run(a, [=, this] { return upgradable_.upgrade(token); });
    a.requested();
    return c;
  }

  enum operation : std::uint32_t {
    reading,
    writing,
    trying_to_read,
    trying_to_write,
    becoming_upgradable,
    trying_to_become_so,
    kinds
  };
  // What a try locks is unlocked at once; calls keep the lock.
  void perform(std::uint32_t o, std::vector<call>& kept) {
    const hold as = o == reading || o == trying_to_read    ? hold::reading
                    : o == writing || o == trying_to_write ? hold::writing
                                                           : hold::upgradable;
    if (o == reading || o == writing || o == becoming_upgradable)
      kept.push_back(lock(as));
    else if (try_lock(as))
      unlock(as);
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::lock, &spec::cancel>(hold()));

  template <class Guard>
  static bool begin(pawl::result<Guard>&& locked, Guard& guard) {
    guard = *std::move(locked);
    return true;
  }
  template <class Guard>
  static bool keep(pawl::result<Guard>&& locked) {
    if (locked) std::move(*locked).forget();
    return locked.has_value();
  }
  template <class Start>
  static call run(started a, Start start) {
    auto locked = co_await start();
    if (keep(std::move(locked)))
      a.returned();
    else if (locked.error().code == errc::cancelled)
      a.cancelled();
    co_return locked.map([](const auto&) { return count_t{0}; });
  }

  pawl::check::linearizable<spec> history_;
  shared_counter object_;
  writer written_;       // as it began
  upgrader upgradable_;  // so, or downgraded
};

}  // namespace models
