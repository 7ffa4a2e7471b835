#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "client.hpp"

namespace mutex_programs {

using pawl::errc;

namespace {

class mutex_party final : public party<client, concurrent_program> {
 public:
  explicit mutex_party(const concurrent_program& program) : party(program) {}
  ~mutex_party() { primitive_.poison(); }

  problem judge() {
    return first_of(*this, {&mutex_party::judge_state, &mutex_party::judge_failures,
                            &mutex_party::judge_order, &mutex_party::judge_entries});
  }

 private:
  problem judge_state() {
    const auto waits = [](client& c) {
      return std::ranges::any_of(c.started(), &call::is_waiting);
    };
    for (client& c : clients_) c.collect();
    const bool anybody_waits = std::ranges::any_of(clients_, waits);
    if (anybody_waits != primitive_.has_waiters()) return "has_waiters() is wrong";
    if (primitive_.is_locked() != std::ranges::any_of(clients_, &client::has_lock)) {
      return "is_locked() is wrong";
    }
    if (anybody_waits && primitive_.is_poisoned()) return "MUTEX-POISON: somebody waits";
    if (anybody_waits && !primitive_.is_locked()) {
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

  bool may_poison() const { return any_operation(&operation::poisons); }

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
        const std::uint64_t place = **each.seen();
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
    if (primitive_.is_locked()) return "is_locked() is wrong when everybody let go";
    const std::uint64_t counted = primitive_.unguarded();
    if (counted == entries) return std::nullopt;
    return "MUTEX-EXCLUSION: " + std::to_string(entries) + " had the lock, counted were " +
           std::to_string(counted);
  }
};

}  // namespace

problem run_concurrently(const concurrent_program& program) {
  return run_and_judge<mutex_party>(program);
}

}  // namespace mutex_programs
