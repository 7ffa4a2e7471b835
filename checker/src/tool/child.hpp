// Running another program and waiting for it.
#pragma once

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace pawl::check::tool {

/// How a program ended.
struct ending {
  int code = 0;        ///< Exit code; meaningless if a signal ended it.
  int signal = 0;      ///< 0: none.
  std::string output;  ///< What it printed, if that was captured.
};

/// Where the standard output of a child goes.
enum class child_output {
  shared,    ///< Where ours goes.
  to_error,  ///< To our standard error.
  captured,  ///< Into ending::output; it has nothing to read then.
};

/// Runs `words[0]` (a path; not looked up in PATH) with the other words as arguments and waits.
/// Throws usage_error, which names the program and the reason, if it cannot be started.
[[nodiscard]] ending run_child(const std::vector<std::string>& words, child_output);

/// While it lives, SIGINT, SIGTERM and SIGHUP are relayed to the child that runs, so that we can
/// tidy up after it. One at a time.
class signal_relay {
 public:
  signal_relay() noexcept;
  signal_relay(const signal_relay&) = delete;
  ~signal_relay();

  [[nodiscard]] bool requested() const noexcept;

 private:
  std::array<struct sigaction, 3> previous_{};
};

}  // namespace pawl::check::tool
