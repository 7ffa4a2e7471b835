#pragma once
// Native backend: capacities. The model has its own, small enough that a model reaches them; so
// have programs that are checked as they are (__PAWL__, see docs/programs.md).

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

namespace limits {

#if defined(__PAWL__)
inline constexpr unsigned turn_limit = 2, inline_depth = 2, bypass_limit = 2, most_pauses = 0;
#else

// Waiters that one holding of a primitive's lock may touch before it lets go and resumes them.
inline constexpr unsigned turn_limit = 32;

// Inline resumptions that may nest on one stack before the next is deferred (trampoline.hpp).
inline constexpr unsigned inline_depth = 16;

// Waiting writers that may have a lock before the reader who waits longest, if writers come first.
inline constexpr unsigned bypass_limit = 16;

// Pauses in a row between two looks at what a thread spins for, before it lets others run.
inline constexpr unsigned most_pauses = 64;

#endif

}  // namespace limits

PAWL_END
