// Backward revisits: which loads an added store can be read by, and the frames that explore them.
#include "explorer.hpp"

namespace pawl::check::engine {

// Notes each load r of the location that `w` did not exist for. What would be deleted, D = {events
// stamped after r, not porf-before w}, grows as r gets older, so the first event of D ∪ {r} that
// was not added maximally ends the search.
void explorer::revisits(event_id w) {
  if (selector_ != nullptr) return;
  call_for_failures(w);
  const event& store = graph.at(w);
  event_id rival = no_event;
  if (store.reads && store.mo_after != no_event) {
    const event& next = graph.at(store.mo_after);
    if (next.reads && next.source == store.source) rival = store.mo_after;
  }
  const auto& trail = graph.trail();
  std::size_t position = trail.size();
  for (event_id r = graph.location(store.location).newest_load; r != no_event;
       r = graph.at(r).older_load) {
    const event& load = graph.at(r);
    if (r == w || load.source == w || graph.porf(r, w) || settled(r)) continue;
    if (load.op == operation::attempt && is_blind(graph.parameters(load)) &&
        !evaluate(graph.parameters(load), store.written).writes)
      continue;
    while (position > 0 && graph.at(trail[position - 1]).stamp >= load.stamp) {
      const event_id e = trail[--position];
      if (e != w && !graph.porf(e, w) && !maximal(e, w)) return;
    }
    // A wait that moved in place to a store that w does away with moves to w in the revisit that
    // does it: that of the competing read-modify-write.
    const bool follows = load.in_place && !load.source.initial() && !graph.porf(load.source, w);
    if (!follows && coherent_revisit(r, w, rival))
      push(work::revisit, r, {no_event, false}, w, graph.stamp, graph.views.top());
  }
}

// Would `id` be added as it stands to Prev = {events stamped no later, or strictly porf-before w}?
bool explorer::maximal(event_id id, event_id w) const {
  const event& e = graph.at(id);
  if (has_failed_blindly(e)) return fails_maximally(id, w);
  if (!e.maximal) return false;
  if (!e.reads && !e.writes) return true;
  event_id mine = id;  // The store that must be mo-maximal in Prev.
  if (e.reads) {
    mine = e.source;
    if (!e.in_place && !mine.initial() && graph.at(mine).stamp > e.stamp && !graph.porf(mine, w))
      return false;
  }
  for (event_id s = graph.mo_last(e.location); s != mine; s = graph.at(s).mo_before)
    if (s != w && s != id && graph.porf(s, w)) return false;
  return true;
}

// Can r read w in the smaller graph? A plain store can always be put last in mo; a
// read-modify-write stands right behind its source: that must not be older than what r has seen,
// nor be read by a competing read-modify-write (`rival`) that is kept.
bool explorer::coherent_revisit(event_id r, event_id w, event_id rival) const {
  const event& store = graph.at(w);
  if (!store.reads) return true;
  if (rival != no_event && rival != r && graph.at(rival).stamp < graph.at(r).stamp) return false;
  const view seen = inherited_coherence_view(options_.memory_model, graph, r);
  return graph.mo_not_after(graph.floor(store.location, r, seen), store.source);
}

void explorer::detach_saved(event_id id) {
  if (graph.at(id).writes)
    for (event_id r = graph.location(graph.at(id).location).newest_load; r != no_event;
         r = graph.at(r).older_load)
      if (graph.at(r).in_place && graph.at(r).source == id)
        saved_.push_back({r, graph.at(r), false});
  const event state = graph.at(id);
  if (state.writes) {
    retract(id);
    graph.at(id).writes = false;
  }
  saved_.push_back({id, state, true});
  graph.detach(id);
}

bool explorer::open_frame(const item& it) {
  const event_id r = it.event, w = it.store;
  auto& trail = graph.trail();
  std::size_t position = trail.size();
  const std::uint32_t load_stamp = graph.at(r).stamp;
  while (graph.at(trail[position - 1]).stamp > load_stamp) --position;
  --position;  // Now trail[position] == r.

  const view settled = graph.views.join(frames_.back().settled, graph.at(w).porf, w.thread,
                                        static_cast<clock_value>(w.index));
  const frame f{items_.size(), saved_.size(), saved_trail_.size(), r, w, position, settled, it,
                load_stamp};
  saved_trail_.insert(saved_trail_.end(), trail.begin() + static_cast<std::ptrdiff_t>(position),
                      trail.end());

  // Take out D by descending stamp, then r; keep the rest of the trail in order.
  std::size_t kept = trail.size();
  for (std::size_t i = trail.size(); i-- > position + 1;) {
    const event_id e = trail[i];
    if (e == w || graph.porf(e, w))
      trail[--kept] = e;
    else
      detach_saved(e);
  }
  detach_saved(r);
  const event was = saved_.back().state;
  saved_.push_back({w, graph.at(w), false});
  frames_.push_back(f);

  // w is the revisitor for good; unless it is a read-modify-write, its place in mo is open again.
  graph.at(w).maximal = false;
  const bool waits_on = was.op == operation::await_update && unblocks(was.location) &&
                        !evaluate(graph.parameters(was), graph.at(w).written).holds;
  trail.erase(trail.begin() + static_cast<std::ptrdiff_t>(position + (waits_on ? 0 : 1)),
              trail.begin() + static_cast<std::ptrdiff_t>(kept));
  if (!graph.at(w).reads) {
    graph.unlink(w);
    places(w, alternatives_);
    // Only places that r may read: not older than what r has seen.
    const view seen = inherited_coherence_view(options_.memory_model, graph, r);
    const event_id floor = graph.floor(was.location, r, seen);
    std::size_t n = 0;
    while (n < alternatives_.size() && graph.mo_not_after(floor, alternatives_[n].store)) ++n;
    alternatives_.resize(n);
    graph.link(w, alternatives_.front().store);
  }
  note_store(w);
  if (waits_on) {  // Set aside: its thread reaches the wait again when a store satisfies it.
    frames_.back().load = no_event;
    return consistent(w);
  }

  event again = was;
  again.reads = true;
  again.writes = again.in_place = again.blocked = false;
  again.mo_before = again.mo_after = no_event;
  again.maximal = graph.at(w).mo_after == no_event;
  graph.reattach(r, again);
  graph.set_source(r, w);
  if (!graph.at(w).reads)
    for (std::size_t i = alternatives_.size(); i-- > 1;)
      push(work::place, w, alternatives_[i], no_event, graph.stamp, graph.views.top());
  return settle_revisit(w, r);
}

bool explorer::settle_revisit(event_id w, event_id r) {
  const bool writes = graph.at(r).writes;
  graph.at(r).writes = false;
  const bool ok = consistent(w);
  graph.at(r).writes = writes && ok;
  if (ok && writes && may_fail(r, graph.parameters(graph.at(r))))
    push(work::source, r, {w, true}, no_event, graph.stamp, graph.views.top());
  return ok && settle(r);
}

// Gives an event that stayed its former source and place.
void explorer::restore(event_id id, const event& state) {
  const event_id older = graph.at(id).older_load;
  if (state.writes) graph.unlink(id);
  graph.replace(id, state);
  graph.at(id).older_load = older;
  if (state.writes) graph.link(id, state.mo_before);
}

void explorer::close_frame() {
  const frame f = frames_.back();
  cut(f.opened_by);
  if (f.load != no_event) {
    if (graph.at(f.load).writes) retract(f.load);  // Waits have moved to it in place.
    graph.at(f.load).writes = false;
    graph.detach(f.load);
  }
  frames_.pop_back();
  auto& trail = graph.trail();
  while (saved_.size() > f.saved) {
    const saved_event s = saved_.back();
    saved_.pop_back();
    if (s.removed) {
      graph.reattach(s.id, s.state);
    } else {
      restore(s.id, s.state);
    }
  }
  trail.resize(f.load_position);
  trail.insert(trail.end(), saved_trail_.begin() + static_cast<std::ptrdiff_t>(f.trail),
               saved_trail_.end());
  saved_trail_.resize(f.trail);
}

}  // namespace pawl::check::engine
