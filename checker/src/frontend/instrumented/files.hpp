// Files that the program opens, and what it does to others.
#pragma once

#include <dirent.h>

#include <cstdio>

namespace pawl::check::instrumented {

/// Effects: before an execution: closes what the one before has left open.
void close_files();

/// Effects: ends the execution, if the program, which runs and has called with this return address,
///   must not write.
void refuse_to(const char* do_what, const char* path, const void* code);
/// Effects: if the program runs, what it has opened is closed after the execution.
/// Returns: that.
int note_open(int file);
FILE* note_open(FILE*);
DIR* note_open(DIR*);

}  // namespace pawl::check::instrumented
