#pragma once
// What an event is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "../prediction.hpp"

namespace event_programs {

// Something that is open or closed, by a count: manual_reset_event (0 or 1), latch, wait_group.
// Calls are numbered by whoever makes them. What a call returns at once is its result; what it does
// to others is in settled(), in order.
class gate_reference {
 public:
  explicit gate_reference(pawl::count_t count) : count_(count) {}
  explicit gate_reference(bool is_set) : count_(is_set ? 0 : 1) {}

  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> wait(std::size_t call) {
    if (count_ == 0) return outcome(0);
    queue_.push_back(call);
    return std::nullopt;
  }
  outcome try_wait() const {
    if (count_ == 0) return 0;
    return pawl::failure(pawl::errc::would_block);
  }
  void happen(std::size_t times) {
    count_ -= times;
    if (count_ != 0) return;
    for (const std::size_t each : std::exchange(queue_, {})) settled_.push_back({each, 0});
  }
  void take_back() { ++count_; }
  void withdraw(std::size_t call) { std::erase(queue_, call); }

  std::size_t count() const { return count_; }
  bool has_waiters() const { return !queue_.empty(); }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled() { return std::exchange(settled_, {}); }

 private:
  std::size_t count_;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

// Something that lets one waiter pass each time it happens.
class auto_reference {
 public:
  explicit auto_reference(bool is_set) : is_set_(is_set) {}

  std::optional<outcome> wait(std::size_t call) {
    if (std::exchange(is_set_, false)) return outcome(0);
    queue_.push_back(call);
    return std::nullopt;
  }
  outcome try_wait() {
    if (std::exchange(is_set_, false)) return 0;
    return pawl::failure(pawl::errc::would_block);
  }
  void happen(std::size_t) {
    is_set_ = queue_.empty();
    if (is_set_) return;
    settled_.push_back({queue_.front(), 0});
    queue_.pop_front();
  }
  void take_back() { is_set_ = false; }
  void withdraw(std::size_t call) { std::erase(queue_, call); }

  std::size_t count() const { return is_set_ ? 0 : 1; }
  bool has_waiters() const { return !queue_.empty(); }
  std::vector<settlement> settled() { return std::exchange(settled_, {}); }

 private:
  bool is_set_;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

}  // namespace event_programs
