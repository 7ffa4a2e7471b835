// A file that a run promises to write at its end, opened before the work so that a bad path is
// known at once.
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pawl::check::reporting {

/// What went wrong with which file, as a sentence.
struct output_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class output_file {
 public:
  /// Opens `path` for writing and leaves its content alone; "-" is `standard_output`.
  /// Throws output_error, which names `option`, the path and the reason.
  output_file(std::string_view option, std::string path, std::ostream& standard_output);
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  /// Removes the file if this object created it and nothing was written.
  ~output_file();

  /// Replaces the content. Throws output_error.
  void write(std::string_view content);

 private:
  [[noreturn]] void fail(int error) const;

  std::string option_, path_;
  std::ostream* stream_ = nullptr;  ///< Instead of a file.
  int descriptor_ = -1;
  bool created_ = false, written_ = false;
};

/// Makes the directory (and its parents) and tries to create a file in it. Throws output_error.
void prepare_directory(std::string_view option, const std::string& path);

}  // namespace pawl::check::reporting
