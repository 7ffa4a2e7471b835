// Which models a request means.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::tool {

/// True if the whole of `name` matches the shell pattern (`*`, `?`, `[…]`; a backslash takes the
/// next character literally).
[[nodiscard]] bool matches(const std::string& glob, const std::string& name);

/// The glob that matches `name` alone.
[[nodiscard]] std::string literal_glob(std::string_view name);

/// At most five of `names` that look like `wanted`, the nearest first.
[[nodiscard]] std::vector<std::string> near_names(std::string_view wanted,
                                                  std::span<const std::string> names);

/// Indexes of the names that match at least one glob, in their order; all names if there is no
/// glob. Throws usage_error for a glob that matches none; it lists near names.
[[nodiscard]] std::vector<std::size_t> select(std::span<const std::string> globs,
                                              std::span<const std::string> names);

}  // namespace pawl::check::tool
