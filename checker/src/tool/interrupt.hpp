// Ctrl-C: the first press asks to stop, the second ends the process.
#pragma once

#include <csignal>

namespace pawl::check::tool {

/// While it lives, SIGINT sets a flag; a second one exits with 130 at once. One that another
/// process relays (sigqueue) only sets the flag, since it may be the same press. One at a time.
class interrupt_guard {
 public:
  interrupt_guard() noexcept;
  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;
  ~interrupt_guard();

  [[nodiscard]] bool requested() const noexcept;

 private:
  struct sigaction previous_{};
};

}  // namespace pawl::check::tool
