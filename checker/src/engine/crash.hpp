// Turns crashes of the program under test into failures: signals, abort, exit, terminate.
#pragma once

#include <csignal>
#include <exception>

namespace pawl::check::engine {

/// While it lives, a fatal signal, abort(), exit() or std::terminate on a model thread ends the
/// exploration with a failure that says so. Anywhere else the former handlers act. Process-wide;
/// nests.
class crash_watch {
 public:
  crash_watch();
  ~crash_watch();
  crash_watch(const crash_watch&) = delete;

 private:
  static constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  struct sigaction former_[5];
  stack_t former_stack_;
  std::terminate_handler former_terminate_;
};

}  // namespace pawl::check::engine
