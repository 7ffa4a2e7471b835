#pragma once
// The shared mutex as its callers know it: a sequential class, and calls that are recorded to be
// compared with it.

#include <pawl/check/linearizable.hpp>

#include <algorithm>
#include <vector>

#include "calls.hpp"

namespace models {

using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::ticket;

// Readers or a writer, and a queue in the order of the requests. Who is next is granted as soon as
// the lock allows, or later: a turn may be cut short (limits::turn_limit).
struct shared_mutex_spec {
  struct waiting {
    ticket who;
    bool writes;
    unsigned overtaken = 0;  // of a reader: by how many writers, since it is the oldest
    bool operator==(const waiting&) const = default;
  };

  bool writers_first = false;
  unsigned readers = 0;
  bool written = false;
  std::vector<waiting> queue = {};

  void request(ticket t, bool writes) { queue.push_back({t, writes}); }
  blocking<> lock(ticket t, bool writes) {
    if (next()->who != t || !fits(writes)) return blocked;
    queue.erase(next());
    enter(writes);
    if (const auto reader = oldest(false); writes && reader != queue.end()) ++reader->overtaken;
    return {};
  }
  void cancel(ticket t, bool) {
    std::erase_if(queue, [&](const waiting& w) { return w.who == t; });
  }

  bool try_lock(bool writes) {
    if (!queue.empty() || !fits(writes)) return false;
    enter(writes);
    return true;
  }
  void unlock(bool writes) {
    if (writes)
      written = false;
    else
      --readers;
  }
  void downgrade() {
    unlock(true);
    enter(false);
  }

  bool operator==(const shared_mutex_spec&) const = default;

 private:
  bool fits(bool writes) const { return !written && (!writes || readers == 0); }
  void enter(bool writes) {
    if (writes)
      written = true;
    else
      ++readers;
  }
  std::vector<waiting>::iterator oldest(bool writes) {
    return std::ranges::find(queue, writes, &waiting::writes);
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
  call lock(bool writes, pawl::stop_token token = {}) {
    const started a = history_.start<&spec::request, &spec::lock, &spec::cancel>(writes);
    call c = writes ? write(object_, a, token) : read(object_, a, token);
    a.requested();
    return c;
  }
  bool try_lock(bool writes) {
    return history_.call<&spec::try_lock>(
        [&](bool w) { return w ? keep(object_.try_lock()) : keep(object_.try_lock_shared()); },
        writes);
  }

  // Precondition of these: it is locked so.
  void unlock(bool writes) {
    history_.call<&spec::unlock>(
        [&](bool w) { w ? object_.force_unlock() : object_.force_unlock_shared(); }, writes);
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::lock, &spec::cancel>(bool()));

  template <class Guard>
  static bool keep(pawl::result<Guard>&& locked) {
    if (locked) std::move(*locked).forget();
    return locked.has_value();
  }

  template <class Guard>
  static pawl::result<count_t> finish(started a, pawl::result<Guard> locked) {
    if (keep(std::move(locked)))
      a.returned();
    else if (locked.error().code == errc::cancelled)
      a.cancelled();
    return locked.map([](const Guard&) { return count_t{0}; });
  }
  static call write(shared_counter& m, started a, pawl::stop_token token) {
    auto locked = co_await m.lock(token);
    co_return finish(a, std::move(locked));
  }
  static call read(shared_counter& m, started a, pawl::stop_token token) {
    auto locked = co_await m.lock_shared(token);
    co_return finish(a, std::move(locked));
  }

  pawl::check::linearizable<spec> history_;
  shared_counter object_;
};

}  // namespace models
