#pragma once
// What a barrier is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace barrier_programs {

// The number of an outcome is 1 for the leader of a generation, and 0 for the others. Calls are
// numbered by whoever makes them. What a call returns at once is its result; what it does to others
// is in settled(), in order.
class reference {
 public:
  explicit reference(pawl::count_t parties) : parties_(parties), missing_(parties) {}

  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> meet(std::size_t call);
  outcome try_meet();
  outcome drop();
  void withdraw(std::size_t call);

  pawl::count_t parties() const { return parties_; }
  bool has_waiters() const { return !queue_.empty(); }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  // Returns: whether that was the last.
  bool arrive();

  pawl::count_t parties_;
  pawl::count_t missing_;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

}  // namespace barrier_programs
