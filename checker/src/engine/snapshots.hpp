// States of the running program at branch points, to go on from there instead of from the start.
//
// A snapshot is taken when an event leaves other work pending: all threads stand before their next
// event, and what they have executed are the events stamped before that one. It holds their stacks
// and heaps, byte for byte, to be put back at the same addresses. Snapshots are a stack, like the
// pending work; the explorer says which of them the graph still contains (explorer::branches).
//
// Nothing else is put back. A program that keeps state elsewhere has to start anew every time. It
// is told by what it does: it writes static data (write_watch), has captures, or called malloc() in
// this run (fiber::out_of_reach). Native thread_local variables, what the C library keeps (errno,
// the state of rand()) and memory that was allocated before the exploration go unnoticed, unless a
// failure does not repeat itself (runtime::confirm).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pawl::check::engine {

class runtime;

class snapshot_stack {
 public:
  /// Effects: pushes the state of the program, all of whose threads are suspended.
  /// Returns: false if it is too large to be worth it; nothing is pushed then.
  bool take(const runtime&);
  /// Effects: makes snapshot n the state of the program.
  void restore(std::size_t n, runtime&) const;
  void truncate(std::size_t n);
  [[nodiscard]] std::size_t size() const { return begins_.size(); }

 private:
  static constexpr std::size_t largest = std::size_t{256} << 10, room = std::size_t{64} << 20;

  std::vector<std::size_t> begins_;  // Offsets into bytes_.
  std::vector<std::byte> bytes_;
  std::size_t top_ = 0;
};

}  // namespace pawl::check::engine
