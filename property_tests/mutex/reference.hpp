#pragma once
// What a mutex is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace mutex_programs {

// Calls are numbered by whoever makes them. What a call returns at once is its result; what it does
// to others is in settled(), in order.
class reference {
 public:
  using outcome = pawl::result<std::uint64_t>;  // how many had the lock before, or why not

  struct settlement {
    std::size_t call;
    outcome how;
  };

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

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  std::uint64_t enter();

  bool locked_ = false;
  bool poisoned_ = false;
  std::uint64_t entries_ = 0;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

}  // namespace mutex_programs
