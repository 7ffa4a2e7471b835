// The loops over executions: exhaustive, random, and one that is prescribed.
#pragma once

#include <chrono>
#include <functional>

#include <pawl/check/explore.hpp>

#include "runtime.hpp"

namespace pawl::check::engine {

/// Sees the graph of every execution that ended. A deadlock is `failed` here, whether it counts as
/// a bug or not; `blocked` executions end waiting for a reason that is no bug. `restart` says that
/// the executions seen so far do not count.
using execution_hook = std::function<void(const runtime&, ending)>;

/// explore(), with a hook for tests.
[[nodiscard]] report search(check::program program, const options&,
                            const std::function<bool(const progress&)>& watch,
                            const execution_hook& hook = {});

}  // namespace pawl::check::engine
