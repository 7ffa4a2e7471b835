#pragma once
// Native backend: capacities. The model has its own, small enough that a model reaches them; so
// have programs that are checked as they are (__PAWL__, see docs/programs.md).

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

namespace limits {

#if defined(__PAWL__)
inline constexpr unsigned turn_limit = 2, inline_depth = 2, most_pauses = 0, histogram_buckets = 3;
#else

// Waiters that one holding of a primitive's lock may touch before it lets go and resumes them.
inline constexpr unsigned turn_limit = 32;

// Inline resumptions that may nest on one stack before the next is deferred (trampoline.hpp).
inline constexpr unsigned inline_depth = 16;

// Pauses in a row between two looks at what a thread spins for, before it lets others run.
inline constexpr unsigned most_pauses = 64;

// Of a time_histogram: up to 20 minutes.
inline constexpr unsigned histogram_buckets = 304;

#endif

}  // namespace limits

PAWL_END
