// What programs tell the checker through <pawl/verify.h>.
#pragma once

#include <span>

#include "../../engine/runtime.hpp"

namespace pawl::check::instrumented {

/// Effects: before an execution: no thread is inside an atomic section.
void forget_sections();

/// Blocks that nobody frees, since somebody may still use them.
[[nodiscard]] std::span<void* const> retired_blocks(const engine::runtime&);

/// True if a function that has the code, and is called by a thread of the model, is an atomic
/// section by its name: it begins with __VERIFIER_atomic_.
[[nodiscard]] bool is_atomic(const void* code);
/// Effects: such a function begins, and with it an atomic section, unless the thread is in one. The
///   frame is that of a hook that has saved all registers.
void enter_atomic_function(const void* code, const void* frame);
/// Effects: a function that has the code ends; if it is atomic, so does the section.
void leave_function(const void* code);

}  // namespace pawl::check::instrumented
