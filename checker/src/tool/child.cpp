#include "tool/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

[[noreturn]] void fail(const std::string& program, int error) {
  // The system says only that it may not be executed.
  if (struct stat status{}; stat(program.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    error = EISDIR;
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

constexpr std::array relayed{SIGINT, SIGTERM, SIGHUP};
volatile pid_t running = 0;  // The child.
volatile std::sig_atomic_t relayed_signal = 0;

// The child may get it by itself, too: it can tell which one comes from here.
void relay(int signal) {
  relayed_signal = signal;
  if (running > 0) sigqueue(running, signal, {});
}

pid_t start(const std::vector<std::string>& words, int output, bool reads) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!reads) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
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
  const int to = captured                          ? output.writer()
                 : where == child_output::to_error ? STDERR_FILENO
                                                   : STDOUT_FILENO;
  const pid_t child = start(words, to, !captured);
  output.close_writer();
  ending end;
  if (captured) end.output = output.read_all();
  running = child;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  running = 0;
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.code = WEXITSTATUS(status);
  }
  return end;
}

signal_relay::signal_relay() noexcept {
  relayed_signal = 0;
  struct sigaction action{};
  action.sa_handler = relay;
  for (std::size_t i = 0; i < relayed.size(); ++i) sigaction(relayed[i], &action, &previous_[i]);
}

signal_relay::~signal_relay() {
  for (std::size_t i = 0; i < relayed.size(); ++i) sigaction(relayed[i], &previous_[i], nullptr);
}

bool signal_relay::requested() const noexcept { return relayed_signal != 0; }

}  // namespace pawl::check::tool
