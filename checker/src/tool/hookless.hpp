// Objects that the checker can't look into, since they were compiled without its hooks.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::tool {

/// An object or archive on its way into a program.
struct linked_file {
  std::string path;
  std::string name;  ///< What to call it: its source, if it was compiled just now.
};

/// Effects: writes a line, which begins with `who`, for each object with code but without hooks
///   that shares variables with another one: one of the two defines a variable that the other one
///   defines or refers to. Of an archive those are looked at that the linker takes. `by` is what
///   compiles with hooks. What cannot be read is passed over: that is the linker's concern.
void warn_of_hookless(std::ostream&, std::string_view who, std::string_view by,
                      const std::vector<linked_file>&);

}  // namespace pawl::check::tool
