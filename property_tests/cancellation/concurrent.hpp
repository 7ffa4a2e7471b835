#pragma once
// Several threads below one root: which outcomes are allowed.

#include <optional>
#include <string>

#include "operation.hpp"

namespace cancellation_programs {

// Effects: runs each thread's program on a thread of its own (of the backend that the executable is
//   linked to), with sources of its own below the common root, and waits for all of them.
// Returns: what is wrong, if anything (family.hpp).
std::optional<std::string> run_concurrently(const concurrent_program& program);

}  // namespace cancellation_programs
