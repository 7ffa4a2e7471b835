#include "tool/scratch.hpp"

#include <cstdlib>
#include <filesystem>

#include "tool/usage_error.hpp"

namespace pawl::check::tool {

scratch::scratch() : path_((std::filesystem::temp_directory_path() / "pawl-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) throw usage_error("cannot make a temporary directory");
}

scratch::~scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace pawl::check::tool
