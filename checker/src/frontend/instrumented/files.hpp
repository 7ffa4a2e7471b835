// Files that the program opens.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before an execution: closes what the one before has left open.
void close_files();

}  // namespace pawl::check::instrumented
