// One thread, and after each call everything is as the reference says.

#include <optional>
#include <vector>

#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "client.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace shared_mutex_programs {

namespace {

using kind = operation::kind;
using pawl::errc;

outcome in_time(outcome tried) {
  if (tried || tried.error().code != errc::would_block) return tried;
  return pawl::failure(errc::timed_out);
}

// A guard as the client has it. One that was granted in place, by a reader that died of an
// exception, can't tell a later exception from that one (lock_ownership.hpp): so it does not
// poison.
struct held_guard {
  way how;
  bool granted_in_flight = false;
};

template <resumption Where>
class prediction : public basic_prediction<reference> {
 public:
  prediction(std::size_t calls, pawl::shared_mutex_options options)
      : basic_prediction(calls, options), how_(calls), was_collected_(calls) {}

  std::optional<outcome> apply(const operation& op) {
    const std::optional<outcome> seen = make(op);
    end_settled();
    collect(Where == resumption::in_place && op.what == kind::unwind);
    return seen;
  }

 private:
  std::optional<outcome> make(const operation& op) {
    switch (op.what) {
      case kind::read:
      case kind::read_stoppable:
        return wait(op, way::reading);
      case kind::read_upgradably:
        return wait(op, way::upgradable);
      case kind::write:
      case kind::write_stoppable:
        return wait(op, way::writing);
      case kind::write_briefly:
        return keep(in_time(reference_.try_lock(way::writing)), way::writing);
      case kind::try_read:
        return keep(reference_.try_lock(way::reading), way::reading);
      case kind::try_read_upgradably:
        return keep(reference_.try_lock(way::upgradable), way::upgradable);
      case kind::try_write:
        return keep(reference_.try_lock(way::writing), way::writing);
      case kind::clear_poison:
        return keep(reference_.clear_poison(), way::writing);
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
      case kind::poison:
        reference_.poison();
        return 0;
      default:
        return held_.empty() ? outcome(0) : change(op);
    }
  }

  std::optional<outcome> wait(const operation& op, way how) {
    start(op.is_stoppable(), [&](std::size_t i) { return reference_.lock(i, how); });
    how_[started_++] = how;
    return std::nullopt;
  }

  outcome keep(outcome tried, way how) {
    if (tried) held_.push_back({how});
    return tried;
  }

  // What the client does with the guard.
  outcome change(const operation& op) {
    const auto at = held_.begin() + static_cast<std::ptrdiff_t>(op.which % held_.size());
    const held_guard subject = *at;
    const way how = subject.how;
    held_.erase(at);
    switch (op.what) {
      case kind::try_upgrade:
      case kind::upgrade_briefly: {
        if (how != way::upgradable) break;
        const outcome tried = reference_.try_upgrade();
        held_.push_back(tried ? held_guard{way::writing} : subject);
        return op.what == kind::try_upgrade ? tried : in_time(tried);
      }
      case kind::downgrade:
        if (how == way::reading) break;
        return become(subject, way::reading);
      case kind::downgrade_to_upgradable:
        if (how != way::writing) break;
        return become(subject, way::upgradable);
      case kind::unwind:
        if (how == way::writing && !subject.granted_in_flight) reference_.poison();
        [[fallthrough]];
      default:
        reference_.unlock(how);
        return 0;
    }
    held_.push_back(subject);
    return 0;
  }

  outcome become(held_guard from, way to) {
    reference_.change(from.how, to);
    held_.push_back({to, from.granted_in_flight});
    return 0;
  }

  // Guards of calls that were granted, in the order of the calls.
  void collect(bool in_flight) {
    for (std::size_t i = 0; i < started_; ++i) {
      if (was_collected_[i] || !of_call(i) || !*of_call(i)) continue;
      was_collected_[i] = true;
      held_.push_back({how_[i], in_flight});
    }
  }

  std::vector<way> how_;
  std::vector<bool> was_collected_;
  std::vector<held_guard> held_;
  std::size_t started_ = 0;
};

template <resumption Where>
class shared_mutex_side_by_side final : public side_by_side<client, prediction<Where>> {
  using base = side_by_side<client, prediction<Where>>;
  using base::client_;
  using base::prediction_;
  using base::primitive_;

 public:
  using base::base;
  ~shared_mutex_side_by_side() { primitive_.poison(); }

 private:
  void compare() const override {
    const reference& expected = prediction_.expected();
    RC_ASSERT(primitive_.readers() == expected.readers());
    RC_ASSERT(primitive_.is_locked_exclusively() == expected.is_written());
    RC_ASSERT(primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(primitive_.is_poisoned() == expected.is_poisoned());
    const client& c = client_;
    RC_ASSERT(c.count<reader>() + c.count<upgrader>() == expected.readers());
    RC_ASSERT(c.count<writer>() == (expected.is_written() ? 1u : 0u));
  }
};

template <resumption Where>
void agree() {
  const pawl::shared_mutex_options options = *any_options();
  const thread_program program = *any_program();
  shared_mutex_side_by_side<Where> both(Where, count_starts(program), options);
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("shared_mutex", 3000, [](resumption where) {
  where == resumption::on_a_loop ? agree<resumption::on_a_loop>() : agree<resumption::in_place>();
});

}  // namespace

}  // namespace shared_mutex_programs
