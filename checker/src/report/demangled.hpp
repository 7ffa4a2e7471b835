// Names of the linker as names of C++.
#pragma once

#include <string>

namespace pawl::check::reporting {

/// "queue::push(int)" for "_ZN5queue4pushEi", without "(anonymous namespace)::", which says
/// nothing; what is no name of C++ as it is.
[[nodiscard]] std::string demangled(const std::string& symbol);

}  // namespace pawl::check::reporting
