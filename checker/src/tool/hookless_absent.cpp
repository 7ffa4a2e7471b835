#include "tool/hookless.hpp"

namespace pawl::check::tool {

// Without libdw no program is linked: there is nothing to look into.
void warn_of_hookless(std::ostream&, std::string_view, std::string_view,
                      const std::vector<linked_file>&) {}

}  // namespace pawl::check::tool
