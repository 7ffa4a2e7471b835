#include <pawl/backend/fault.hpp>
#include <pawl/sync/lock_metrics.hpp>

PAWL_BEGIN

// [metrics.1] relaxed: numbers that stand for themselves; nothing is published. Those who write
// them, but for resets_, have the lock.
constexpr auto plain = memory_order_relaxed;

bool lock_metrics::is_stale() const noexcept { return cleared_.load(plain) != resets_.load(plain); }

void lock_metrics::refresh() noexcept {
  const std::uint64_t resets = resets_.load(plain);
  if (cleared_.load(plain) == resets) return;
  wait_.clear();
  hold_.clear();
  contentions_.store(0, plain);
  cleared_.store(resets, plain);
}

void lock_metrics::count_free() noexcept {
  refresh();
  wait_.record(steady_clock::duration(0));
}

void lock_metrics::count_contended(steady_clock::duration waited) noexcept {
  refresh();
  wait_.record(waited);
  contentions_.store(contentions_.load(plain) + 1, plain);
}

void lock_metrics::count_hold(steady_clock::duration held) noexcept {
  refresh();
  hold_.record(held);
}

lock_metrics_snapshot lock_metrics::snapshot(std::string_view name) const noexcept {
  lock_metrics_snapshot now;
  now.name = name;
  if (is_stale()) return now;
  now.contentions = contentions_.load(plain);
  now.wait = wait_.summary();
  now.hold = hold_.summary();
  return now;
}

void lock_metrics::reset() noexcept {
  resets_.fetch_add(1, plain);
  if (fault::reset_by_anybody) refresh();
}

PAWL_END
