// The axioms that are not met by construction. One function a memory model, one file each.
//
// By construction every graph satisfies: coherence (candidate sources and places respect the floor
// of the model's coherence order), atomicity of read-modify-writes (a store is never placed between
// one and its source) and acyclicity of po ∪ rf (a load reads only stores that exist). What remains
// is checked after every step that is not maximal: an event that reads the mo-maximal store, or is
// put last in mo, has no outgoing edge and so closes no cycle.
#pragma once

#include <pawl/check/options.hpp>

#include "graph.hpp"

namespace pawl::check::engine {

/// rc11: psc is acyclic (Lahav et al., PLDI 2017, §4), an RMW counting as one event.
[[nodiscard]] bool rc11_consistent(const graph&);

/// sc: po ∪ rf ∪ mo ∪ fr is acyclic. `changed` lies on any new cycle.
[[nodiscard]] bool sc_consistent(const graph&, event_id changed);

/// tso: ppo ∪ rfe ∪ mo ∪ fr ∪ fences is acyclic. `changed` lies on any new cycle.
[[nodiscard]] bool tso_consistent(const graph&, event_id changed);

/// ra has no axiom but those met by construction: its seq_cst accesses act as acq_rel.
[[nodiscard]] inline bool consistent(memory_model m, const graph& g, event_id changed) {
  switch (m) {
    case memory_model::rc11:
      return rc11_consistent(g);
    case memory_model::ra:
      return true;
    case memory_model::tso:
      return tso_consistent(g, changed);
    case memory_model::sc:
      return sc_consistent(g, changed);
  }
  return false;
}

[[nodiscard]] inline bool is_judged_by_porf(memory_model m) {
  return m == memory_model::sc || m == memory_model::tso;
}
/// The view that coherence is judged by: happens-before, or under tso and sc all of porf.
[[nodiscard]] inline view coherence_view(memory_model m, const event& e) {
  return is_judged_by_porf(m) ? e.porf : e.hb;
}
/// The same before `id` does anything: the view it starts from.
[[nodiscard]] inline view inherited_coherence_view(memory_model m, const graph& g, event_id id) {
  return is_judged_by_porf(m) ? g.inherited_porf(id) : g.inherited_hb(id);
}

}  // namespace pawl::check::engine
