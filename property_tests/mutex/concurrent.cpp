#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "client.hpp"

namespace mutex_programs {

using pawl::errc;

namespace {

class party {
 public:
  explicit party(const concurrent_program& program) : program_(program) {
    std::size_t all = 0;
    for (const thread_program& each : program.threads) all += count_starts(each);
    calls_ = std::vector<call>(all);
    std::span<call> rest = calls_;
    clients_.reserve(program.threads.size());
    for (const thread_program& each : program.threads) {
      clients_.emplace_back(mutex_, rest.first(count_starts(each)), calls_, nullptr);
      rest = rest.subspan(count_starts(each));
    }
  }
  ~party() { mutex_.poison(); }  // nobody waits when it ends, not even after a failure
  party(const party&) = delete;
  party& operator=(const party&) = delete;

  void run() {
    std::vector<pawl::thread> threads;
    threads.reserve(clients_.size());
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      threads.emplace_back([this, i] { work(clients_[i], program_.threads[i]); });
    }
    for (pawl::thread& each : threads) each.join();
  }

  std::optional<std::string> judge() {
    for (const auto check : {&party::judge_state, &party::judge_failures, &party::judge_order,
                             &party::judge_entries}) {
      if (auto problem = (this->*check)()) return problem;
    }
    return std::nullopt;
  }

 private:
  using problem = std::optional<std::string>;

  static void work(client& c, const thread_program& program) {
    for (const operation& op : program) {
      c.collect();
      static_cast<void>(c.apply(op));
    }
  }

  problem judge_state() {
    const auto waits = [](client& c) {
      return std::ranges::any_of(c.started(), &call::is_waiting);
    };
    for (client& c : clients_) c.collect();
    const bool anybody_waits = std::ranges::any_of(clients_, waits);
    if (anybody_waits != mutex_.has_waiters()) return "has_waiters() is wrong";
    if (mutex_.is_locked() != std::ranges::any_of(clients_, &client::has_lock)) {
      return "is_locked() is wrong";
    }
    if (anybody_waits && mutex_.is_poisoned()) return "MUTEX-POISON: somebody waits";
    if (anybody_waits && !mutex_.is_locked()) {
      return "MUTEX-NO-LOST-WAKE-UP: nobody has the lock, but somebody waits for it";
    }
    return std::nullopt;
  }

  problem judge_failures() {
    for (client& c : clients_) {
      for (const call& each : c.started()) {
        const bool was_stopped =
            each.asked.what == operation::kind::lock_stoppable && each.stop.stop_requested();
        if (each.is_waiting() && was_stopped) return "MUTEX-CANCEL: a stopped call waits";
        const auto why = each.failure();
        if (why == errc::cancelled && !was_stopped) return "MUTEX-CANCEL: for no reason";
        if (why == errc::poisoned && !may_poison()) return "MUTEX-POISON: for no reason";
      }
    }
    return std::nullopt;
  }

  bool may_poison() const {
    return std::ranges::any_of(program_.threads, [](const thread_program& each) {
      return std::ranges::any_of(each, &operation::poisons);
    });
  }

  // The calls of one thread took their places one after the other.
  problem judge_order() {
    for (client& c : clients_) {
      std::size_t i = 0;
      bool somebody_waits = false;
      std::uint64_t next = 0;
      for (const call& each : c.started()) {
        somebody_waits = somebody_waits || each.is_waiting();
        if (somebody_waits && (each.is_granted() || i < c.passed())) {
          return "MUTEX-FIFO: an earlier call waits, a later one was granted";
        }
        ++i;
        if (!each.is_granted()) continue;
        const auto place = each.outcome.with_read([](const auto& got) { return (**got).place; });
        if (place < next) return "MUTEX-FIFO: a later call had the lock before an earlier one";
        next = place + 1;
      }
    }
    return std::nullopt;
  }

  // Whoever has the lock lets go, until nobody has it; then all are counted.
  problem judge_entries() {
    for (bool again = true; again;) {
      again = false;
      for (client& c : clients_) {
        c.collect();
        if (!c.has_lock()) continue;
        static_cast<void>(c.apply({.what = operation::kind::unlock}));
        again = true;
      }
    }
    std::uint64_t entries = 0;
    for (client& c : clients_) {
      if (std::ranges::any_of(c.started(), &call::is_waiting)) {
        return "MUTEX-NO-LOST-WAKE-UP: somebody waits although everybody let go";
      }
      entries += c.entries() +
                 static_cast<std::uint64_t>(std::ranges::count_if(c.started(), &call::is_granted));
    }
    if (mutex_.is_locked()) return "is_locked() is wrong when everybody let go";
    const std::uint64_t counted = mutex_.unguarded();
    if (counted == entries) return std::nullopt;
    return "MUTEX-EXCLUSION: " + std::to_string(entries) + " had the lock, counted were " +
           std::to_string(counted);
  }

  const concurrent_program& program_;
  mutex mutex_;
  std::vector<call> calls_;
  std::vector<client> clients_;
};

}  // namespace

std::optional<std::string> run_concurrently(const concurrent_program& program) {
  party all(program);
  all.run();
  return all.judge();
}

}  // namespace mutex_programs
