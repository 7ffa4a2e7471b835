#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>

#include "client.hpp"

namespace condition_programs {

using pawl::errc;

namespace {

class condition_party final : public party<client, concurrent_program> {
 public:
  explicit condition_party(const concurrent_program& program) : party(program) {}
  ~condition_party() { end(); }

  problem judge() {
    return first_of(*this, {&condition_party::judge_state, &condition_party::judge_failures,
                            &condition_party::judge_order, &condition_party::judge_number,
                            &condition_party::judge_end});
  }

 private:
  void end() {
    while (primitive_.changed.notify_all() != 0) {}
  }

  std::uint64_t count(bool (call::*is_so)() const) const {
    std::uint64_t n = 0;
    for (const client& c : clients_) {
      n += static_cast<std::uint64_t>(std::ranges::count_if(c.started(), is_so));
    }
    return n;
  }

  problem judge_state() {
    if ((count(&call::is_waiting) != 0) != primitive_.changed.has_waiters())
      return "has_waiters() is wrong";
    if (primitive_.ended.is_locked()) return "CV-LOCKED: somebody has the lock still";
    return std::nullopt;
  }

  problem judge_failures() {
    for (client& c : clients_) {
      for (const call& each : c.started()) {
        const bool was_stopped =
            each.asked.what == operation::kind::wait_stoppable && each.stop.stop_requested();
        if (each.is_waiting() && was_stopped) return "CV-CANCEL: a stopped call waits";
        if (each.failure() == errc::cancelled && !was_stopped) return "CV-CANCEL: for no reason";
      }
    }
    return std::nullopt;
  }

  // The calls of one thread took their places one after the other.
  problem judge_order() {
    if (any_operation(&operation::repeats)) return std::nullopt;
    for (client& c : clients_) {
      bool somebody_waits = false;
      for (const call& each : c.started()) {
        somebody_waits = somebody_waits || each.is_waiting();
        if (somebody_waits && each.is_granted())
          return "CV-FIFO: an earlier call waits, a later one was notified";
      }
    }
    return std::nullopt;
  }

  problem judge_number() {
    if (any_operation(&operation::repeats)) return std::nullopt;
    std::uint64_t told = 0;
    std::uint64_t notified = count(&call::is_granted);
    for (const client& c : clients_) {
      told += c.told();
      notified += c.notified();
    }
    if (told != notified) return "CV-COUNT: other waits were notified than notifications say";
    return std::nullopt;
  }

  problem judge_end() {
    end();
    if (count(&call::is_waiting) != 0) return "CV-NO-LOST: somebody waits who was told";
    std::uint64_t ended = 0;
    for (const client& c : clients_) ended += c.started().size() + c.notified() + c.late();
    if (ended != primitive_.ended.unguarded()) return "CV-LOCKED: two counted at a time";
    return std::nullopt;
  }
};

}  // namespace

problem run_concurrently(const concurrent_program& program) {
  return run_and_judge<condition_party>(program);
}

}  // namespace condition_programs
