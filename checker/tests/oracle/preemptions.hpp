#pragma once

#include <map>
#include <string>

#include "program.hpp"

namespace pawl::oracle {

/// How many preemptions the executions of a program need under sequential consistency.
struct preemption_counts {
  std::map<std::string, unsigned> complete;  ///< By canonical graph, as in behaviours.
  std::map<std::string, unsigned> blocked;
};

/// Runs every interleaving and counts in each how often a thread was left although it could have
/// taken a step: it has not ended and does not stand at an await that its value fails. Exponential
/// in the number of operations.
preemption_counts fewest_preemptions(const program&);

}  // namespace pawl::oracle
