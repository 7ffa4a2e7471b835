// Which thread runs next, in a run of the program.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "describe.hpp"
#include "runtime.hpp"

namespace pawl::check::engine {
namespace {

// Events between snapshots that are taken only because a load might be revisited.
constexpr std::size_t snapshot_distance = 4;

}  // namespace

// Back to the engine, until this thread is picked.
void runtime::suspend() {
  thread(running_).context.switch_to(host_, *exceptions_);
  if (look_ != nullptr) [[unlikely]]
    be_looked_at();
}

[[gnu::noinline]] void runtime::be_looked_at() {
  std::exchange(look_, nullptr)(*this, looked_at_);
  thread(looked_at_).context.switch_to(thread(running_).context, *exceptions_);
  std::abort();  // It goes on where it stood before.
}

// What spins does not see that it has moved (spin.hpp): its stack is put back, as far up as what
// has run there since, suspend(), has changed it.
bool runtime::look_at(thread_index t, look_function* look) {
  model_thread& m = thread(t);
  if (t == running_ || !m.started || m.at == state::finished) return false;
  std::array<std::byte, 512> frames;
  std::byte* const begin = m.context.stack_pointer();
  const std::size_t n =
      std::min(frames.size(), static_cast<std::size_t>(m.memory.stack_top() - begin));
  const fiber::context stood = m.context;
  std::memcpy(frames.data(), begin, n);
  look_ = look;
  looked_at_ = t;
  thread(running_).context.switch_to(m.context, *exceptions_);
  m.context = stood;
  std::memcpy(begin, frames.data(), n);
  return true;
}

void runtime::enter(thread_index t, state s) {
  state& at = thread(t).at;
  const std::uint32_t bit = 1u << t;
  course.in_state[static_cast<std::size_t>(at)] &= ~bit;
  course.in_state[static_cast<std::size_t>(s)] |= bit;
  at = s;
}

// True if t, which waits for another thread or is blocked, can go on.
bool runtime::resumable(thread_index t) const {
  const model_thread& m = thread(t);
  if (m.at == state::blocked)
    return !search.graph.at({t, static_cast<std::uint16_t>(m.executed + 1)}).blocked;
  return thread(m.awaited.thread).executed >= m.awaited.index;
}

// The thread that has to run for t, which waits for a replayed event, to go on.
thread_index runtime::chase(thread_index t) const {
  while (thread(t).at == state::waiting &&
         thread(thread(t).awaited.thread).executed < thread(t).awaited.index)
    t = thread(t).awaited.thread;
  return t;
}

// The first thread that can run native code. The whole graph is replayed before it grows: only then
// does plain memory hold what happens before the next event, whichever store that reads.
int runtime::pick_native() {
  if (const std::uint32_t ready = in(state::ready); ready != 0) return std::countr_zero(ready);
  const std::uint32_t waiting = in(state::waiting);
  for (std::uint32_t left = waiting | in(state::blocked); left != 0; left &= left - 1) {
    const auto t = static_cast<thread_index>(std::countr_zero(left));
    if (!resumable(t)) continue;
    enter(t, state::ready);
    return t;
  }
  if (waiting == 0) return -1;
  fiber::outside_heap outside;
  fail(
      failure_kind::nondeterminism,
      fmt::format("{} did not repeat an operation that it did before",
                  thread_name(*this, chase(static_cast<thread_index>(std::countr_zero(waiting))))));
}

// The next thread to run, or -1 when none can move.
int runtime::pick() {
  if (select_thread != nullptr) return pick_selected();
  do {
    int next = pick_native();
    for (const bool last : {false, true}) {
      if (next >= 0 || search.restart_needed()) break;
      next = pick_frontier(last);
    }
    if (next >= 0) return next;
  } while (!search.restart_needed() && (go_on_from_spin() || add_set_aside()));
  return -1;
}

// Adds events of threads in turn until one can run. `last`: of those that come last.
int runtime::pick_frontier(bool last) {
  for (std::uint32_t left = in(state::frontier); left != 0; left &= left - 1) {
    const auto t = static_cast<thread_index>(std::countr_zero(left));
    const model_thread& m = thread(t);
    if (comes_last(m.pending->op) != last) continue;
    if (stalled(t)) {
      stall_reached = true;
      continue;
    }
    if (!search.enabled(*m.pending)) continue;
    add_event(t);
    if (search.restart_needed()) return -1;
    if (m.at == state::ready) return t;
  }
  return -1;
}

// True if t can take a step that need not repeat what it did: a thread that spins can't before
// there is something else for it to read.
bool runtime::selectable(thread_index t) const {
  const model_thread& m = thread(t);
  if (stalled(t)) return false;
  return m.at == state::spinning ? !spins_for_ever(t)
                                 : m.at == state::frontier && search.enabled(*m.pending);
}

// When a selector draws the execution: its choice of the enabled threads.
int runtime::pick_selected() {
  for (;;) {
    if (const int native = pick_native(); native >= 0) return native;
    enabled_.clear();
    for (thread_index t = 0; t < course.threads; ++t)
      if (selectable(t)) enabled_.push_back(t);
    if (enabled_.empty()) {
      if (!add_set_aside()) return -1;
      continue;
    }
    const int next = select_thread->next(enabled_);
    if (next < 0) return -1;
    const auto t = static_cast<thread_index>(next);
    if (t >= course.threads ||
        (thread(t).at != state::frontier && thread(t).at != state::spinning) ||
        (is_unsourced_wait(thread(t).pending->op) && !search.enabled(*thread(t).pending))) {
      select_thread->refused(t);
      return -1;
    }
    add_event(t);
    if (thread(t).at == state::ready) return t;
  }
}

void runtime::add_event(thread_index t) {
  request& q = *thread(t).pending;
  if (q.op == operation::spawn) q.operand = number_child(t, thread(t).children - 1);
  const event_id id = search.add(t, q);
  search.graph.at(id).state = thread(t).standing;
  if (q.op == operation::arrive) note_arrival(id);
  // A load may be revisited: a place to come back to, too.
  const bool far = executed.size() >= course.kept_at + snapshot_distance;
  if (search.branched() || (far && search.graph.at(id).reads)) keep_branch(id);
  enter(t, search.graph.at(id).blocked ? state::blocked : state::ready);
  if (!watches_spins()) suspect_spin(id);
}

// If a phase of a barrier has more arrivals than it expects, which of them belong to it depends on
// their order. Returns false if there are more at a latch, which is a failure of the program.
bool runtime::note_arrival(event_id id) {
  const event& e = search.graph.at(id);
  const bool is_latch = known.infos[e.location].show == rt::show_as::latch;
  const bool fits = !search.graph.has_surplus(e.location, e.read);
  if (is_latch) return fits && e.read == 0;
  if (!fits) {
    order_arrivals();
    search.demand_restart();
  }
  return true;
}

// Of a latch: whichever arrival is one too many, all executions lead to that.
void runtime::check_arrival(const event& e) {
  const graph& g = search.graph;
  const location_info& info = known.infos[e.location];
  if (info.show != rt::show_as::latch || (e.read == 0 && !g.has_surplus(e.location, 0))) return;
  fail(failure_kind::misuse,
       fmt::format("{} is counted down by {}, more than the {} it was made with ({})",
                   object_name(*this, e.location), g.arrivals(e.location, 0) + e.read * e.written,
                   info.initial, place(e.where)),
       {}, info.object);
}

// Nothing else can move: one wait that was put off is added after all, reading what fails it.
bool runtime::add_set_aside() {
  for (thread_index t = 0; t < course.threads; ++t) {
    if (thread(t).at != state::frontier || stalled(t) || !search.set_aside(*thread(t).pending))
      continue;
    add_event(t);
    return true;
  }
  return false;
}

}  // namespace pawl::check::engine
