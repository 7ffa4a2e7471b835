// Attempts that have failed: of an execution that is told.
#pragma once

#include <pawl/check/options.hpp>

#include "graph.hpp"

namespace pawl::check::engine {

/// Effects: each attempt that failed whatever it read reads a value that it may have read. Those
///   that their threads have not gone on from are taken out.
void make_attempts_read(graph&, memory_model);

}  // namespace pawl::check::engine
