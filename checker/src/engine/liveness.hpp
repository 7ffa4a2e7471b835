// What a thread can still read of its registers and its stack.
//
// A loop that spins is recognised when its thread stands where it stood before (spin.hpp). What the
// compiler has left in registers and on the stack, and overwrites before it reads it, makes no
// difference there. It is told apart by the machine code: from where a hook returns to, all paths
// to the end of the function are followed, and so those of its callers. What the hook itself has
// been given is not looked at: it shows in the operation, which must be the same.
//
// All that is not understood counts as read: instructions that are not known, functions without a
// frame pointer, those that exceptions may come back to, and paths that reach no end. So does the
// frame of a function that hands out an address in it, except to hooks which are known not to keep
// it: of plain accesses, and of a compare-exchange, which reads there what it expects.
#pragma once

#include <cstddef>
#include <span>

namespace pawl::check::engine {

/// Effects: sets to 0 what nobody reads any more in `state`, a copy of state_at(frame) of a thread,
///   but for what is `kept`.
void clear_dead(std::span<std::byte> state, const void* frame, const void* stack_top,
                std::span<const std::byte> kept);

}  // namespace pawl::check::engine
