#pragma once
// What a notify is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace notify_programs {

// Calls are numbered by whoever makes them. What a call returns at once is its result; what it does
// to others is in settled(), in order.
class reference {
 public:
  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> wait(std::size_t call);
  outcome try_wait();
  void notify_one();
  void notify_last();
  void notify_waiters();
  void withdraw(std::size_t call);

  // The one place that may be taken without being awaited.
  void enable();
  void give_up();
  bool has_notified_place() const { return place_ != place::none && place_ != place::waiting; }

  bool has_waiters() const { return !queue_.empty(); }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  enum class place { none, waiting, got_one, got_last, told_with_all };

  static constexpr std::size_t of_place = ~std::size_t{0};

  void settle(std::size_t call, place how);

  bool is_stored_ = false;
  place place_ = place::none;
  std::deque<std::size_t> queue_;  // of calls, and the place
  std::vector<settlement> settled_;
};

}  // namespace notify_programs
