#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "client.hpp"

namespace semaphore_programs {

using pawl::count_t;
using pawl::errc;

namespace {

count_t least(const call& c) {
  const bool up_to = c.asked.what == operation::kind::acquire_up_to;
  return up_to ? std::min<count_t>(c.asked.n, 1) : c.asked.n;
}

class semaphore_party final : public party<client, concurrent_program> {
 public:
  explicit semaphore_party(const concurrent_program& program) : party(program, program.permits) {}
  ~semaphore_party() { primitive_.close(); }

  problem judge() {
    return first_of(*this, {&semaphore_party::judge_order, &semaphore_party::judge_failures,
                            &semaphore_party::judge_waiters, &semaphore_party::judge_accounts});
  }

 private:
  // The calls of one thread took their places one after the other.
  problem judge_order() {
    for (client& c : clients_) {
      const auto calls = c.started();
      const auto last = std::find_if(calls.rbegin(), calls.rend(), std::mem_fn(&call::is_granted));
      const std::size_t before =
          std::max<std::size_t>(c.passed(), static_cast<std::size_t>(calls.rend() - last));
      for (const call& each : calls.first(before)) {
        if (each.is_waiting()) return "SEM-FIFO: an earlier call waits, a later one was granted";
        const auto why = each.failure();
        if (why == errc::closed || why == errc::poisoned) {
          return "SEM-POISON: a later call was granted what an earlier one was refused";
        }
      }
    }
    return std::nullopt;
  }

  problem judge_failures() {
    for (client& c : clients_) {
      for (const call& each : c.started()) {
        if (each.is_waiting()) {
          if (has_failed()) return "SEM-POISON: somebody waits";
          continue;
        }
        const auto why = each.failure();
        const bool stoppable = each.asked.what == operation::kind::acquire_stoppable;
        const bool allowed = !why ||
                             (why == errc::cancelled && stoppable && each.stop.stop_requested()) ||
                             (why == errc::closed && primitive_.is_closed()) ||
                             (why == errc::poisoned && primitive_.is_poisoned());
        if (!allowed) return "SEM-CANCEL: a call failed for no reason";
      }
    }
    return std::nullopt;
  }

  bool has_failed() const { return primitive_.is_closed() || primitive_.is_poisoned(); }

  problem judge_waiters() {
    bool anybody = false;
    bool head_could_wait = false;
    for (client& c : clients_) {
      const auto calls = c.started();
      const auto first = std::ranges::find_if(calls, &call::is_waiting);
      if (first == calls.end()) continue;
      anybody = true;
      const bool was_stopped =
          first->asked.what == operation::kind::acquire_stoppable && first->stop.stop_requested();
      if (was_stopped) return "SEM-CANCEL: a stopped call waits";
      head_could_wait = head_could_wait || least(*first) > free() || has_debt();
    }
    if (anybody != primitive_.has_waiters()) return "has_waiters() is wrong";
    if (anybody && !head_could_wait) return "SEM-NO-LOST-PERMIT: nobody goes, whoever is first";
    return std::nullopt;
  }

  count_t free() const { return primitive_.available_permits(); }

  // With enough for everybody, nobody waits, and then the sum must be right.
  problem judge_accounts() {
    if (primitive_.is_poisoned()) return std::nullopt;
    constexpr count_t enough = 1000;
    primitive_.release(enough);
    std::int64_t sum = static_cast<std::int64_t>(program_.permits + enough);
    for (client& c : clients_) {
      if (std::ranges::any_of(c.started(), &call::is_waiting)) {
        return "SEM-NO-LOST-PERMIT: somebody waits although there is enough for all";
      }
      c.collect();
      sum += c.created() - c.removed();
      for (const pawl::permit& each : c.permits()) sum -= static_cast<std::int64_t>(each.count());
    }
    if (free() == static_cast<count_t>(sum)) return std::nullopt;
    return "SEM-CONSERVE: " + std::to_string(free()) + " permits are free, should be " +
           std::to_string(sum);
  }

  bool has_debt() const {
    return any_operation([](const operation& op) { return op.what == operation::kind::shrink; });
  }
};

}  // namespace

problem run_concurrently(const concurrent_program& program) {
  return run_and_judge<semaphore_party>(program);
}

}  // namespace semaphore_programs
