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

[[nodiscard]] inline bool consistent(memory_model m, const graph& g, event_id changed) {
  return m == memory_model::sc ? sc_consistent(g, changed) : rc11_consistent(g);
}

/// The view that coherence is judged by: happens-before, or under sc all of porf.
[[nodiscard]] inline view coherence_view(memory_model m, const event& e) {
  return m == memory_model::sc ? e.porf : e.hb;
}

}  // namespace pawl::check::engine
