#pragma once
// What a mutex is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace mutex_programs {

// The number of an outcome is how many had the lock before. Calls are numbered by whoever makes
// them. What a call returns at once is its result; what it does to others is in settled(), in
// order.
class reference {
 public:
  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> lock(std::size_t call);
  outcome try_lock();
  outcome clear_poison();
  void unlock();
  void unwind();
  void poison();
  void withdraw(std::size_t call);

  bool is_locked() const { return locked_; }
  bool is_poisoned() const { return poisoned_; }
  bool has_waiters() const { return !queue_.empty(); }

  // How many have had the lock, and how many of them had to wait.
  std::uint64_t entries() const { return entries_; }
  std::uint64_t contended() const { return contended_; }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  std::uint64_t enter();

  bool locked_ = false;
  bool poisoned_ = false;
  std::uint64_t entries_ = 0;
  std::uint64_t contended_ = 0;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

}  // namespace mutex_programs
