// A directory for one test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

class scratch_directory {
 public:
  scratch_directory()
      : path_((std::filesystem::temp_directory_path() / "pawl-test-XXXXXX").string()) {
    if (!mkdtemp(path_.data())) std::abort();
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};
