// Several model executables as one run.
#pragma once

#include <string>
#include <vector>

#include "tool/console.hpp"

namespace pawl::check::tool {

/// `pawl run PROGRAM… [options]`: runs the programs one after another, each with those of the
/// selected models that it has; merges their JSON. Returns the exit code of a single run over all
/// the models; a program that a signal ended, or with an exit code of its own, counts as 2.
[[nodiscard]] int run_programs(const std::vector<std::string>& arguments, const console&);

}  // namespace pawl::check::tool
