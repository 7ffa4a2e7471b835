#pragma once
// Calls of the pool as coroutines (models/support.hpp). What they return is how often the resource
// had been used.

#include <pawl/sync/pool.hpp>

#include "../support.hpp"

namespace models {

using pawl::errc;
using pawl::pool_config;

// Counts the resources that there are.
class census {
 public:
  explicit census(count_t most) : most_(most) {}

  void born() {
    require(live_.fetch_add(1, pawl::memory_order_relaxed) < most_, "POOL-CONSERVE: too many");
    made_.fetch_add(1, pawl::memory_order_relaxed);
  }
  void died() {
    require(live_.fetch_sub(1, pawl::memory_order_relaxed) != 0, "one was destroyed twice");
  }

  count_t live() const { return live_.load(pawl::memory_order_relaxed); }
  count_t made() const { return made_.load(pawl::memory_order_relaxed); }

 private:
  const count_t most_;
  pawl::atomic<count_t> live_{0}, made_{0};
};

// A resource whose accesses are checked: using it without having been given it is a data race.
class resource {
 public:
  explicit resource(census* of) : of_(of) {
    if (of_ != nullptr) of_->born();
  }
  resource(resource&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  ~resource() {
    uses_.write(~count_t{0});
    if (of_ != nullptr) of_->died();
  }

  // Returns: how often it was used before.
  count_t use() {
    const count_t before = uses_.read();
    uses_.write(before + 1);
    return before;
  }
  count_t uses() const { return uses_.read(); }

 private:
  census* of_;
  pawl::cell<count_t> uses_{0};
};

using pooled = pawl::pooled<resource>;

// Makes one at once.
struct maker {
  census* of = nullptr;
  resource operator()() const { return resource(of); }
};
using pool = pawl::pool<resource, maker>;

// No clock, no minimum.
inline pool_config size(count_t max_size, count_t min_size = 0) {
  return {.min_size = min_size,
          .max_size = max_size,
          .acquire_timeout = pool_config::unlimited,
          .idle_timeout = pool_config::unlimited,
          .max_lifetime = pool_config::unlimited,
          .metered = false};
}

inline pawl::result<count_t> use(pawl::result<pooled> given) {
  if (!given) return tl::unexpected(given.error());
  return (*given)->use();
}

template <class Pool, class... Arguments>
call use(Pool& p, Arguments... arguments) {
  auto given = co_await p.acquire(arguments...);
  co_return use(std::move(given));
}
template <class Pool, class... Arguments>
call use(in_waker, Pool& p, Arguments... arguments) {
  auto given = co_await p.acquire(arguments...);
  co_return use(std::move(given));
}

// Whether nothing is lost: as many can be had as there may be.
template <class Pool>
bool is_whole(Pool& p) {
  pooled all[3];
  for (count_t i = 0; i < p.config().max_size; ++i) {
    auto one = p.try_acquire();
    if (!one) return false;
    all[i] = *std::move(one);
  }
  const pawl::pool_stats now = p.stats();
  return failed_with(p.try_acquire(), errc::would_block) && now.active == now.max_size &&
         now.idle == 0 && now.creating == 0;
}

}  // namespace models
