#pragma once
// Native backend: capacities. The model has its own, small enough that a model reaches them; so
// have programs that are checked as they are (__PAWL__, see docs/programs.md).

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

namespace limits {

#if defined(__PAWL__)
inline constexpr unsigned turn_limit = 2, inline_depth = 2, most_pauses = 0, most_looks = 0,
                          parking_bits = 1, most_overtaken = 1, histogram_buckets = 3,
                          bypass_limit = 2, most_deferrals = 1, budget = 2;
#else

// Waiters that one holding of a primitive's lock may touch before it lets go and resumes them.
inline constexpr unsigned turn_limit = 32;

// Inline resumptions that may nest on one stack before the next is deferred (trampoline.hpp).
inline constexpr unsigned inline_depth = 16;

// Waiting writers that may have a lock before the reader who waits longest, if writers come first.
inline constexpr unsigned bypass_limit = 16;

// Pauses in a row between two looks at what a thread spins for, before it lets others run.
inline constexpr unsigned most_pauses = 64;

// Looks at what a thread spins for, before it queues.
inline constexpr unsigned most_looks = 10;

// Looks, each after most_pauses, at whether other workers take what a woken one of a pool would.
inline constexpr unsigned most_deferrals = 16;

// The parking table has 2 to so many buckets, of a cache line each.
inline constexpr unsigned parking_bits = 10;

// How often a thread may be woken for a lock that another one is faster to take, before it is
// handed over.
inline constexpr unsigned most_overtaken = 8;

// Of a time_histogram: up to 20 minutes.
inline constexpr unsigned histogram_buckets = 304;

// Operations that take part in the cooperative budget, of one turn of a scheduler (budget.hpp).
inline constexpr unsigned budget = 128;

#endif

}  // namespace limits

PAWL_END
