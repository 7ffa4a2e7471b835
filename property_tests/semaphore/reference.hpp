#pragma once
// What a semaphore is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>
#include <pawl/sync/semaphore.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace semaphore_programs {

// The number of an outcome is how many permits. Calls are numbered by whoever makes them. What a
// call returns at once is its result; what it does to others is in settled(), in order.
class reference {
 public:
  using count_t = pawl::count_t;

  explicit reference(count_t permits);

  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> acquire(std::size_t call, count_t least, count_t most);
  outcome try_acquire(count_t least, count_t most);
  void release(count_t n);
  pawl::result<void> try_release(count_t n);
  count_t forget_free(count_t n);
  void shrink(count_t n);
  void withdraw(std::size_t call);
  void poison();
  void close();

  count_t available() const { return poisoned_ ? 0 : free(); }
  bool has_waiters() const { return !queue_.empty(); }
  bool is_poisoned() const { return poisoned_; }
  bool is_closed() const { return closed_; }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  struct waiter {
    std::size_t call;
    count_t least;
    count_t most;
  };

  count_t free() const { return permits_ > 0 ? static_cast<count_t>(permits_) : 0; }
  bool fits(count_t least) const { return permits_ >= static_cast<std::int64_t>(least); }
  count_t take(count_t least, count_t most);
  void grant_in_turn();
  void fail_all();

  std::int64_t permits_;  // negative: debt
  bool poisoned_ = false;
  bool closed_ = false;
  std::deque<waiter> queue_;
  std::vector<settlement> settled_;
};

}  // namespace semaphore_programs
