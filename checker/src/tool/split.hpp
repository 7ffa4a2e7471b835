// Text as words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::tool {

/// The words of `text` as a shell would take them, without expansions: blanks separate, '…' and "…"
/// and \ keep. Throws usage_error, which names `option`, if a quote has no end.
[[nodiscard]] std::vector<std::string> split(std::string_view option, std::string_view text);

}  // namespace pawl::check::tool
