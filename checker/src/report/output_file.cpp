#include "report/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <system_error>

#include <fmt/format.h>

namespace pawl::check::reporting {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

output_file::output_file(std::string_view option, std::string path, std::ostream& standard_output)
    : option_(option), path_(std::move(path)) {
  if (path_ == "-") {
    stream_ = &standard_output;
    return;
  }
  constexpr mode_t mode = 0666;
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  created_ = descriptor_ >= 0;
  if (!created_ && errno == EEXIST) descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(errno);
}

output_file::~output_file() {
  if (descriptor_ >= 0) close(descriptor_);
  if (created_ && !written_) unlink(path_.c_str());
}

void output_file::write(std::string_view content) {
  if (stream_) {
    if (!(*stream_ << content << std::flush)) fail(EIO);
    return;
  }
  struct stat status{};
  const bool regular = fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (regular && ftruncate(descriptor_, 0) != 0) fail(errno);
  while (!content.empty()) {
    const ssize_t done = ::write(descriptor_, content.data(), content.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(errno);
    content.remove_prefix(static_cast<std::size_t>(done));
  }
  written_ = true;
}

void output_file::fail(int error) const {
  throw output_error(fmt::format("{}: cannot write '{}': {}", option_, path_, reason(error)));
}

void prepare_directory(std::string_view option, const std::string& path) {
  const auto fail = [&](int error) {
    throw output_error(fmt::format("{}: cannot write into '{}': {}", option, path, reason(error)));
  };
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail(error.value());
  std::string probe = path + "/.pawl-XXXXXX";
  const int descriptor = mkstemp(probe.data());
  if (descriptor < 0) fail(errno);
  close(descriptor);
  unlink(probe.c_str());
}

}  // namespace pawl::check::reporting
