// C and C++ programs, checked as they are.
#pragma once

#include <string>
#include <vector>

#include "tool/console.hpp"

namespace pawl::check::tool {

/// `pawl check FILE… [options] [-- COMPILER FLAGS]`: compiles and links the files in a directory of
/// its own and runs the program under the checker, which prints the results. `self`: how the tool
/// was called, for the commands that a report shows. Returns the exit code; that of a program that
/// does not compile is 2. Throws usage_error.
[[nodiscard]] int check_program(const std::string& self, const std::vector<std::string>& arguments,
                                const console&);

}  // namespace pawl::check::tool
