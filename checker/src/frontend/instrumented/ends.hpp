// How the program ends: what is done when main() returns, exit(), abort() and the like.
#pragma once

#include "caller.hpp"

namespace pawl::check::instrumented {

/// Effects: on the first thread: what exit() does when main() has returned.
void end_program(const caller&);

}  // namespace pawl::check::instrumented
