#include <pawl/sync/time_histogram.hpp>

PAWL_BEGIN

namespace detail {

// The writers follow one another, so no read-modify-write is needed.
void time_histogram::add(counter& c, std::uint64_t n) noexcept {
  // [histogram.1] relaxed: a number that stands for itself; nothing is published.
  c.store(value(c) + n, memory_order_relaxed);
}

std::uint64_t time_histogram::value(const counter& c) noexcept {
  // [histogram.2] relaxed: as [histogram.1].
  return c.load(memory_order_relaxed);
}

void time_histogram::record(std::chrono::nanoseconds t) noexcept {
  const auto n = static_cast<std::uint64_t>(std::max(t, std::chrono::nanoseconds(0)).count());
  add(counts_[bucket_of(n)], 1);
  if (n == 0) return;
  add(total_, n);
  // [histogram.3] relaxed: as [histogram.1].
  if (n > value(max_)) max_.store(n, memory_order_relaxed);
}

void time_histogram::clear() noexcept {
  const auto zero = [](counter& c) {
    // [histogram.4] relaxed: as [histogram.1].
    c.store(0, memory_order_relaxed);
  };
  for (counter& each : counts_) zero(each);
  zero(total_);
  zero(max_);
}

time_summary time_histogram::summary() const noexcept {
  std::uint64_t counts[buckets];
  time_summary all;
  for (std::size_t i = 0; i < buckets; ++i) all.count += counts[i] = value(counts_[i]);
  const std::uint64_t longest = value(max_);
  all.total = std::chrono::nanoseconds(value(total_));
  all.max = std::chrono::nanoseconds(longest);
  // The shortest duration than which all but `rest` per mille are not longer.
  const auto percentile = [&](std::uint64_t rest) {
    std::uint64_t missing = all.count - (all.count / 1000 * rest + all.count % 1000 * rest / 1000);
    std::size_t i = 0;
    while (i + 1 < buckets && counts[i] < missing) missing -= counts[i++];
    const bool is_last = i + 1 == buckets;
    const std::uint64_t bound = is_last ? longest : std::min(longest, longest_of(i));
    return std::chrono::nanoseconds(bound);
  };
  if (all.count != 0) {
    all.p95 = percentile(50);
    all.p999 = percentile(1);
  }
  return all;
}

}  // namespace detail

PAWL_END
