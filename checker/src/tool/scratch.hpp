// A directory of our own for as long as something runs.
#pragma once

#include <string>

namespace pawl::check::tool {

/// Under the system's temporary directory; removed at the end with all that is in it.
class scratch {
 public:
  /// Throws usage_error if it can't be made.
  scratch();
  scratch(const scratch&) = delete;
  ~scratch();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace pawl::check::tool
