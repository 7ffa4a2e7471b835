#pragma once
// A pool, however its resources are made.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/pool_config.hpp>
#include <pawl/sync/pool_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/task/bit_lock.hpp>

#include <cassert>
#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class R>
class pooled;

namespace detail {

// The ledger under its lock, and a permit for each slot: whoever wants to use one waits for a
// permit first. What is resumed, made or destroyed is so outside of the lock, which is held for a
// fixed number of steps.
class pool_base {
 public:
  using time_point = pool_slot::time_point;

  pool_base(const pool_base&) = delete;
  pool_base& operator=(const pool_base&) = delete;

  [[nodiscard]] const pool_config& config() const noexcept { return config_; }

  // What was true at some moment during the call.
  [[nodiscard]] pool_stats stats() const noexcept;
  [[nodiscard]] bool is_closed() const noexcept { return permits_.is_closed(); }
  [[nodiscard]] bool has_waiters() const noexcept { return permits_.has_waiters(); }

 protected:
  // Precondition: require_valid(config).
  explicit pool_base(const pool_config& config) noexcept
      : config_(config),
        looks_at_clock_(config.metered || config.idle_timeout != pool_config::unlimited ||
                        config.max_lifetime != pool_config::unlimited ||
                        config.health_check_interval != pool_config::unlimited),
        permits_(config.max_size, on_unwind::release),
        ledger_(pool_ledger(config)) {}
  ~pool_base() = default;

  // Effects: f(ledger), locked. Returns: what f returns.
  template <class F>
  auto locked(F f) const noexcept {
    const bit_lock_guard guard(lock_);
    return ledger_.with(f);
  }

  [[nodiscard]] time_point now() const noexcept {
    return looks_at_clock_ ? steady_clock::now() : time_point();
  }

  // Effects: gives a permit back. May be the last access to the pool.
  void release() noexcept { permits_.release(); }

  [[nodiscard]] semaphore& permits() noexcept { return permits_; }

  // Effects: takes a permit, if one is free and nobody waits. Returns: whether it did.
  bool try_take_permit() noexcept {
    auto permit = permits_.try_acquire();
    if (!permit) return false;
    std::move(*permit).forget();
    return true;
  }

  // Effects: the usual acquire of who has a permit: takes an idle resource.
  // Returns: null if that has to be looked into: pool_claim.
  pool_slot* take_fresh() noexcept {
    return locked([now = now()](pool_ledger& l) { return l.take_fresh(now); });
  }

  // A call that waits, if the pool is metered.
  class waiting {
   public:
    explicit waiting(const pool_base& pool) noexcept
        : pool_(pool.config_.metered ? &pool : nullptr) {
      if (pool_ == nullptr) return;
      // [pool.2] relaxed: as [pool.1].
      pool_->waiters_.fetch_add(1, memory_order_relaxed);
      began_ = steady_clock::now();
    }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;
    ~waiting() {
      // [pool.3] relaxed: as [pool.1].
      if (pool_ != nullptr) pool_->waiters_.fetch_sub(1, memory_order_relaxed);
    }

    // Effects: the wait was successful, and counts.
    void succeeded() const noexcept {
      if (pool_ == nullptr) return;
      const auto waited = steady_clock::now() - began_;
      pool_->locked([waited](pool_ledger& l) { l.count_wait(waited); });
    }

   private:
    const pool_base* const pool_;
    time_point began_{};
  };

 private:
  const pool_config config_;
  const bool looks_at_clock_;
  semaphore permits_;
  mutable bit_lock lock_;
  mutable cell<pool_ledger> ledger_;
  mutable atomic<count_t> waiters_{0};
};

inline pool_stats pool_base::stats() const noexcept {
  pool_stats now = locked([](pool_ledger& l) { return l.stats(); });
  // [pool.1] relaxed: a number that stands for itself.
  now.waiters = waiters_.load(memory_order_relaxed);
  return now;
}

// A slot that can hold an R.
template <class R>
struct pool_place : pool_slot {
  pool_place() noexcept {}
  ~pool_place() {}
  union {
    R resource;
  };
};

template <class R>
class pool_claim;

template <class R>
class pool_core : public pool_base {
  static_assert(std::is_object_v<R> && std::is_nothrow_destructible_v<R>,
                "a resource is an object whose destructor does not throw");
  static_assert(std::is_move_constructible_v<R>, "a resource is moved to its place once");

 public:
  // Effects: whoever waits, and whoever comes, fails with `closed`, and so does a call whose
  //   resource is being made or checked, which is destroyed. Idle resources are destroyed, those
  //   that are held when they come back (POOL-CLOSE). Idempotent.
  // Complexity: linear in the number of idle resources.
  void close() noexcept {
    locked([](pool_ledger& l) { l.close(); });
    permits().close();
    while (pool_slot* const slot = locked([](pool_ledger& l) { return l.take_any(); })) {
      destroy(*slot, destroy_reason::closed);
    }
  }

 protected:
  explicit pool_core(const pool_config& config)
      : pool_base(config), places_(std::make_unique<place[]>(config.max_size)) {
    for (count_t i = config.max_size; i != 0; --i) {
      locked([&](pool_ledger& l) { l.add_empty(places_[i - 1]); });
    }
  }

  // Returns: the resource, with the permit that it was taken by.
  pooled<R> lend(pool_slot& slot) noexcept { return pooled<R>(*this, slot); }

  // Precondition: no resource is held, no call is in progress, except one that gives a resource
  //   back which somebody else has acquired since: whoever has the last one may destroy the pool.
  ~pool_core() {
    while (pool_slot* const slot = locked([](pool_ledger& l) { return l.take_any(); })) {
      std::destroy_at(&resource_of(*slot));
    }
  }

 private:
  friend class pooled<R>;
  friend class pool_claim<R>;

  using place = pool_place<R>;

  static R& resource_of(pool_slot& slot) noexcept { return static_cast<place&>(slot).resource; }

  void destroy(pool_slot& slot, destroy_reason why) noexcept {
    std::destroy_at(&resource_of(slot));
    locked([&](pool_ledger& l) { l.destroyed(slot, why); });
  }

  // Effects: puts a resource where others find it, or destroys it.
  void keep(pool_slot& slot, bool unfit = false) noexcept {
    const bool kept = locked([&](pool_ledger& l) { return l.put_back(slot, unfit); });
    if (!kept) destroy(slot, destroy_reason::closed);
  }

  // Effects: the resource comes back from who held it. May be the last access to the pool: so the
  //   permit comes last.
  void take_back(pool_slot& slot, bool is_fit) noexcept {
    if (fault::released_before_kept) release();
    if (is_fit) {
      if (config().idle_timeout != pool_config::unlimited) slot.since = now();
      keep(slot);
    } else {
      destroy(slot, destroy_reason::discarded);
    }
    if (!fault::released_before_kept) release();
  }

  // Returns: whether an exception unwinds the holder that was not in flight when it was acquired.
  [[nodiscard]] bool is_unwinding(const pool_slot& slot) const noexcept {
    if (nothing_is_in_flight()) return false;
    return uncaught_exceptions() > slot.exceptions && config().if_unwound == on_unwind::poison;
  }

  const std::unique_ptr<place[]> places_;
};

}  // namespace detail

PAWL_END
