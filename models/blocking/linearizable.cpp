// What concurrent calls of the blocking locks return is what they would return one after the other,
// in an order that respects who came first: on all small clients.

#include <chrono>
#include <deque>
#include <vector>

#include <pawl/blocking/shared_mutex.hpp>
#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose;
using pawl::check::choose_client;
using pawl::check::ticket;
using namespace std::chrono_literals;

namespace {

// Whoever finds it free has it; the queue is nobody's business.
struct mutex_spec {
  bool held = false;

  blocking<> lock() {
    if (held) return blocked;
    held = true;
    return {};
  }
  bool try_lock() {
    if (held) return false;
    return held = true;
  }
  void request(ticket) {}
  blocking<> lock_in_time(ticket) { return lock(); }
  void time_out(ticket) {}
  void unlock() { held = false; }

  bool operator==(const mutex_spec&) const = default;
};

class mutex_client {
  using spec = mutex_spec;

 public:
  static constexpr std::uint32_t kinds = 3;

  void perform(std::uint32_t operation) {
    switch (operation) {
      case 0:
        history_.call<&spec::lock>([&] { object_.lock(); });
        return unlock(false);
      case 1: {
        bool locked = false;
        history_.call<&spec::try_lock>([&] { return locked = object_.try_lock(); });
        if (locked) unlock(true);
        return;
      }
      default: {
        bool locked = false;
        history_.call<&spec::request, &spec::lock_in_time, &spec::time_out>(
            [&] { return locked = object_.try_lock_for(1ms); });
        if (locked) unlock(false);
      }
    }
  }

 private:
  void unlock(bool fair) {
    history_.call<&spec::unlock>([&] { fair ? object_.unlock_fair() : object_.unlock(); });
  }

  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::mutex object_;
};

// First come, first served; readers that are next to each other together.
struct shared_mutex_spec {
  bool written = false;
  unsigned readers = 0;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  void leave(ticket t) { std::erase(queue, t); }
  blocking<> write(ticket t) {
    if (queue.front() != t || written || readers != 0) return blocked;
    leave(t);
    written = true;
    return {};
  }
  blocking<> read(ticket t) {
    if (queue.front() != t || written) return blocked;
    leave(t);
    ++readers;
    return {};
  }
  bool try_read() {
    if (!queue.empty() || written) return false;
    ++readers;
    return true;
  }
  void unlock() { written = false; }
  void unlock_shared() { --readers; }

  bool operator==(const shared_mutex_spec&) const = default;
};

class shared_mutex_client {
  using spec = shared_mutex_spec;

 public:
  static constexpr std::uint32_t kinds = 4;

  void lock() {
    history_.call<&spec::request, &spec::write>([&] { object_.lock(); });
  }
  void unlock() {
    history_.call<&spec::unlock>([&] { object_.unlock(); });
  }
  void perform(std::uint32_t operation) {
    bool locked = true;
    switch (operation) {
      case 0:
        lock();
        return unlock();
      case 1:
        history_.call<&spec::request, &spec::read>([&] { object_.lock_shared(); });
        break;
      case 2:
        history_.call<&spec::try_read>([&] { return locked = object_.try_lock_shared(); });
        break;
      default:
        history_.call<&spec::request, &spec::write, &spec::leave>(
            [&] { return locked = object_.try_lock_for(1ms); });
        if (locked) unlock();
        return;
    }
    if (locked) history_.call<&spec::unlock_shared>([&] { object_.unlock_shared(); });
  }

 private:
  pawl::check::linearizable<spec> history_{spec{}};
  pawl::blocking::shared_mutex object_;
};

template <class Client>
void check_small_clients() {
  const auto programs = choose_client({.threads = 2, .operations = 3, .kinds = Client::kinds});
  Client client;
  std::deque<pawl::thread> threads;
  for (const auto& operations : programs) {
    threads.emplace_back([&client, &operations] {
      for (const std::uint32_t each : operations) client.perform(each);
    });
  }
  for (pawl::thread& each : threads) each.join();
}

// The same while the lock is held, so that threads wait for it together.
template <class Client>
void check_waiting_clients() {
  const auto programs = choose_client({.threads = 2, .operations = 2, .kinds = Client::kinds});
  Client client;
  client.lock();
  std::deque<pawl::thread> threads;
  for (const auto& operations : programs) {
    threads.emplace_back([&client, &operations] {
      for (const std::uint32_t each : operations) client.perform(each);
    });
  }
  client.unlock();
  for (pawl::thread& each : threads) each.join();
}

}  // namespace

PAWL_MODEL("blocking.linearizable.mutex", "locks, tries and timed locks fit a sequential order",
           bounds{.threads = 3, .note = "2 threads, 3 operations in all, each with its unlock"}) {
  check_small_clients<mutex_client>();
}

PAWL_MODEL("blocking.linearizable.shared_mutex", "so do reads and writes, in a queue",
           bounds{.threads = 3, .note = "2 threads, 3 operations in all, each with its unlock"}) {
  check_small_clients<shared_mutex_client>();
}

PAWL_MODEL("blocking.linearizable.waiting", "so they do while it is held",
           bounds{.threads = 3, .note = "written; 2 threads, 2 operations in all; unlocked"}) {
  check_waiting_clients<shared_mutex_client>();
}
