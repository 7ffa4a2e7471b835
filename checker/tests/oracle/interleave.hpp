#pragma once

#include "enumerate.hpp"
#include "program.hpp"

namespace pawl::oracle {

/// What a program can do under sequential consistency, found by running every interleaving against
/// one memory and recording the graph of each: no guessing, no axioms. Checks enumerate() from the
/// other side. Exponential in the number of operations.
behaviours interleave(const program&);

}  // namespace pawl::oracle
