#pragma once

#include "enumerate.hpp"
#include "program.hpp"

namespace pawl::oracle {

/// The machine that runs the interleavings: with store buffers it is that of x86-TSO, without them
/// it is sequentially consistent.
enum class store_buffers : bool { no, yes };

/// What a program can do on a machine, found by running every interleaving against one memory and
/// recording the graph of each: no guessing, no axioms. Checks enumerate() from the other side.
/// Exponential in the number of operations.
behaviours interleave(const program&, store_buffers = store_buffers::no);

}  // namespace pawl::oracle
