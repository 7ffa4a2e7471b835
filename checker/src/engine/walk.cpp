// Executions that are told from their graph, without running the program: all threads go ways that
// are known from former runs (behaviour.hpp). A run goes on, with the events that were added so
// far, where a way is not known; only complete executions are told.
//
// What a thread does depends on the others by the values that it reads and by the memory that they
// wrote before what it learns of by happens-before. Of a thread that hands out no address in its
// own stack, that is what it has changed elsewhere, and what it knew of others when it did
// (thread_state::memory): conflicting writes are ordered by what their threads know of each other.
// Data that is watched for races is not covered, nor are objects that end while others could use
// them or that are used by threads other than that which constructed it and those that it started
// later, nor what snapshots don't cover either.
#include <algorithm>
#include <bit>
#include <utility>

#include "runtime.hpp"

namespace pawl::check::engine {
namespace {

constexpr behaviour::step first_step{0, 0, 0};
constexpr word start_of_child = ~word{0};

// True if the thread asks for the same.
bool is_same(const request& a, const request& b) {
  return a.op == b.op && a.order == b.order && a.failure == b.failure && a.kind == b.kind &&
         a.weak == b.weak && a.timed == b.timed && a.keeps == b.keeps && a.drops == b.drops &&
         a.twin == b.twin && a.size == b.size && a.location == b.location &&
         (a.operand == b.operand || a.op == operation::spawn) && a.expected == b.expected &&
         same(a.holds, b.holds) && same(a.next, b.next);
}

}  // namespace

// What is found out late makes the search begin anew (open): parts and resumed searches can't.
bool runtime::can_walk() const {
  return asked_.checkpoint.empty() && !asked_.shard && snapshot_use_ == snapshot_use::automatic &&
         runs_ > 1 && runs_ >= walks_from_ && select_thread == nullptr && observe == nullptr &&
         stalled_thread < 0 && !uses_plain_ && !is_bounded() && !watches_spins();
}

// Where it fails too often, to try costs more than it saves.
void runtime::count_walk(bool walked) {
  ++(walked ? walked_ : missed_);
  if (walked_ + missed_ < 256) return;
  if (missed_ > walked_) {
    walks_from_ = runs_ + walk_pause_;
    walk_pause_ *= 2;
  }
  walked_ = missed_ = 0;
}

// ---- telling an execution -----------------------------------------------------------------------

// True if the execution is complete.
bool runtime::walk() {
  while (find_ways()) {
    if ((movable_ & ~at_end_) == 1 && !whole_graphs && walk_out()) return true;
    int next = first_enabled(movable_ & ~coming_last_);
    if (next < 0) next = first_enabled(coming_last_);
    if (next < 0) return is_end();
    if (!take_step(static_cast<thread_index>(next))) return false;
  }
  return false;
}

int runtime::first_enabled(std::uint32_t threads) const {
  for (; threads != 0; threads &= threads - 1)
    if (const int t = std::countr_zero(threads); search.enabled(ways_.at(standing_[t]).next))
      return t;
  return -1;
}

// True if it is known where every thread stands.
bool runtime::find_ways() {
  graph& g = search.graph;
  for (std::uint32_t left = std::exchange(g.changed, 0); left != 0; left &= left - 1)
    if (const auto t = static_cast<thread_index>(std::countr_zero(left)); !stand(t)) {
      g.changed = left;
      return false;
    }
  return true;
}

// The first thread stands somewhere, and the others have ended or are about to. True if all that is
// left is that it joins them and ends, as it did before; no events are added for that. Of threads
// that end quietly, it can learn only how they end.
bool runtime::walk_out() {
  const bool quiet = unquiet_ == 0;
  thread_state& here = ways_.at(standing_[0]);
  if (!quiet || here.out_after != endings_) {
    const std::uint16_t steps = steps_to_end();
    if (steps == 0) return false;
    here.out_after = quiet ? endings_ : ~std::uint64_t{0};
    here.steps_out = steps;
  }
  return search.graph.size(0) + here.steps_out <= asked_.bounds.events;
}

// How many joins, with the end, are left for the first thread; 0 if that is not known.
std::uint16_t runtime::steps_to_end() const {
  const graph& g = search.graph;
  std::uint16_t steps = 0;
  const thread_index n = g.thread_count();
  std::array<clock_value, rt::max_threads> seen{};
  if (g.size(0) > 0)
    for (thread_index t = 0; t < n; ++t) seen[t] = g.views.at(g.at(g.last(0)).hb, t);
  for (state_id s = standing_[0]; s != 0;) {
    const thread_state& here = ways_.at(s);
    if (!here.only_joins) return 0;
    ++steps;
    if (here.ended || here.next.op == operation::finish) {
      for (thread_index t = 1; t < n; ++t)
        if (seen[t] < static_cast<clock_value>(g.size(t) + (at_end_ >> t & 1))) return 0;
      if (here.next.op == operation::finish) return here.ends_well ? steps : 0;
    }
    const auto child = static_cast<thread_index>(here.next.operand);
    const bool ended = g.finished(child);
    if (!ended && (at_end_ >> child & 1) == 0) return 0;
    const auto end = static_cast<clock_value>(g.size(child) + (ended ? 0 : 1));
    const view known = g.size(child) > 0 ? g.at(g.last(child)).hb : g.inherited_hb({child, 1});
    behaviour::step by{s, child, 0};
    for (thread_index t = 1; t < n; ++t) {
      const clock_value to = t == child ? end : g.views.at(known, t);
      if (to <= seen[t]) continue;
      seen[t] = to;
      const state_id other = t == child && !ended ? standing_[t] : way_at(t, to);
      if (other == 0) return 0;
      by.lesson = learn_of(by.lesson, t, other);
    }
    s = ways_.after(by);
  }
  return 0;
}

// Finds where t stands; nowhere, if it has ended or has not begun.
bool runtime::stand(thread_index t) {
  const graph& g = search.graph;
  const std::uint32_t bit = std::uint32_t{1} << t;
  state_id s = 0;
  movable_ &= ~bit;
  at_end_ &= ~bit;
  coming_last_ &= ~bit;
  unquiet_ &= ~bit;
  endings_ -= std::exchange(ending_[t], 0);
  if (g.size(t) == 0) {
    behaviour::step first;
    if (!g.born(t)) return true;
    if (!step_to_first(t, first)) return false;
    s = ways_.after(first);
  } else {
    const event& e = g.at(g.last(t));
    if (e.op == operation::finish) note_ending(t, e.state);
    if (e.op == operation::finish && t != 0 && ways_.at(e.state).ended) return false;
    if (e.blocked) unquiet_ |= bit;
    if (e.op == operation::finish || e.blocked) return true;
    s = way_on(g.last(t));
  }
  if (s == 0 || g.size(t) >= asked_.bounds.events) return false;
  standing_[t] = s;
  movable_ |= bit;
  const thread_state& here = ways_.at(s);
  if (comes_last(here.next.op)) coming_last_ |= bit;
  if (here.next.op == operation::finish && t != 0) {
    at_end_ |= bit;
    note_ending(t, s);
  }
  return !here.ended || (t == 0 && g.size(0) > 0 && happens_last(g.last(0)));
}

// Thread t has ended in state s, or is about to.
void runtime::note_ending(thread_index t, state_id s) {
  const thread_state& end = ways_.at(s);
  if (s == 0 || is_open(t) || !end.quiet) unquiet_ |= std::uint32_t{1} << t;
  ending_[t] = mix(t + 1u, end.changes ? end.memory : 1);
  endings_ += ending_[t];
}

// Adds the next event of t. False if only a run may say what it is.
bool runtime::take_step(thread_index t) {
  graph& g = search.graph;
  const thread_state& here = ways_.at(standing_[t]);
  event_id id;
  if (here.next.op == operation::spawn) {
    const auto child = known.find_child(t, here.children - 1);
    if (!child || (asked_.bounds.threads > 0 && *child + 1u > asked_.bounds.threads)) return false;
    request q = here.next;
    q.operand = *child;
    g.add_thread(*child);
    id = search.add(t, q);
  } else {
    id = search.add(t, here.next);
  }
  g.at(id).state = standing_[t];
  const bool fits = here.next.op != operation::arrive || note_arrival(id);
  suspect_spin(id);
  return fits && !search.restart_needed();
}

bool runtime::is_end() const {
  const graph& g = search.graph;
  for (thread_index t = 0; t < g.thread_count(); ++t)
    if (g.born(t) && !g.finished(t)) return false;
  return ways_.at(g.at(g.last(0)).state).ends_well && happens_last(g.last(0));
}

// True if everything else happens before `id`, and nothing else comes.
bool runtime::happens_last(event_id id) const {
  const graph& g = search.graph;
  for (thread_index t = 0; t < g.thread_count(); ++t)
    if (t != id.thread && g.born(t) && (!g.finished(t) || !g.hb(g.last(t), id))) return false;
  return true;
}

// ---- ways ---------------------------------------------------------------------------------------

// The state of thread t before its n-th event.
state_id runtime::way_at(thread_index t, clock_value n) const {
  return search.graph.at({t, static_cast<std::uint16_t>(n)}).state;
}

// Of a thread in state `s`: what it has changed — or, if addresses in its stack are known to
// others, now or later, on which way it is.
std::uint64_t runtime::learn_of(std::uint64_t lesson, thread_index t, state_id s) const {
  if (is_open(t)) return mix(mix(lesson + 1, t), s);
  const thread_state& other = ways_.at(s);
  return other.changes ? mix(mix(lesson + 2, t), other.memory) : lesson;
}

// What the thread learns by event `id`, of each thread whose part of hb grows. Nothing: 0.
bool runtime::lesson(event_id id, std::uint64_t& out) const {
  const graph& g = search.graph;
  const view now = g.at(id).hb, before = g.inherited_hb(id);
  out = 0;
  if (now == before) return true;
  for (thread_index t = 0; t < g.thread_count(); ++t) {
    const clock_value n = g.views.at(now, t);
    if (n == g.views.at(before, t) || t == id.thread) continue;
    const state_id s = way_at(t, n);
    if (s == 0) return false;
    out = learn_of(out, t, s);
  }
  return true;
}

bool runtime::step_of(event_id id, behaviour::step& out) const {
  const event& e = search.graph.at(id);
  if (e.state == 0 || e.blocked) return false;
  out.from = e.state;
  out.result = e.read;
  if (!lesson(id, out.lesson)) return false;
  if (e.spurious || has_failed_blindly(e)) out.lesson = mix(out.lesson, 1);
  return true;
}

bool runtime::step_to_first(thread_index t, behaviour::step& out) const {
  out = first_step;
  if (t == 0) return true;
  out = {search.graph.at(search.graph.birth(t)).state, start_of_child, 0};
  return out.from != 0;
}

// Where the thread stands after `id`; 0 if that is not known.
state_id runtime::way_on(event_id id) {
  event& e = search.graph.at(id);
  behaviour::step s;
  if (e.next == 0 && step_of(id, s)) e.next = ways_.after(s);
  return e.next;
}

// ---- learning -----------------------------------------------------------------------------------

// The running thread is about to run native code. If that is not known, sees what it does.
void runtime::begin_segment() {
  segment_ = {};
  if (!learning_ || !ways_.has_room()) return;
  const thread_index t = running_;
  const std::uint16_t n = thread(t).executed;
  behaviour::step s;
  if (n == 0 ? !step_to_first(t, s) : !step_of({t, n}, s)) return;
  if (ways_.after(s) != 0) return;
  segment_.open = true;
  segment_.by = s;
  pieces_.clear();
  for (thread_index other = 0; other < course.threads; ++other) {
    const model_thread& m = thread(other);
    const bool has_stack = other != t && m.at != state::finished && m.at != state::absent;
    const std::byte* const from = has_stack ? m.context.stack_pointer() : m.memory.stack_top();
    pieces_.push_back({from, static_cast<std::size_t>(m.memory.stack_top() - from)});
    pieces_.push_back({m.memory.heap(), m.memory.in_use().used});
  }
  effects_.begin(pieces_);
}

// The running thread asks for an operation.
void runtime::note_request(const request& q) {
  model_thread& me = thread(running_);
  me.standing = 0;
  if (!learning_) return;
  behaviour::step s;
  const std::uint16_t n = me.executed;
  me.standing = n > 0 ? way_on({running_, n}) : step_to_first(running_, s) ? ways_.after(s) : 0;
  if (me.standing == 0)
    note_segment(q);
  else if (!is_same(ways_.at(me.standing).next, q))
    keeps_state_ = true;
  segment_.open = false;
}

void runtime::note_segment(const request& q) {
  if (!segment_.open || out_of_reach_ != fiber::out_of_reach) return;
  model_thread& me = thread(running_);
  for (std::size_t i = 1; i < pieces_.size(); i += 2)
    pieces_[i].size = thread(static_cast<thread_index>(i / 2)).memory.in_use().used;
  const effect_watch::piece stack{me.memory.stack_top() - fiber::thread_memory::stack_size,
                                  fiber::thread_memory::stack_size};
  const effect_watch::effect effect = effects_.end(pieces_, stack);
  const thread_state& before = ways_.at(me.executed == 0 ? 0 : segment_.by.from);
  thread_state now{.next = q,
                   .memory = me.executed == 0 ? segment_.by.from : before.memory,
                   .children = me.children,
                   .changes = before.changes || effect.name != 0,
                   .quiet = before.quiet && !before.changes && q.op != operation::join,
                   .ended = before.ended || segment_.ended};
  if (segment_.by.lesson != 0) now.memory = mix(now.memory + 1, segment_.by.lesson);
  if (effect.name != 0) now.memory = mix(now.memory + 2, effect.name);
  bool hands_out = effect.hands_out_stack;
  const auto first_byte = reinterpret_cast<std::uintptr_t>(stack.from);
  for (const word w : {q.operand, q.next.captured[0], q.next.captured[1]})
    hands_out = hands_out || w - first_byte < stack.size;
  if (hands_out && !is_open(running_)) return open();
  me.standing = ways_.learn(segment_.by, now, name_of(now));
}

// The running thread hands out an address in its own stack. Nobody can tell when others come to
// know it: what was taken for known of them has to be found out anew.
void runtime::open() {
  open_ |= std::uint32_t{1} << running_;
  learns_anew_ = true;
  search.demand_restart();
}

// Names what the running thread goes on from, if that is known: with which memory, and with which
// stack and registers. So ways that lead to the same place become one.
std::uint64_t runtime::name_of(const thread_state& s) const {
  const request& q = s.next;
  const model_thread& me = thread(running_);
  if (!spins_recognised || (q.op != operation::load && q.op != operation::compare_exchange) ||
      !me.sections.empty())
    return 0;
  std::uint64_t name = hashed(state_at(hook_frame_, me.memory)).hash;
  for (const std::uint64_t part :
       {std::uint64_t{running_}, static_cast<std::uint64_t>(q.op), std::uint64_t{q.location},
        static_cast<std::uint64_t>(q.order), static_cast<std::uint64_t>(q.failure), q.operand,
        q.expected, std::uint64_t{q.weak}, s.memory, std::uint64_t{s.children},
        reinterpret_cast<std::uintptr_t>(hook_target_), std::uint64_t{me.births},
        static_cast<std::uint64_t>(me.slots.size()), static_cast<std::uint64_t>(me.time.count()),
        std::uint64_t{s.changes} << 2 | std::uint64_t{s.quiet} << 1 | std::uint64_t{s.ended}})
    name = mix(name + 1, part);
  return name | 1;
}

// Whether the construction of an object happens before its use need not be looked at where it comes
// before the thread on every way.
void runtime::note_use(const rt::atomic_object& o) {
  for (thread_index t = running_; t != 0;) {
    const event_id b = search.graph.birth(t);
    if (b.thread == o.creator && o.created_at < b.index) return;
    t = b.thread;
  }
  segment_.open = false;
}

void runtime::note_end(ending e) {
  if (!learning_ || e != ending::complete) return;
  const graph& g = search.graph;
  if (!happens_last(g.last(0))) return;
  for (event_id id = g.last(0); id.index > 0; --id.index) {
    const event& e = g.at(id);
    if (!comes_last(e.op) || e.state == 0) return;
    ways_.at(e.state).only_joins = true;
    ways_.at(e.state).ends_well = e.op == operation::finish;
  }
}

}  // namespace pawl::check::engine
