// From a failing execution to a failure that a person can read and replay.
#pragma once

#include <functional>

#include <pawl/check/report.hpp>

#include "runtime.hpp"

namespace pawl::check::engine {

/// Tells the error of the run that has just failed: runs the same execution once more, event by
/// event in an order that explains every value, and records it.
[[nodiscard]] failure tell_failure(runtime&);

/// Reproduces the execution that `o.replay` prescribes.
[[nodiscard]] report replay(check::program program, const options& o);

}  // namespace pawl::check::engine
