#pragma once

#include <set>
#include <string>

#include "model.hpp"
#include "program.hpp"

namespace pawl::oracle {

/// Everything a program can do under a model. The graphs are canonical(graph) texts, the outcomes
/// outcome(…) texts. A blocked graph is a deadlock: every thread has ended or stands at an await
/// whose mo-maximal store fails its test, and at least one stands.
struct behaviours {
  std::set<std::string> complete;
  std::set<std::string> blocked;
  std::set<std::string> outcomes;
  std::set<std::string> blocked_outcomes;

  bool operator==(const behaviours&) const = default;
};

/// Enumerates by brute force: every way to assign each read a store (without a cycle of program
/// order and reads-from, which all models here forbid), every modification order, and then the
/// axioms of the model on each. The cost is exponential in the number of accesses. Throws
/// std::length_error beyond 64 events, initial stores included.
behaviours enumerate(const program&, const memory_model&);

}  // namespace pawl::oracle
