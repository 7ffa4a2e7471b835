#pragma once

#include <set>
#include <string>

#include "program.hpp"

namespace pawl::oracle {

/// The outcomes of a program under sequential consistency, found by running every interleaving
/// against one memory: no graphs, no axioms. Checks enumerate() from the other side.
struct interleavings {
  std::set<std::string> outcomes;
  std::set<std::string> blocked_outcomes;
};

interleavings interleave(const program&);

}  // namespace pawl::oracle
