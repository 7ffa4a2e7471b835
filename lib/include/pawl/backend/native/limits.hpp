#pragma once
// Native backend: capacities. The model has its own, small enough that a model reaches them.

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

namespace limits {

// Waiters that one holding of a primitive's lock may touch before it lets go and resumes them.
inline constexpr unsigned turn_limit = 32;

// Inline resumptions that may nest on one stack before the next is deferred (trampoline.hpp).
inline constexpr unsigned inline_depth = 16;

}  // namespace limits

PAWL_END
