// pawl-cc and pawl-c++: compilers for a build system.
#pragma once

#include <string>
#include <vector>

namespace pawl::check::tool {

/// One of the two.
struct stand_in {
  const char *name, *variable, *compiler;
};

/// Does what the compiler would do with these arguments — that of `s`, unless the environment
/// variable names another one — for programs that run under the checker: adds the flags of
/// `pawl check` where it compiles, and the library where it links. The fixed ones come last, so
/// that those of a build system do not change them. Warns of objects that the checker does not look
/// into. Returns the exit code. Throws usage_error.
[[nodiscard]] int compile(const stand_in& s, const std::vector<std::string>& arguments);

}  // namespace pawl::check::tool
