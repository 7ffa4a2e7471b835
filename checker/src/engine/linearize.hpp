// An order of the events of a graph that explains it to a person.
#pragma once

#include <vector>

#include "graph.hpp"

namespace pawl::check::engine {

/// The events of `g` (without blocked waits) in an order that respects po and rf, and as far as
/// possible mo and "read before overwritten", with as few switches between threads as a greedy
/// choice finds. With `until` only what is porf-before or equal to it.
[[nodiscard]] std::vector<event_id> linearize(const graph& g, event_id until = no_event);

}  // namespace pawl::check::engine
