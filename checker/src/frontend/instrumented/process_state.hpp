// What a program can change of its process besides memory and files: environment, working
// directory, locale, the mask of new files, and how far getopt() has come.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before the first execution: what there is now is put back from now on.
void keep_process_state();
/// Effects: before an execution: all is as it was.
void put_back_process_state();

}  // namespace pawl::check::instrumented
