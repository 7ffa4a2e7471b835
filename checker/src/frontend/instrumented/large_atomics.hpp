// Atomic operations on more than 8 bytes.
#pragma once

namespace pawl::check::instrumented {

/// False if the program finds libatomic's functions instead of the checker's.
[[nodiscard]] bool supplies_large_atomics();

}  // namespace pawl::check::instrumented
