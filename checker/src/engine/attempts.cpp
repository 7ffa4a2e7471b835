// Attempts: updates that are tried once, and whose failure tells nothing. Whoever fails has read
// some value that is not accepted, it does not matter which: an execution for each is one for
// nothing.
//
// So a failure is an event without a source, which orders nothing. What it stands for is that the
// thread's next event reads a value that is not accepted, either: the attempt may have read the
// same. If it would read one that is accepted, the attempt, in the same place, could have taken it:
// whoever tries goes on, after a failure, in a way that leads to the same end.
//
// For the search an attempt is a choice, always there, between failure and a source that is
// accepted; the next event waits for a value that is not, and an execution in which it waits for
// ever is none. What is added maximally is what the mo-maximal store leads to.
#include "attempts.hpp"

#include <algorithm>

#include "explorer.hpp"

namespace pawl::check::engine {

// What a value must fail that the event reads; nullptr: nothing.
const rt::predicate* explorer::refused_before(event_id id) const {
  if (id.index < 2) return nullptr;
  const event& before = graph.at({id.thread, static_cast<std::uint16_t>(id.index - 1)});
  if (!has_failed_blindly(before) || before.location != graph.at(id).location) return nullptr;
  return &graph.parameters(before).holds;
}

// Would the failure be added first to Prev (see maximal)? If the mo-maximal store there fails it.
bool explorer::fails_maximally(event_id id, event_id w) const {
  const event& e = graph.at(id);
  event_id s = graph.mo_last(e.location);
  while (!s.initial() && (s == w || (graph.at(s).stamp > e.stamp && !graph.porf(s, w))))
    s = graph.at(s).mo_before;
  return !evaluate(graph.parameters(e), graph.value(e.location, s)).writes;
}

// What is pending is done from the top, so the failure comes after all else that the attempt leads
// to. If no value that is not accepted comes about in that, it would be for nothing. What other
// workers, or former processes, come across is not known here.
void explorer::put_off_failure(event_id attempt) {
  if (division_ != nullptr || !options_.checkpoint.empty()) return;
  event& e = graph.at(attempt);
  const noted_request& q = graph.parameters(e);
  // It stands above the sources: first pushed, of as many as there are.
  const std::size_t mine = items_.size() - (alternatives_.size() - 1);
  const event_id floor = graph.floor(e.location, attempt, coherence_view(options_.memory_model, e));
  for (event_id s = graph.mo_last(e.location);; s = graph.at(s).mo_before) {
    if (!evaluate(q, graph.value(e.location, s)).writes) return;
    if (s == floor) break;
  }
  items_[mine].is_off = puts_off_ = true;
  e.failure = static_cast<std::uint32_t>(mine + 1);
}

void explorer::call_for_failures(event_id w) {
  if (!puts_off_) return;
  const event& store = graph.at(w);
  for (event_id r = graph.location(store.location).newest_load; r != no_event;
       r = graph.at(r).older_load) {
    event& load = graph.at(r);
    if (load.failure == 0 || r == w || graph.porf(r, w) ||
        evaluate(graph.parameters(load), store.written).writes)
      continue;
    if (load.failure <= items_.size()) items_[load.failure - 1].is_off = false;
    load.failure = 0;
  }
}

void explorer::give_source(event_id load, alternative a) {
  if (a.store == no_event)
    graph.fail_blindly(load);
  else
    graph.set_source(load, a.store, a.spurious);
}

// ---- telling ------------------------------------------------------------------------------------

namespace {

// A store whose value fails the attempt, and which coherence lets it read; no_event if there is
// none.
event_id failing_store(const graph& g, event_id attempt, memory_model m) {
  const event& e = g.at(attempt);
  const event_id floor = g.floor(e.location, attempt, inherited_coherence_view(m, g, attempt));
  for (event_id s = g.mo_last(e.location);; s = g.at(s).mo_before) {
    const bool is_later = !s.initial() && g.porf(attempt, s);
    if (!is_later && !evaluate(g.parameters(e), g.value(e.location, s)).writes) return s;
    if (s == floor) return no_event;
  }
}

void make_read(graph& g, event_id attempt, memory_model m) {
  const event_id next{attempt.thread, static_cast<std::uint16_t>(attempt.index + 1)};
  const event* const after = next.index > g.size(next.thread) ? nullptr : &g.at(next);
  const bool tells = after != nullptr && after->reads &&
                     after->location == g.at(attempt).location && !after->blocked;
  const event_id source = tells ? after->source : failing_store(g, attempt, m);
  if (source != no_event) return g.set_source(attempt, source);
  for (event_id last = g.last(attempt.thread); last.index >= attempt.index; --last.index) {
    if (last.index > next.index) return;
    std::erase(g.trail(), last);
    g.detach(last);
  }
}

}  // namespace

void make_attempts_read(graph& g, memory_model m) {
  for (thread_index t = 0; t < g.thread_count(); ++t)
    for (auto i = static_cast<std::uint16_t>(g.size(t)); i > 0; --i)
      if (const event_id id{t, i}; has_failed_blindly(g.at(id))) make_read(g, id, m);
}

}  // namespace pawl::check::engine
