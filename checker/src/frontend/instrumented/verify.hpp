// What programs tell the checker through <pawl/verify.h>.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before an execution: no thread is inside an atomic section.
void forget_sections();

}  // namespace pawl::check::instrumented
