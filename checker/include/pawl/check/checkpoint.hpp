// Files that hold how far searches have come: options::checkpoint.
#pragma once

#include <string>

namespace pawl::check {

/// Returns: whether the file is a checkpoint with a search that is not done.
[[nodiscard]] bool holds_unfinished(const std::string& path);

}  // namespace pawl::check
