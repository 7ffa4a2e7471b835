// Unblocking: waits that move along the modification order instead of being revisited.
#include "explorer.hpp"

namespace pawl::check::engine {

explorer::chain_state& explorer::chain(location_id l) {
  if (l >= chains_.size()) chains_.resize(l + 1);
  return chains_[l];
}

void explorer::note_await(location_id l) {
  chain_state& c = chain(l);
  news_ = news_ || !c.awaited;
  c.awaited = true;
  if (c.unordered && !c.ordinary && unblocks(l)) c.ordinary = restart_ = true;
}

// The stores of a location are ordered if each one comes last in mo, and must: it happens after the
// one before it, or is a read-modify-write of it, be it never so weak.
void explorer::note_store(event_id id) {
  const event& e = graph.at(id);
  if (!unblocks(e.location)) return;
  const bool follows = e.mo_before.initial() || e.reads || graph.hb(e.mo_before, id);
  const bool ordered = e.mo_after == no_event && follows;
  if (ordered) return;
  chain_state& c = chain(e.location);
  news_ = news_ || !c.unordered;
  c.unordered = true;
  if (c.awaited && !c.ordinary) c.ordinary = restart_ = true;
}

// As if it had been added as a wait: it is the newest event, or followed the newest one in place.
bool explorer::turn_into_wait(event_id r, const rt::predicate& holds) {
  event& load = graph.at(r);
  graph.let_wait(load, holds);
  note_await(load.location);
  const event_id newest = graph.trail().back();
  const bool is_new = newest == r || (load.in_place && load.source == newest);
  if (!is_new || load.source != graph.mo_last(load.location)) return false;
  graph.set_source(r, load.source);
  return true;
}

void explorer::unblock(event_id w) {
  const event& e = graph.at(w);
  if (!unblocks(e.location) || e.mo_after != no_event || !chain(e.location).awaited) return;
  for (event_id r = graph.location(e.location).newest_load; r != no_event;
       r = graph.at(r).older_load) {
    event& await = graph.at(r);
    if (!await.blocked || await.op == operation::await_update || r == w) continue;
    if (graph.parameters(await).unless.holds != nullptr) continue;
    await.in_place = in_place_used_ = true;
    graph.set_source(r, w);
  }
}

void explorer::retract(event_id w) {
  graph.unlink(w);
  if (!in_place_used_) return;
  const location_id l = graph.at(w).location;
  for (event_id r = graph.location(l).newest_load; r != no_event; r = graph.at(r).older_load)
    if (graph.at(r).in_place && graph.at(r).source == w) graph.set_source(r, graph.mo_last(l));
}

// A wait that went back to an older source has views that the next cut releases: make them anew.
void explorer::refresh_in_place() {
  for (thread_index t = 0; t < graph.thread_count(); ++t) {
    if (graph.size(t) == 0) continue;
    const event_id last = graph.last(t);
    const event& e = graph.at(last);
    if (e.in_place && e.blocked) graph.set_source(last, e.source);
  }
}

}  // namespace pawl::check::engine
