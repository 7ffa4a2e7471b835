// The shared command line with the console as a parameter.
#pragma once

#include <string>
#include <vector>

#include "report/invocation.hpp"
#include "tool/console.hpp"

namespace pawl::check::tool {

/// Does what the arguments (without the program's name) ask for. Returns the exit code.
[[nodiscard]] int run_models(const reporting::invocation& program,
                             std::vector<std::string> arguments, console);

/// Standard output and standard error.
[[nodiscard]] console standard_console();

}  // namespace pawl::check::tool
