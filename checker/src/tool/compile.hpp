// pawl-cc and pawl-c++: compilers for a build system.
#pragma once

#include <string>
#include <vector>

namespace pawl::check::tool {

/// Does what the compiler would do with these arguments — `name`, unless the environment variable
/// `variable` names another one — for programs that run under the checker: adds the flags of
/// `pawl check` where it compiles, and the library where it links. The fixed ones come last, so
/// that those of a build system do not change them. Returns the exit code. Throws usage_error.
[[nodiscard]] int compile(const char* variable, const char* name,
                          const std::vector<std::string>& arguments);

}  // namespace pawl::check::tool
