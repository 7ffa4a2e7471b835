#include "concurrent.hpp"

#include <algorithm>
#include <cstddef>

#include "client.hpp"

namespace notify_programs {

using pawl::errc;

namespace {

class notify_party final : public party<client, concurrent_program> {
 public:
  explicit notify_party(const concurrent_program& program) : party(program) {}
  ~notify_party() { end(); }

  problem judge() {
    return first_of(
        *this, {&notify_party::judge_state, &notify_party::judge_failures,
                &notify_party::judge_order, &notify_party::judge_number, &notify_party::judge_end});
  }

 private:
  void end() {
    for (client& c : clients_) c.give_up();
    primitive_.notify_waiters();
  }

  bool anybody_waits() const {
    return std::ranges::any_of(clients_, [](const client& c) {
      return std::ranges::any_of(c.started(), &call::is_waiting);
    });
  }

  problem judge_state() {
    for (client& c : clients_) c.give_up();
    if (anybody_waits() != primitive_.has_waiters()) return "has_waiters() is wrong";
    return std::nullopt;
  }

  problem judge_failures() {
    for (client& c : clients_) {
      for (const call& each : c.started()) {
        const bool was_stopped =
            each.asked.what == operation::kind::wait_stoppable && each.stop.stop_requested();
        if (each.is_waiting() && was_stopped) return "NOTIFY-CANCEL: a stopped call waits";
        if (each.failure() == errc::cancelled && !was_stopped)
          return "NOTIFY-CANCEL: for no reason";
      }
    }
    return std::nullopt;
  }

  // The calls of one thread took their places one after the other.
  problem judge_order() {
    if (any_operation(&operation::overtakes)) return std::nullopt;
    for (client& c : clients_) {
      bool somebody_waits = false;
      for (const call& each : c.started()) {
        somebody_waits = somebody_waits || each.is_waiting();
        if (somebody_waits && each.is_granted())
          return "NOTIFY-FIFO: an earlier call waits, a later one was notified";
      }
    }
    return std::nullopt;
  }

  problem judge_number() {
    if (any_operation(&operation::notifies_all)) return std::nullopt;
    std::size_t sent = 0;
    for (const thread_program& each : program_.threads)
      sent += static_cast<std::size_t>(std::ranges::count_if(each, &operation::notifies));
    std::size_t notified = 0;
    for (client& c : clients_) {
      notified += c.notified() +
                  static_cast<std::size_t>(std::ranges::count_if(c.started(), &call::is_granted));
    }
    if (notified > sent) return "NOTIFY-NO-LOST: more were notified than notifications sent";
    return std::nullopt;
  }

  problem judge_end() {
    end();
    if (anybody_waits() || primitive_.has_waiters())
      return "NOTIFY-BROADCAST: somebody waits who was told with all";
    if (primitive_.try_wait() && primitive_.try_wait())
      return "NOTIFY-NO-LOST: more than one is stored";
    return std::nullopt;
  }
};

}  // namespace

problem run_concurrently(const concurrent_program& program) {
  return run_and_judge<notify_party>(program);
}

}  // namespace notify_programs
