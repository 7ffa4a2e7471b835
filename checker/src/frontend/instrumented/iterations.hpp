// Loops that end by themselves or not at all (--unroll), and functions that call themselves: how
// often a thread takes each.
#pragma once

#include "hooks.hpp"

namespace pawl::check::instrumented {

/// Effects: before an execution: no thread is in a loop.
void forget_iterations();

/// Effects: the running thread stands before an operation, in a hook with this frame. If it is one
///   iteration more than the bound, the execution is discarded, unless the thread spins.
void bound_iterations(runtime&, const void* frame, const void* code);

/// The same, where there may be no bound.
inline void note_iteration(runtime& r, const void* frame, const void* code) {
  if (r.asked().unroll) bound_iterations(r, frame, code);
}

}  // namespace pawl::check::instrumented
