#pragma once
// How a pool is to behave, and what it tells about itself.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/waiter.hpp>

#include <array>
#include <cstdint>
#include <string_view>

PAWL_BEGIN

// Why a pool has destroyed a resource.
enum class destroy_reason : std::uint8_t {
  unhealthy,     // a health check said so
  idle_timeout,  // nobody wanted it for so long
  max_lifetime,  // it was made so long ago
  discarded,     // who held it discarded it, marked it broken, or died of an exception; so did its
                 // check, or it was stopped
  closed,        // it came back, or was idle, when the pool was closed
};

// Returns: the enumerator's name, e.g. "idle_timeout".
std::string_view to_string(destroy_reason why) noexcept;

// What warm_up does if not all that it is to make can be made.
enum class warm_up_strategy : std::uint8_t {
  best_effort,      // tries each once, and is content with what there is
  fail_fast,        // the first failure ends it, and is its result
  require_minimum,  // as best_effort, but it fails if there are fewer than min_size then
};

struct pool_config {
  using duration = steady_clock::duration;

  // A limit that is never reached.
  static constexpr duration unlimited = duration::max();

  count_t min_size = 1;   // maintenance makes so many, if there are fewer
  count_t max_size = 10;  // there are never more, those that are being made included

  // How long a call without a stop token and a deadline waits.
  duration acquire_timeout = std::chrono::seconds(30);

  // What was idle for so long, or made so long ago, is not given out any more.
  duration idle_timeout = std::chrono::minutes(10);
  duration max_lifetime = std::chrono::hours(1);

  // Whether a resource is checked before it is given out again, and how long an idle one may be
  // unchecked when maintenance comes by.
  bool health_check_on_acquire = false;
  duration health_check_interval = unlimited;

  // Whether an unhealthy resource is destroyed at once. Otherwise it is set aside, and not given
  // out, until a later check finds it healthy or its place is needed.
  bool evict_unhealthy = true;

  // How long maintain() waits between two rounds, at most.
  duration maintenance_interval = std::chrono::seconds(30);

  count_t warm_up_size = 0;  // warm_up() makes so many
  duration warm_up_timeout = std::chrono::seconds(30);
  warm_up_strategy on_warm_up_failure = warm_up_strategy::best_effort;

  // Whether a resource is discarded if its guard dies of an exception: it may be half changed.
  on_unwind if_unwound = on_unwind::poison;

  // Whether waiters are counted, and how long calls wait and resources are held. Without it, and
  // without idle_timeout and max_lifetime, nobody looks at the clock.
  bool metered = true;

  friend bool operator==(const pool_config&, const pool_config&) noexcept = default;
};

// What there is in a pool, and what came to pass: all at one moment, but for `waiters`.
struct pool_stats {
  // active + idle + creating = total <= max_size (POOL-CONSERVE).
  count_t active = 0;    // held, or being checked
  count_t idle = 0;      // those set aside as unhealthy included
  count_t creating = 0;  // places whose resource is being made
  count_t total = 0;
  count_t max_size = 0;

  count_t waiters = 0;  // if metered

  std::uint64_t acquisitions = 0;
  steady_clock::duration total_wait_time{};  // of those, if metered
  std::uint64_t created = 0;
  std::uint64_t failed = 0;         // attempts to make one that made none
  std::uint64_t failed_checks = 0;  // that threw, or were stopped: the resource was discarded
  std::array<std::uint64_t, 5> destroyed = {};  // by destroy_reason

  [[nodiscard]] std::uint64_t destroyed_for(destroy_reason why) const noexcept {
    return destroyed[static_cast<std::size_t>(why)];
  }

  friend bool operator==(const pool_stats&, const pool_stats&) noexcept = default;
};

// What a round of maintenance has done.
struct pool_round {
  count_t checked = 0;
  count_t evicted = 0;
  count_t created = 0;

  friend bool operator==(const pool_round&, const pool_round&) noexcept = default;
};

namespace detail {

// Throws: std::invalid_argument that names the member at fault, and its limit.
void require_valid(const pool_config& config, bool has_health_check);

}  // namespace detail

PAWL_END
