#pragma once
// How durations are distributed, in fixed space.

#include <pawl/backend/backend.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

PAWL_BEGIN

// Durations in short. A percentile is not below the exact one, and above it by an eighth at most.
struct time_summary {
  std::uint64_t count = 0;
  std::chrono::nanoseconds total{0};
  std::chrono::nanoseconds max{0};
  std::chrono::nanoseconds p95{0};
  std::chrono::nanoseconds p999{0};

  friend bool operator==(const time_summary&, const time_summary&) noexcept = default;
};

namespace detail {

// Counts durations in buckets whose widths are an eighth of what is in them: 0 to 7 ns have one
// each; then there are eight for each power of two. What is too long for all of them counts as the
// longest; its sum and maximum are exact.
//
// One writer at a time, each of which has seen what the one before did; anybody may read.
class time_histogram {
 public:
  static constexpr std::size_t buckets = limits::histogram_buckets;

  constexpr time_histogram() noexcept = default;
  time_histogram(const time_histogram&) = delete;
  time_histogram& operator=(const time_histogram&) = delete;

  // Precondition: the caller is the writer.
  void record(std::chrono::nanoseconds t) noexcept;
  void clear() noexcept;

  // Returns: what was recorded. What is recorded meanwhile may be in some of it.
  // Complexity: linear in the number of buckets.
  [[nodiscard]] time_summary summary() const noexcept;

  // Returns: the number of the bucket of t nanoseconds; the longest duration of a bucket.
  static constexpr std::size_t bucket_of(std::uint64_t t) noexcept {
    if (t < 8) return std::min<std::size_t>(t, buckets - 1);
    const auto octave = static_cast<std::size_t>(std::bit_width(t)) - 4;
    return std::min<std::size_t>(8 * octave + (t >> octave), buckets - 1);
  }
  static constexpr std::uint64_t longest_of(std::size_t bucket) noexcept {
    if (bucket < 8) return bucket;
    const std::size_t octave = bucket / 8 - 1;
    return ((bucket % 8 + 9) << octave) - 1;
  }

 private:
  using counter = atomic<std::uint64_t>;

  static void add(counter& c, std::uint64_t n) noexcept;
  static std::uint64_t value(const counter& c) noexcept;

  counter counts_[buckets]{};
  counter total_{0};
  counter max_{0};
};

}  // namespace detail

PAWL_END
