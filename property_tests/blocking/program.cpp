#include "program.hpp"

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include <array>
#include <chrono>
#include <mutex>
#include <string_view>
#include <utility>

#include "../operations.hpp"

namespace blocking_programs {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 12> names{
    "lock", "try_lock",     "lock_briefly", "unlock_fairly", "wait_briefly", "notify",
    "read", "read_briefly", "write",        "write_briefly", "upgrade",      "downgrade"};

constexpr auto briefly = 20us;

class party {
 public:
  std::optional<std::string> play(const program& p) {
    std::vector<pawl::thread> threads;
    threads.reserve(p.threads.size());
    for (const thread_program& each : p.threads) {
      threads.emplace_back([this, &each] {
        for (const operation op : each) perform(op);
      });
    }
    for (pawl::thread& each : threads) each.join();
    return judge();
  }

 private:
  void perform(operation op) {
    switch (op) {
      case operation::lock:
        mutex_.lock();
        return leave();
      case operation::try_lock:
        if (mutex_.try_lock()) leave();
        return;
      case operation::lock_briefly:
        if (mutex_.try_lock_for(briefly)) leave();
        return;
      case operation::unlock_fairly:
        mutex_.lock();
        enter();
        return mutex_.unlock_fair();
      case operation::wait_briefly: {
        std::unique_lock lock(mutex_);
        static_cast<void>(changed_.wait_for(lock, briefly));
        return enter();
      }
      case operation::notify:
        static_cast<void>(changed_.notify_all());
        return;
      default:
        return share(op);
    }
  }
  void share(operation op) {
    switch (op) {
      case operation::read:
        shared_.lock_shared();
        return read_and_leave();
      case operation::read_briefly:
        if (shared_.try_lock_shared_for(briefly)) read_and_leave();
        return;
      case operation::write:
        shared_.lock();
        write();
        return shared_.unlock();
      case operation::write_briefly:
        if (!shared_.try_lock_for(briefly)) return;
        write();
        return shared_.unlock();
      case operation::upgrade:
        shared_.lock_upgrade();
        read();
        shared_.unlock_upgrade_and_lock();
        write();
        return shared_.unlock();
      default:
        shared_.lock();
        write();
        shared_.unlock_and_lock_shared();
        return read_and_leave();
    }
  }

  void enter() {
    entered_.write(entered_.read() + 1);
    entries_.fetch_add(1, pawl::memory_order_relaxed);
  }
  void leave() {
    enter();
    mutex_.unlock();
  }
  void write() {
    first_.write(first_.read() + 1);
    writes_.fetch_add(1, pawl::memory_order_relaxed);
    second_.write(second_.read() + 1);
  }
  void read() {
    if (first_.read() != second_.read()) torn_.store(true, pawl::memory_order_relaxed);
  }
  void read_and_leave() {
    read();
    shared_.unlock_shared();
  }

  std::optional<std::string> judge() const {
    if (entered_.read() != entries_.load(pawl::memory_order_relaxed)) {
      return "BYTE-EXCLUSION: two had the lock";
    }
    if (first_.read() != writes_.load(pawl::memory_order_relaxed) ||
        first_.read() != second_.read()) {
      return "SHARED-EXCLUSION: two wrote";
    }
    if (torn_.load(pawl::memory_order_relaxed)) return "SHARED-EXCLUSION: a reader saw half of it";
    if (mutex_.is_locked() || mutex_.has_waiters() || changed_.has_waiters()) {
      return "the mutex is not idle in the end";
    }
    if (shared_.is_locked() || shared_.is_locked_shared() || shared_.has_waiters()) {
      return "the shared_mutex is not idle in the end";
    }
    return std::nullopt;
  }

  pawl::blocking::mutex mutex_;
  pawl::blocking::condition_variable changed_;
  pawl::blocking::shared_mutex shared_;
  pawl::cell<unsigned> entered_{0}, first_{0}, second_{0};
  pawl::atomic<unsigned> entries_{0}, writes_{0};
  pawl::atomic<bool> torn_{false};
};

}  // namespace

void showValue(operation op, std::ostream& out) { out << names[static_cast<std::size_t>(op)]; }

void showValue(const program& p, std::ostream& out) { show(p.threads, out); }

rc::Gen<program> any_program(std::size_t threads, int length) {
  const auto kind = rc::gen::map(rc::gen::inRange<std::size_t>(0, names.size()),
                                 [](std::size_t n) { return static_cast<operation>(n); });
  const auto one = rc::gen::resize(length, rc::gen::container<thread_program>(kind));
  return rc::gen::map(rc::gen::container<std::vector<thread_program>>(threads, one),
                      [](std::vector<thread_program> all) { return program{std::move(all)}; });
}

std::optional<std::string> run(const program& p) { return party().play(p); }

}  // namespace blocking_programs
