#pragma once
// What a lock has cost those who used it.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/time_histogram.hpp>

#include <cstdint>
#include <string_view>

PAWL_BEGIN

// The metrics of a lock at some time.
struct lock_metrics_snapshot {
  std::string_view name;
  std::uint64_t contentions = 0;  // acquisitions that had to wait
  time_summary wait;              // of each acquisition, 0 if it was not contended
  time_summary hold;              // of each that has ended

  [[nodiscard]] std::uint64_t acquisitions() const noexcept { return wait.count; }

  friend bool operator==(const lock_metrics_snapshot&,
                         const lock_metrics_snapshot&) noexcept = default;
};

// Counts acquisitions, contentions, and the time of waiting and holding. Whoever has the lock
// counts, by plain loads and stores, before it lets go: so the instrument needs no lock and no
// read-modify-write of its own, and loses nothing (METRICS-EXACT).
class lock_metrics {
 public:
  using time_point = steady_clock::time_point;

  constexpr lock_metrics() noexcept = default;
  lock_metrics(const lock_metrics&) = delete;
  lock_metrics& operator=(const lock_metrics&) = delete;

  // Effects: counts an acquisition, and the time that it had to wait, if it had.
  // Precondition: the caller has the lock; so for the next one.
  void count_free() noexcept;
  void count_contended(steady_clock::duration waited) noexcept;

  // Effects: counts the time that the lock was held.
  void count_hold(steady_clock::duration held) noexcept;

  // Returns: what was counted since the last reset. Of an acquisition or a release that is counted
  //   meanwhile, some numbers may be in it and some not; each is one that it had during the call.
  // Complexity: linear in the number of buckets; nobody waits for it.
  [[nodiscard]] lock_metrics_snapshot snapshot(std::string_view name = {}) const noexcept;

  // Effects: forgets what was counted before. Of an acquisition in progress, the hold time will be
  //   counted. Any thread may call it at any time.
  // Complexity: constant; the next one that counts clears the buckets.
  void reset() noexcept;

 private:
  [[nodiscard]] bool is_stale() const noexcept;
  void refresh() noexcept;

  detail::time_histogram wait_;
  detail::time_histogram hold_;
  atomic<std::uint64_t> contentions_{0};
  atomic<std::uint64_t> resets_{0};   // asked for
  atomic<std::uint64_t> cleared_{0};  // done, by who has the lock
};

PAWL_END
