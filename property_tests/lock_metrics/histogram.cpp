// What the histogram says of random durations, beside what sorting them says.

#include <pawl/sync/time_histogram.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "property.hpp"

namespace {

using samples = std::vector<std::uint64_t>;

// Of any magnitude up to some minutes.
rc::Gen<samples> any_samples() {
  const auto one = rc::gen::mapcat(rc::gen::inRange(0, 40), [](int bits) {
    return rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << bits);
  });
  return rc::gen::nonEmpty(rc::gen::container<samples>(one));
}

// The shortest one that `rest` per mille at most are longer than.
std::uint64_t percentile(const samples& sorted, std::uint64_t rest) {
  return sorted[sorted.size() - sorted.size() * rest / 1000 - 1];
}

void require_near(std::uint64_t exact, std::chrono::nanoseconds told) {
  const auto t = static_cast<std::uint64_t>(told.count());
  RC_ASSERT(t >= exact);
  RC_ASSERT(t - exact <= exact / 8);
}

const property p("lock_metrics.histogram", "percentiles are exact but for an eighth", 5000, [] {
  samples all = *any_samples();
  pawl::detail::time_histogram histogram;
  for (const std::uint64_t each : all) histogram.record(std::chrono::nanoseconds(each));
  std::ranges::sort(all);
  const auto told = histogram.summary();
  RC_ASSERT(told.count == all.size());
  RC_ASSERT(static_cast<std::uint64_t>(told.max.count()) == all.back());
  RC_ASSERT(static_cast<std::uint64_t>(told.total.count()) ==
            std::accumulate(all.begin(), all.end(), std::uint64_t{0}));
  require_near(percentile(all, 50), told.p95);
  require_near(percentile(all, 1), told.p999);
});

}  // namespace
