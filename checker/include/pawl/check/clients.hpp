// Small programs around an object, drawn by choose(): no need to write them one by one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <source_location>
#include <vector>

#include <pawl/check/claims.hpp>

namespace pawl::check {

/// What each thread of a small program does, one operation after the other; operations are numbers.
using client = std::vector<std::vector<std::uint32_t>>;

/// What clients consist of. They have an operation at least.
struct client_bounds {
  std::uint32_t threads;     ///< At most.
  std::uint32_t operations;  ///< At most, of all threads together.
  std::uint32_t kinds;       ///< Operations are numbers below this.
};

/// Returns each client within the bounds, one per execution. Of those that differ only in the order
/// of the threads, one is returned; threads with more operations come first, and none has none.
/// Preconditions: no bound is 0; kinds to the power of operations is less than 2^32.
///
/// One worker that searches exhaustively comes to clients of fewer operations first. So what it
/// finds wrong is shown by a client that can't be made smaller.
[[nodiscard]] inline client choose_client(
    client_bounds b, std::source_location where = std::source_location::current()) {
  client out;
  std::uint32_t left = 1 + choose(b.operations, where);
  std::uint32_t longest = left, least = 0;  // Of the next thread: its length, its program.
  for (std::uint32_t threads = b.threads; left > 0; --threads) {
    const std::uint32_t shortest = (left + threads - 1) / threads;
    const std::uint32_t length = shortest + choose(std::min(longest, left) - shortest + 1, where);
    std::uint32_t programs = 1;
    for (std::uint32_t i = 0; i < length; ++i) programs *= b.kinds;
    if (length != longest || out.empty()) least = 0;
    std::uint32_t program = least + choose(programs - least, where);
    least = program;
    longest = length;
    left -= length;
    auto& operations = out.emplace_back(length);
    for (std::uint32_t& each : operations) {
      each = program % b.kinds;
      program /= b.kinds;
    }
  }
  return out;
}

}  // namespace pawl::check
