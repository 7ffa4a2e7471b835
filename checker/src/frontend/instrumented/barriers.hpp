// Barriers of the program: POSIX ones, std::barrier and std::latch.
#pragma once

#include "caller.hpp"

namespace pawl::check::instrumented {

/// Effects: a barrier or latch of `size` bytes that expects so many threads.
rt::atomic_object& begin_barrier(const caller&, const void*, std::size_t size, rt::show_as,
                                 rt::word expected);
/// Misuse: it has ended.
[[nodiscard]] rt::atomic_object& barrier_at(const caller&, const void*, rt::show_as);
/// Effects: ends it. Threads that have met may still be about to leave. Misuse: one waits at it, or
/// may arrive yet.
void end_barrier(const caller&, const void*, rt::show_as);

}  // namespace pawl::check::instrumented
