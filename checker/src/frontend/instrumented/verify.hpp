// What programs tell the checker through <pawl/verify.h>.
#pragma once

#include <span>

#include "../../engine/runtime.hpp"

namespace pawl::check::instrumented {

/// Effects: before an execution: no thread is inside an atomic section.
void forget_sections();

/// Blocks that nobody frees, since somebody may still use them.
[[nodiscard]] std::span<void* const> retired_blocks(const engine::runtime&);

/// Effects: a function that has the code begins or ends: if its name begins with
///   __VERIFIER_atomic_, so does an atomic section, unless the thread is in one.
void enter_function(const void* code);
void leave_function(const void* code);

}  // namespace pawl::check::instrumented
