// POSIX threads of the program, as threads of the model.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before an execution: there are no threads but the first.
void forget_threads();

}  // namespace pawl::check::instrumented
