// Runs of the program without a graph (direct.hpp), for executions that are drawn under sc.
//
// Threads are picked as in a run with one (schedule.cpp), from the same draws, so that run() can
// make the same execution again: that tells failures, and all that is no complete execution.
#include <bit>
#include <utility>

#include "at_work.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {

// Where it does not do too often, to try costs more than it saves.
bool runtime::can_run_directly() const {
  return asked_.memory_model == memory_model::sc && asked_.weak_cas_fails == 0 &&
         asked_.strategy != strategy::guided && direct_.possible && !watches_spins() &&
         the_whole_program == nullptr && observe == nullptr &&
         (direct_.tried < 64 || direct_.failed * 4 < direct_.tried);
}

bool runtime::run_directly(thread_selector& threads, selector& values) {
  const at_work now(current_, this);
  ++runs_;
  ++direct_.tried;
  direct_.threads = &threads;
  direct_.values = &values;
  direct_.next = -1;
  kept.ended.clear();
  held_.reset();
  histories_ = {};
  error.reset();
  direct_.runs = true;
  out_of_reach_ = fiber::out_of_reach;
  if (visits_states()) watch_writes();
  if (!kept.restore(*this)) {
    direct_.memory.reset();
    begin();
  }
  fiber::exception_state& exceptions = fiber::live_exceptions();
  exceptions_ = &exceptions;
  try {
    while (!error && !exhausted_) {
      int next = std::exchange(direct_.next, -1);
      if (next < 0) next = pick_direct();
      if (next < 0) break;
      running_ = static_cast<thread_index>(next);
      perform_directly(running_);
      inside_ = true;
      host_.switch_to(thread(running_).context, exceptions);
      inside_ = false;
    }
  } catch (const run_ended&) {}
  fiber::active_heap = nullptr;
  direct_.runs = false;
  if (exhausted_) throw fiber::out_of_memory();
  const std::uint32_t ended = in(state::finished) | in(state::absent);
  const bool complete = !error && ended == (std::uint64_t{1} << course.threads) - 1;
  if (complete && asked_.leaks) judge_leaks();
  if (complete && !error) return true;
  error.reset();
  ++direct_.failed;
  return false;
}

const event& runtime::take_direct_turn(request& q) {
  const thread_index t = running_;
  if (q.op == operation::arrive || q.op == operation::await_arrivals) {
    direct_.possible = false;
    fail(failure_kind::limit, {});
  }
  enter(t, state::frontier);
  if (const int next = pick_direct(); next == t) {
    perform_directly(t);
  } else {
    direct_.next = next;
    suspend();
  }
  if (q.location != no_location) check_alive(q.location, q.where);
  return thread(t).outcome;
}

bool runtime::can_move_directly(thread_index t) const {
  const model_thread& m = thread(t);
  if (m.at != state::frontier) return false;
  const request& q = *m.pending;
  if (q.op == operation::join)
    return thread(static_cast<thread_index>(q.operand)).at == state::finished;
  return direct_.memory.holds(q);
}

int runtime::pick_direct() {
  if (const std::uint32_t ready = in(state::ready); ready != 0) return std::countr_zero(ready);
  enabled_.clear();
  for (std::uint32_t left = in(state::frontier); left != 0; left &= left - 1)
    if (const auto t = static_cast<thread_index>(std::countr_zero(left)); can_move_directly(t))
      enabled_.push_back(t);
  return enabled_.empty() ? -1 : direct_.threads->next(enabled_);
}

// The thread, which was picked, performs what it stands before, if it does.
void runtime::perform_directly(thread_index t) {
  model_thread& me = thread(t);
  if (me.at != state::frontier) return;
  request& q = *me.pending;
  const event_id id{t, ++me.executed};
  enter(t, state::ready);
  if (q.op == operation::spawn) {
    q.operand = number_child(t, me.children - 1);
    me.outcome.read = q.operand;
  }
  direct_.memory.perform(id, q, me.outcome);
  if (q.op == operation::spawn) direct_.memory.start(t, static_cast<thread_index>(q.operand));
  if (q.op == operation::choose) {
    me.outcome.read = direct_.values->choose(id, static_cast<std::uint32_t>(q.operand));
    direct_.memory.note_choice(t, me.outcome.read);
  }
}

}  // namespace pawl::check::engine
