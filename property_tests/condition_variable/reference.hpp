#pragma once
// What a condition variable is, if nobody has its mutex for long: written for the reader, one
// thread, no tricks.

#include <pawl/error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace condition_programs {

// Calls are numbered by whoever makes them. What a call returns at once is its result; what it does
// to others is in settled(), in order.
class reference {
 public:
  // The call waits for so many notifications, of which the last but one puts it at the end of the
  // queue again.
  std::optional<outcome> wait(std::size_t call, unsigned notifications);
  bool notify_one();
  std::uint64_t notify_all();
  void withdraw(std::size_t call);

  bool has_waiters() const { return !queue_.empty(); }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  struct waiting {
    std::size_t call;
    unsigned notifications;
  };

  std::deque<waiting> queue_;
  std::vector<settlement> settled_;
};

}  // namespace condition_programs
