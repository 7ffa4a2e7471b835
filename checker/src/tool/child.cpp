#include "tool/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

[[noreturn]] void fail(const std::string& program, int error) {
  throw usage_error(
      fmt::format("cannot run '{}': {}", program, std::generic_category().message(error)));
}

/// A pipe whose ends close by themselves.
class channel {
 public:
  explicit channel(const std::string& program) {
    if (pipe2(ends_, O_CLOEXEC) != 0) fail(program, errno);
  }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;
  ~channel() {
    close(ends_[0]);
    close_writer();
  }

  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_writer() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  std::string read_all() {
    std::string text;
    char buffer[4096];
    for (;;) {
      const ssize_t got = read(ends_[0], buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }

 private:
  int ends_[2] = {-1, -1};
};

pid_t start(const std::vector<std::string>& words, int output) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (output != STDOUT_FILENO) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = 0;
  const int error = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(words[0], error);
  return child;
}

}  // namespace

ending run_child(const std::vector<std::string>& words, child_output where) {
  const bool captured = where == child_output::captured;
  channel output(words[0]);
  const pid_t child = start(words, captured                          ? output.writer()
                                   : where == child_output::to_error ? STDERR_FILENO
                                                                     : STDOUT_FILENO);
  output.close_writer();
  ending end;
  if (captured) end.output = output.read_all();
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.code = WEXITSTATUS(status);
  }
  return end;
}

}  // namespace pawl::check::tool
