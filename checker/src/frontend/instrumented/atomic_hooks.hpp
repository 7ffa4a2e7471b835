// What the hooks of atomic operations share.
#pragma once

#include <atomic>

#include "hooks.hpp"

namespace pawl::check::instrumented {

/// Compilers number the orders as the standard library does; the upper bits are hints for hardware.
inline std::memory_order order_of(int n) { return static_cast<std::memory_order>(n & 0xffff); }

/// An order that a load can have.
inline std::memory_order as_load(std::memory_order o) {
  return o == std::memory_order_acq_rel   ? std::memory_order_acquire
         : o == std::memory_order_release ? std::memory_order_relaxed
                                          : o;
}

/// Says where the program stands before an atomic read, for loops that spin to be recognised.
[[gnu::always_inline]] inline void stand_here(runtime& r, const void* target) {
  r.stand_in(__builtin_frame_address(0), target);
}

/// A condition that each value fulfils.
inline bool any(const rt::word*, rt::word) { return true; }

}  // namespace pawl::check::instrumented
