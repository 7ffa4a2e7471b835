// The same (linearizable.cpp) of the blocking locks that are not simply a mutex, and of what
// threads wait for besides: a fair mutex, a recursive one, a condition variable, a once.

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/once.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
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

// Runs a thread of the client each; thread(n) gives what thread n does with an operation.
template <class Thread>
void run(const client& all, Thread thread) {
  std::deque<pawl::thread> threads;
  for (unsigned n = 0; n < all.size(); ++n) {
    threads.emplace_back([&all, &thread, n] {
      auto perform = thread(n);
      for (const std::uint32_t each : all[n]) perform(each);
    });
  }
  for (pawl::thread& each : threads) each.join();
}

// Nobody overtakes who is queued.
struct fair_mutex_spec {
  bool held = false;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  blocking<> lock(ticket t) {
    if (held || queue.front() != t) return blocked;
    queue.erase(queue.begin());
    held = true;
    return {};
  }
  void give_up(ticket t) { std::erase(queue, t); }
  bool try_lock() {
    if (held || !queue.empty()) return false;
    return held = true;
  }
  void unlock() { held = false; }

  bool operator==(const fair_mutex_spec&) const = default;
};

class recorded_fair_mutex {
  using spec = fair_mutex_spec;

 public:
  static constexpr std::uint32_t kinds = 3;

  void lock() {
    history_.call<&spec::request, &spec::lock>([&] { object_.lock(); });
  }
  void unlock() {
    history_.call<&spec::unlock>([&] { object_.unlock(); });
  }
  void perform(std::uint32_t operation) {
    bool locked = true;
    if (operation == 0) {
      lock();
    } else if (operation == 1) {
      history_.call<&spec::try_lock>([&] { return locked = object_.try_lock(); });
    } else {
      history_.call<&spec::request, &spec::lock, &spec::give_up>(
          [&] { return locked = object_.try_lock_for(1ms); });
    }
    if (locked) unlock();
  }

  // Effects: runs another thread that locks; returns when it is queued. Precondition: it is held.
  pawl::thread queue_another() {
    const auto locking = history_.start<&spec::request, &spec::lock>();
    pawl::thread other([this, locking] {
      object_.lock();
      locking.returned();
      unlock();
    });
    while (!object_.has_waiters()) pawl::this_thread::yield();
    locking.requested();
    return other;
  }

 private:
  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::fair_mutex object_;
};

// Whose it is, and how often.
struct recursive_mutex_spec {
  unsigned owner = 0, depth = 0;

  blocking<> lock(unsigned who) {
    if (!try_lock(who)) return blocked;
    return {};
  }
  bool try_lock(unsigned who) {
    if (depth != 0 && owner != who) return false;
    owner = who;
    ++depth;
    return true;
  }
  bool unlock(unsigned who) {
    if (depth == 0 || owner != who) return false;
    if (--depth == 0) owner = 0;
    return true;
  }

  bool operator==(const recursive_mutex_spec&) const = default;
};

class recorded_recursive_mutex {
  using spec = recursive_mutex_spec;

 public:
  static constexpr std::uint32_t kinds = 3;

  void perform(unsigned who, std::uint32_t operation, unsigned& held) {
    if (operation == 2) {
      unlock(who);
      if (held != 0) --held;
    } else if (operation == 0) {
      history_.call<&spec::lock>([&](unsigned) { object_.lock(); }, who);
      ++held;
    } else {
      bool locked = false;
      history_.call<&spec::try_lock>([&](unsigned) { return locked = object_.try_lock(); }, who);
      held += locked ? 1 : 0;
    }
  }
  void unlock(unsigned who) {
    history_.call<&spec::unlock>([&](unsigned) { return try_unlock(); }, who);
  }

 private:
  bool try_unlock() {
    try {
      object_.unlock();
      return true;
    } catch (const std::logic_error&) {
      return false;
    }
  }

  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::recursive_mutex object_;
};

// Notifications on their way; each is for who was queued first when it was sent.
struct condition_spec {
  std::vector<ticket> queue, told;

  void request(ticket t) { queue.push_back(t); }
  blocking<> wait(ticket t) {
    return std::erase(told, t) != 0 ? blocking<>() : blocking<>(blocked);
  }
  bool notify_one() {
    if (queue.empty()) return false;
    tell(1);
    return true;
  }
  std::size_t notify_all() { return tell(queue.size()); }

  bool operator==(const condition_spec& other) const {
    return queue == other.queue && std::ranges::is_permutation(told, other.told);
  }

 private:
  std::size_t tell(std::size_t n) {
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(n);
    told.insert(told.end(), queue.begin(), end);
    queue.erase(queue.begin(), end);
    return n;
  }
};

class recorded_condition {
  using spec = condition_spec;

 public:
  // Effects: ends the waits. To the history they wait for ever.
  void end() { end_.request_stop(); }

  // Effects: runs a thread that waits; returns when it does.
  pawl::thread wait_there() {
    const auto waiting = history_.start<&spec::request, &spec::wait>();
    gate& has_locked = gates_.emplace_back();
    pawl::thread there([this, waiting, &has_locked] {
      std::unique_lock lock(mutex_);
      has_locked.open();
      if (object_.wait(lock, end_.get_token())) waiting.returned();
    });
    has_locked.wait();
    { const std::lock_guard lock(mutex_); }
    waiting.requested();
    return there;
  }
  void notify(bool all) {
    if (all)
      history_.call<&spec::notify_all>([&] { return object_.notify_all(); });
    else
      history_.call<&spec::notify_one>([&] { return object_.notify_one(); });
  }

