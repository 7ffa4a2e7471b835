#include "concurrent.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "client.hpp"

using pawl::count_t;
using pawl::errc;

namespace {

count_t least(const call& c) {
  const bool up_to = c.asked.what == operation::kind::acquire_up_to;
  return up_to ? std::min<count_t>(c.asked.n, 1) : c.asked.n;
}

class party {
 public:
  explicit party(const concurrent_program& program)
      : program_(program), semaphore_(program.permits) {
    std::size_t all = 0;
    for (const thread_program& each : program.threads) all += count_starts(each);
    calls_ = std::vector<call>(all);
    std::span<call> rest = calls_;
    clients_.reserve(program.threads.size());
    for (const thread_program& each : program.threads) {
      clients_.emplace_back(semaphore_, rest.first(count_starts(each)), calls_, nullptr);
      rest = rest.subspan(count_starts(each));
    }
  }
  ~party() { semaphore_.close(); }  // nobody waits when it ends, not even after a failure
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
    for (const auto check : {&party::judge_order, &party::judge_failures, &party::judge_waiters,
                             &party::judge_accounts}) {
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
                             (why == errc::closed && semaphore_.is_closed()) ||
                             (why == errc::poisoned && semaphore_.is_poisoned());
        if (!allowed) return "SEM-CANCEL: a call failed for no reason";
      }
    }
    return std::nullopt;
  }

  bool has_failed() const { return semaphore_.is_closed() || semaphore_.is_poisoned(); }

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
    if (anybody != semaphore_.has_waiters()) return "has_waiters() is wrong";
    if (anybody && !head_could_wait) return "SEM-NO-LOST-PERMIT: nobody goes, whoever is first";
    return std::nullopt;
  }

  count_t free() const { return semaphore_.available_permits(); }

  // With enough for everybody, nobody waits, and then the sum must be right.
  problem judge_accounts() {
    if (semaphore_.is_poisoned()) return std::nullopt;
    constexpr count_t enough = 1000;
    semaphore_.release(enough);
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
    return std::ranges::any_of(program_.threads, [](const thread_program& each) {
      return std::ranges::any_of(
          each, [](const operation& op) { return op.what == operation::kind::shrink; });
    });
  }

  const concurrent_program& program_;
  pawl::semaphore semaphore_;
  std::vector<call> calls_;
  std::vector<client> clients_;
};

}  // namespace

std::optional<std::string> run_concurrently(const concurrent_program& program) {
  party all(program);
  all.run();
  return all.judge();
}
