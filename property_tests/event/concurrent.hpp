#pragma once
// Several threads and one event, latch or wait_group: which outcomes are allowed.

#include <algorithm>
#include <cstddef>

#include "../party.hpp"
#include "client.hpp"

namespace event_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), waits for all of them, and then lets it happen until nobody waits.
// What is wrong, if anything:
//   EVENT-NO-LOST-WAKE  somebody waits who could go, or does not go although it happens
//   EVENT-ORDER         of a thread's calls, an earlier one waits, a later one got through
//   EVENT-CANCEL        a stopped call waits, or one was cancelled that was not stopped
//   AUTO-ONE            more got through an auto_reset_event than it was set
template <class Primitive>
class event_party final : public party<client<Primitive>, concurrent_program> {
  using base = party<client<Primitive>, concurrent_program>;

 public:
  explicit event_party(const concurrent_program& program) : base(program, initial()) {}
  ~event_party() { let_all_go(); }

  problem judge() {
    return this->first_of(*this, {&event_party::judge_calls, &event_party::judge_order,
                                  &event_party::judge_waiters, &event_party::judge_sets});
  }

 private:
  static constexpr bool is_auto = std::is_same_v<Primitive, pawl::auto_reset_event>;

  static auto initial() {
    if constexpr (std::is_same_v<Primitive, pawl::wait_group>) {
      return pawl::count_t{1};
    } else {
      return false;
    }
  }

  problem judge_calls() {
    for (const auto& c : this->clients_) {
      for (const call& each : c.started()) {
        const bool was_stopped =
            each.asked.what == operation::kind::wait_stoppable && each.stop.stop_requested();
        if (each.is_waiting() && was_stopped) return "EVENT-CANCEL: a stopped call waits";
        const auto why = each.failure();
        if (why && !(why == pawl::errc::cancelled && was_stopped)) {
          return "EVENT-CANCEL: for no reason";
        }
      }
    }
    return std::nullopt;
  }

  problem judge_order() {
    for (const auto& c : this->clients_) {
      bool somebody_waits = false;
      std::size_t i = 0;
      for (const call& each : c.started()) {
        somebody_waits = somebody_waits || each.is_waiting();
        if (somebody_waits && (each.is_granted() || i < c.passed())) {
          return "EVENT-ORDER: an earlier call waits, a later one got through";
        }
        ++i;
      }
    }
    return std::nullopt;
  }

  problem judge_waiters() {
    if (anybody_waits() != this->primitive_.has_waiters()) return "has_waiters() is wrong";
    if (anybody_waits() && this->primitive_.try_wait()) {
      return "EVENT-NO-LOST-WAKE: somebody waits although nothing is to be waited for";
    }
    let_all_go();
    if (anybody_waits()) return "EVENT-NO-LOST-WAKE: it happens, but somebody waits";
    return std::nullopt;
  }

  problem judge_sets() {
    if (!is_auto) return std::nullopt;
    std::size_t sets = at_last_, passes = 0;
    for (const auto& c : this->clients_) {
      sets += c.happened();
      passes += c.passed_at_once() +
                static_cast<std::size_t>(std::ranges::count_if(c.started(), &call::is_granted));
    }
    if (passes <= sets) return std::nullopt;
    return "AUTO-ONE: " + std::to_string(passes) + " got through, it was set " +
           std::to_string(sets) + " times";
  }

  bool anybody_waits() const { return std::ranges::any_of(this->calls_, &call::is_waiting); }

  void let_all_go() {
    constexpr std::size_t enough = 1000;
    for (std::size_t i = 0; i < enough && anybody_waits(); ++i) {
      happen(this->primitive_);
      ++at_last_;
    }
  }

  std::size_t at_last_ = 0;
};

}  // namespace event_programs