 private:
  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::mutex mutex_;
  pawl::blocking::condition_variable object_;
  std::deque<gate> gates_;
  pawl::stop_source end_;
};

// Done by one call, unless that throws.
struct once_spec {
  bool done = false;

  bool call() {
    if (done) return false;
    return done = true;
  }
  bool fail() { return !done; }
  blocking<> wait() {
    if (!done) return blocked;
    return {};
  }
  void request(ticket) {}
  blocking<> wait_in_time(ticket) { return wait(); }
  blocking<> time_out(ticket) {
    if (done) return blocked;
    return {};
  }
  bool is_done() { return done; }

  bool operator==(const once_spec&) const = default;
};

class recorded_once {
  using spec = once_spec;

 public:
  static constexpr std::uint32_t kinds = 4;

  void perform(std::uint32_t operation) {
    switch (operation) {
      case 0:
        history_.call<&spec::call>([&] { return object_.call([] {}); });
        break;
      case 1:
        history_.call<&spec::fail>([&] { return fails(); });
        break;
      case 2:
        history_.call<&spec::is_done>([&] { return object_.is_done(); });
        break;
      default:
        history_.call<&spec::request, &spec::wait_in_time, &spec::time_out>(
            [&] { return object_.wait_for(1ms); });
    }
  }
  void wait() {
    history_.call<&spec::wait>([&] { object_.wait(); });
  }

 private:
  bool fails() {
    try {
      return object_.call([] { throw std::runtime_error("not done"); });
    } catch (const std::runtime_error&) {
      return true;
    }
  }

  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::once object_;
};

void notify_two(bool all, bool all_again) {
  recorded_condition c;
  pawl::thread first = c.wait_there();
  pawl::thread second = c.wait_there();
  c.notify(all);
  c.notify(all_again);
  c.end();
  first.join();
  second.join();
}

}  // namespace

PAWL_MODEL("blocking.linearizable.fair_mutex", "a fair mutex serves who waits in turn",
           bounds{.threads = 3, .note = "2 threads, 3 operations in all, each with its unlock"}) {
  recorded_fair_mutex m;
  run(choose_client({.threads = 2, .operations = 3, .kinds = m.kinds}),
      [&](unsigned) { return [&](std::uint32_t o) { m.perform(o); }; });
}

PAWL_MODEL("blocking.linearizable.fair_queue", "who is queued is not passed",
           bounds{.threads = 2, .note = "held; 1 thread waits; unlocked, then any operation"}) {
  recorded_fair_mutex m;
  m.lock();
  pawl::thread waiting = m.queue_another();
  m.unlock();
  m.perform(pawl::check::choose(m.kinds));
  waiting.join();
}

PAWL_MODEL("blocking.linearizable.recursive_mutex", "so do locks within locks",
           bounds{.threads = 3,
                  .note = "2 threads, 4 operations in all: locks, tries, unlocks; then unlocked"}) {
  recorded_recursive_mutex m;
  run(choose_client({.threads = 2, .operations = 4, .kinds = m.kinds}), [&](unsigned n) {
    struct holder {
      recorded_recursive_mutex& mutex;
      unsigned who, held = 0;
      void operator()(std::uint32_t o) { mutex.perform(who, o, held); }
      ~holder() {
        for (; held != 0; --held) mutex.unlock(who);
      }
    };
    return holder{m, n + 1};
  });
}

PAWL_MODEL("blocking.linearizable.condition_variable", "so do waits and notifications",
           bounds{.threads = 3, .note = "2 threads wait; notify_one, twice; then a stop"}) {
  notify_two(false, false);
}

PAWL_MODEL("blocking.linearizable.notifications", "of one, or of all",
           bounds{.threads = 3,
                  .note = "2 threads wait; 2 notifications, of one or of all; then a stop",
                  .full = true}) {
  const bool all = pawl::check::choose(2) == 1;
  notify_two(all, pawl::check::choose(2) == 1);
}

PAWL_MODEL("blocking.linearizable.notifiers", "so they do at the same time",
           bounds{.threads = 4, .note = "1 thread waits; 2 notify, one or all; then a stop"}) {
  recorded_condition c;
  pawl::thread waiting = c.wait_there();
  const auto notify = [&, all = pawl::check::choose(2) == 1] { c.notify(all); };
  pawl::thread first(notify);
  c.notify(pawl::check::choose(2) == 1);
  first.join();
  c.end();
  waiting.join();
}

PAWL_MODEL("blocking.linearizable.once", "so do calls, those that throw, and waits",
           bounds{.threads = 3,
                  .note = "2 threads, 3 operations in all: calls, calls that throw, looks, waits "
                          "with a deadline"}) {
  recorded_once o;
  run(choose_client({.threads = 2, .operations = 3, .kinds = o.kinds}),
      [&](unsigned) { return [&](std::uint32_t each) { o.perform(each); }; });
}

PAWL_MODEL("blocking.linearizable.once_awaited", "so do waits without end",
           bounds{.threads = 3, .note = "1 thread waits; 1 of 2 operations; then a call"}) {
  recorded_once o;
  pawl::thread waiting([&] { o.wait(); });
  run(choose_client({.threads = 1, .operations = 2, .kinds = o.kinds}),
      [&](unsigned) { return [&](std::uint32_t each) { o.perform(each); }; });
  o.perform(0);
  waiting.join();
}
