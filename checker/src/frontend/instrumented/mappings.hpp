// Files that the program maps.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before an execution: ends the mappings that the one before has left.
void close_mappings();

}  // namespace pawl::check::instrumented
