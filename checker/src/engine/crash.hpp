// Turns crashes of the program under test into failures: signals, abort, exit, terminate.
#pragma once

#include <csignal>
#include <cstddef>
#include <exception>
#include <memory>

namespace pawl::check::engine {

/// While it lives, signals of the running OS thread are handled on a stack of their own.
class signal_stack {
 public:
  signal_stack();
  ~signal_stack();
  signal_stack(const signal_stack&) = delete;

 private:
  std::unique_ptr<std::byte[]> handler_, landing_;
  std::byte* former_landing_;
  stack_t former_;
};

/// While it lives, a fatal signal, abort(), exit() or std::terminate on a model thread ends the
/// exploration with a failure that says so. An OS thread other than the one that made it needs a
/// signal_stack. Anywhere else the former handlers act. Process-wide; nests.
class crash_watch {
 public:
  crash_watch();
  ~crash_watch();
  crash_watch(const crash_watch&) = delete;

 private:
  signal_stack stack_;
};

}  // namespace pawl::check::engine
