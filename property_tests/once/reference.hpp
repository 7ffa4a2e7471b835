#pragma once
// What a once_cell is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "../prediction.hpp"

namespace once_programs {

// Calls are numbered by whoever makes them. What a call returns at once is its result; what it does
// to others is in settled(). Of those who want to make the value, the first is at it.
class reference {
 public:
  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> wait(std::size_t call) {
    if (value_) return outcome(*value_);
    waits_.push_back(call);
    return std::nullopt;
  }
  std::optional<outcome> make(std::size_t call, std::uint64_t n) {
    if (value_) return outcome(*value_);
    makers_.push_back({call, n});
    return std::nullopt;
  }

  outcome try_make(std::uint64_t n) { return value_ ? outcome(*value_) : try_set(n); }
  outcome try_set(std::uint64_t n) {
    if (value_) return pawl::failure(pawl::errc::closed);
    if (!makers_.empty()) return pawl::failure(pawl::errc::would_block);
    set(n);
    return n;
  }

  // Effects: whoever is at it has made it, or can't.
  void finish() {
    if (makers_.empty()) return;
    set(makers_.front().value);
    for (const maker& each : std::exchange(makers_, {})) settled_.push_back({each.call, *value_});
  }
  void fail() {
    if (makers_.empty()) return;
    settled_.push_back({makers_.front().call, pawl::failure(pawl::errc::poisoned)});
    makers_.pop_front();
  }

  void withdraw(std::size_t call) {
    std::erase(waits_, call);
    std::erase_if(makers_, [call](const maker& each) { return each.call == call; });
  }

  bool is_making(std::size_t call) const {
    return !makers_.empty() && makers_.front().call == call;
  }
  const std::optional<std::uint64_t>& value() const { return value_; }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled() { return std::exchange(settled_, {}); }

 private:
  struct maker {
    std::size_t call;
    std::uint64_t value;
  };

  void set(std::uint64_t n) {
    value_ = n;
    for (const std::size_t each : std::exchange(waits_, {})) settled_.push_back({each, n});
  }

  std::optional<std::uint64_t> value_;
  std::deque<maker> makers_;
  std::deque<std::size_t> waits_;
  std::vector<settlement> settled_;
};

}  // namespace once_programs
