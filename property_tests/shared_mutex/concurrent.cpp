#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "client.hpp"

namespace shared_mutex_programs {

using pawl::errc;
using kind = operation::kind;

namespace {

class shared_party final : public party<client, concurrent_program> {
 public:
  explicit shared_party(const concurrent_program& program) : party(program, program.options) {}
  ~shared_party() { primitive_.poison(); }

  problem judge() {
    return first_of(*this, {&shared_party::judge_state, &shared_party::judge_failures,
                            &shared_party::judge_order, &shared_party::judge_writes});
  }

 private:
  problem judge_state() {
    std::size_t readers = 0, writers = 0;
    bool anybody_waits = false;
    for (client& c : clients_) {
      c.collect();
      readers += c.count<reader>() + c.count<upgrader>();
      writers += c.count<writer>();
      anybody_waits = anybody_waits || std::ranges::any_of(c.started(), &call::is_waiting);
    }
    if (writers > 1 || (writers == 1 && readers != 0)) {
      return "SHARED-EXCLUSION: " + std::to_string(writers) + " write, " + std::to_string(readers) +
             " read";
    }
    if (primitive_.readers() != readers) return "readers() is wrong";
    if (primitive_.is_locked_exclusively() != (writers == 1)) {
      return "is_locked_exclusively() is wrong";
    }
    if (anybody_waits != primitive_.has_waiters()) return "has_waiters() is wrong";
    if (anybody_waits && primitive_.is_poisoned()) return "SHARED-POISON: somebody waits";
    if (anybody_waits && readers + writers == 0) {
      return "SHARED-NO-LOST-WAKE-UP: nobody has the lock, but somebody waits for it";
    }
    return std::nullopt;
  }

  problem judge_failures() {
    const bool may_poison = any_operation(&operation::poisons);
    for (client& c : clients_) {
      for (const call& each : c.started()) {
        const bool was_stopped = each.asked.is_stoppable() && each.stop.stop_requested();
        if (each.is_waiting() && was_stopped) return "SHARED-CANCEL: a stopped call waits";
        const auto why = each.failure();
        if (why == errc::cancelled && !was_stopped) return "SHARED-CANCEL: for no reason";
        if (why == errc::poisoned && !may_poison) return "SHARED-POISON: for no reason";
      }
    }
    return std::nullopt;
  }

  static bool writes(const call& c) {
    return c.asked.what == kind::write || c.asked.what == kind::write_stoppable;
  }

  // The calls of one thread took their places one after the other.
  problem judge_order() {
    if (program_.options.policy != pawl::lock_policy::fair) return std::nullopt;
    for (client& c : clients_) {
      bool somebody_waits = false;
      std::uint64_t next = 0;
      for (const call& each : c.started()) {
        somebody_waits = somebody_waits || each.is_waiting();
        if (!each.is_granted()) continue;
        if (somebody_waits) return "SHARED-FIFO: an earlier call waits, a later one was granted";
        const std::uint64_t before = **each.seen();
        if (before < next) return "SHARED-FIFO: a later call had the lock before an earlier one";
        next = before + (writes(each) ? 1 : 0);
      }
    }
    return std::nullopt;
  }

  // Whoever has the lock lets go, until nobody has it; then all who wrote are counted.
  problem judge_writes() {
    for (bool again = true; again;) {
      again = false;
      for (client& c : clients_) {
        c.collect();
        if (!c.has_lock()) continue;
        static_cast<void>(c.apply({.what = kind::unlock}));
        again = true;
      }
    }
    std::uint64_t expected = 0;
    for (client& c : clients_) {
      if (std::ranges::any_of(c.started(), &call::is_waiting)) {
        return "SHARED-NO-LOST-WAKE-UP: somebody waits although everybody let go";
      }
      expected += c.writes();
      for (const call& each : c.started()) expected += writes(each) && each.is_granted() ? 1 : 0;
    }
    if (primitive_.is_locked()) return "is_locked() is wrong when everybody let go";
    const std::uint64_t counted = primitive_.unguarded();
    if (counted == expected) return std::nullopt;
    return "SHARED-EXCLUSION: " + std::to_string(expected) + " wrote, counted were " +
           std::to_string(counted);
  }
};

}  // namespace

problem run_concurrently(const concurrent_program& program) {
  return run_and_judge<shared_party>(program);
}

}  // namespace shared_mutex_programs
