#pragma once

#include "graph.hpp"
#include "program.hpp"

namespace pawl::oracle {

/// Where one thread of a program stands: its next operation and its registers. The code must
/// outlive the cursor. To run a program on another machine, perform `pending()` there, with
/// `operand()` as the value to write, and tell the cursor what was read:
///
///     cursor c(code, registers);
///     while (auto* o = c.pending()) c.perform(machine.run(*o, c.operand()));
class cursor {
 public:
  cursor(const thread& code, int registers);

  /// The next access or fence; null when the thread has ended. Jumps are already taken.
  const operation* pending() const noexcept;

  /// The constant, plus the register of a store, that the pending operation works with.
  value operand() const noexcept;

  /// Completes the pending operation, which read `read` (ignored if it doesn't read), and moves to
  /// the next one. Returns the event that came of it, without its source.
  event perform(value read);

  const std::vector<value>& registers() const noexcept { return registers_; }

 private:
  void jump();

  const thread* code_;
  std::size_t position_ = 0;
  std::vector<value> registers_;
};

}  // namespace pawl::oracle
