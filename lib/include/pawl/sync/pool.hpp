#pragma once
// A pool of resources that are expensive to make.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/permit.hpp>
#include <pawl/sync/pool_acquire.hpp>
#include <pawl/sync/pool_config.hpp>
#include <pawl/sync/pool_upkeep.hpp>
#include <pawl/sync/pooled.hpp>
#include <pawl/task/ready_or_task.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>

#include <concepts>
#include <optional>
#include <utility>

PAWL_BEGIN

// At most max_size resources: whoever needs one gets that which was used last, or, if none is idle,
// a new one, or waits until one comes back.
//
// Factory: a function that makes a resource, R or tl::expected<R, E>; or a coroutine, a task of
//   that. Check: a function of R&, or a coroutine, that says whether the resource is healthy. Both
//   may be called by several threads at a time. If one of them is a coroutine, calls that have to
//   wait or to make a resource are coroutines, too, with a frame; otherwise nothing allocates.
// Accounting: active + idle + being made = total <= max_size, always (POOL-CONSERVE). Whatever
//   becomes of a call at whatever point, its place is not lost (POOL-NO-LOST-SLOT): a factory that
//   fails or throws, a stop, a deadline, a coroutine that is destroyed (POOL-CANCEL).
// Order: strictly first come, first served (POOL-FIFO), as semaphore has it. If what comes back is
//   not a resource but its place, the call whose turn it is makes one.
// Four ways to wait: co_await acquire() · the same with a stop_token or a deadline ·
//   acquire_blocking() from a plain thread · try_acquire(). Each gives
//   tl::expected<pooled<R>, E>; errors: cancelled, timed_out, closed, of a try would_block, or that
//   of the factory. What a factory or check throws leaves the call.
// Fresh: nothing is given out that was idle for idle_timeout or made max_lifetime ago (POOL-FRESH),
//   and nothing that health_check_on_acquire has found unhealthy. There is no hidden thread: to
//   have idle ones evicted and checked in time, and min_size kept, run maintain().
// Memory ordering: what happens before the return of a resource happens before the return of the
//   acquire that takes it, and before the check that sees it (POOL-HB).
// Progress: no call blocks the thread but those that say so. All hold one bit of a lock for a fixed
//   number of steps, without user code. Where a waiter resumes: as semaphore has it.
template <class R, class Factory, class Check = no_health_check>
  requires detail::makes_resource<Factory, R> && detail::checks_resource<Check, R>
class pool : public detail::pool_upkeep<R, Factory, Check> {
  using base = detail::pool_upkeep<R, Factory, Check>;
  using claim = detail::pool_claim<R>;
  using mode = detail::acquire_terms::mode;

 public:
  using resource = R;
  using typename base::outcome;

  // Effects: makes no resource yet: see warm_up().
  // Throws: std::invalid_argument if the configuration contradicts itself; std::bad_alloc.
  explicit pool(Factory make, const pool_config& config = {})
    requires std::same_as<Check, no_health_check>
      : base(std::move(make), {}, valid(config, false)) {}
  pool(Factory make, Check check, const pool_config& config = {})
      : base(std::move(make), std::move(check), valid(config, true)) {}

  // Precondition: see pool_core. Effects: destroys what is idle.
  ~pool() = default;

  // Effects: waits in turn for a resource or a place to make one; acquire_timeout ends the wait
  //   with `timed_out`. A factory or a check that is a coroutine is asked to stop then, too: what
  //   it has made, or found healthy, nevertheless, is given out; a resource whose check does not
  //   tell is discarded. (A function is not interrupted.)
  auto acquire() {
    if constexpr (base::is_async) {
      return acquire_by({});
    } else {
      return pool_acquire_op<pool>(*this);
    }
  }

  // Effects: as above; a stop request, in place of acquire_timeout, ends the wait with `cancelled`.
  //   If the stop was requested before the call, nothing is taken. A factory or a check that is a
  //   coroutine is asked to stop by it, too.
  auto acquire(stop_token token) { return acquire_by({.how = mode::stoppable, .token = token}); }

  // Effects: as above, until a deadline. If it has passed before, what needs no wait is acquired
  //   nevertheless.
  auto acquire_until(steady_clock::time_point deadline) {
    return acquire_by({.how = mode::timed, .deadline = deadline});
  }
  auto acquire_for(steady_clock::duration timeout) {
    return acquire_until(detail::deadline_after(timeout));
  }

  // Effects: as the acquire of the same arguments, but blocks the calling thread, which runs the
  //   factory. Precondition: neither factory nor check is a coroutine.
  outcome acquire_blocking() {
    const auto timeout = this->config().acquire_timeout;
    if (timeout != pool_config::unlimited) return acquire_blocking_for(timeout);
    return acquire_here([this] { return this->permits().acquire_blocking(); });
  }
  outcome acquire_blocking(stop_token token) {
    if (token.stop_requested()) return base::refused({errc::cancelled});
    return acquire_here([this, token] { return this->permits().acquire_blocking(1, token); });
  }
  outcome acquire_blocking_until(steady_clock::time_point deadline) {
    return acquire_here(
        [this, deadline] { return this->permits().acquire_blocking_until(1, deadline); });
  }
  outcome acquire_blocking_for(steady_clock::duration timeout) {
    return acquire_here(
        [this, timeout] { return this->permits().acquire_blocking_for(1, timeout); });
  }

  // Effects: acquires what is idle, if nobody waits; if nothing is idle, and there are fewer than
  //   max_size, makes one. If the factory is a coroutine, only what is idle, and nothing if the
  //   check that is due is one.
  // Returns: would_block, closed, or the error of the factory.
  outcome try_acquire() { return own(this->permits().try_acquire()); }

 private:
  friend class detail::pool_acquire_awaiter<pool>;

  static pool_config valid(const pool_config& config, bool has_health_check) {
    detail::require_valid(config, has_health_check);
    return config;
  }

  // A call that takes what is idle, or waits in turn.
  struct acquiring {
    pool& from;
    detail::acquire_terms terms;

    std::optional<outcome> look() {
      if (terms.token.stop_requested()) return std::nullopt;
      outcome now = from.try_acquire_idle();
      if (!now) return std::nullopt;
      return now;
    }
    task<outcome> make() { return from.acquire_in_turn(terms); }
  };

  auto acquire_by(detail::acquire_terms terms) {
    if constexpr (base::is_async) {
      return ready_or_task<outcome, acquiring>(acquiring{*this, terms});
    } else {
      return pool_acquire_op<pool>(*this, terms);
    }
  }

  outcome try_acquire_idle() {
    if (!this->try_take_permit()) return base::refused({errc::would_block});
    return base::hand_out_now(false);
  }

  task<outcome> acquire_in_turn(detail::acquire_terms terms) {
    if (terms.how == mode::plain) terms = base::terms_for(this->config().acquire_timeout);
    std::optional<typename base::waiting> wait(std::in_place, *this);
    auto granted = co_await queue_up(terms);
    if (!granted) co_return base::refused(granted.error());
    wait->succeeded();
    wait.reset();
    std::move(*granted).forget();
    claim mine(*this, detail::pool_purpose::acquire);
    co_return co_await base::hand_out(std::move(mine), terms);
  }

  acquire_op<permit> queue_up(const detail::acquire_terms& terms) noexcept {
    switch (terms.how) {
      case mode::stoppable:
        return this->permits().acquire(1, terms.token);
      case mode::timed:
        return this->permits().acquire_until(1, terms.deadline);
      default:
        return this->permits().acquire();
    }
  }

  template <class Acquire>
  outcome acquire_here(Acquire acquire) {
    static_assert(!base::is_async, "a thread runs functions, not tasks");
    auto free = this->permits().try_acquire();
    const bool waits = !free && free.error().code == errc::would_block;
    return own(waits ? wait_here(acquire) : std::move(free));
  }
  template <class Acquire>
  result<permit> wait_here(Acquire acquire) {
    const typename base::waiting wait(*this);
    auto granted = acquire();
    if (granted) wait.succeeded();
    return granted;
  }

  // Effects: what a call does with its permit, if it was granted one.
  outcome own(result<permit> granted) {
    if (!granted) return base::refused(granted.error());
    std::move(*granted).forget();
    return with_permit();
  }
  outcome with_permit() { return base::hand_out_now(!base::makes_task); }
};

template <class Factory>
pool(Factory, const pool_config& = {})
    -> pool<typename detail::made_resource<Factory>::resource, Factory>;
template <class Factory, class Check>
  requires(!std::same_as<Check, pool_config>)
pool(Factory, Check, const pool_config& = {})
    -> pool<typename detail::made_resource<Factory>::resource, Factory, Check>;

PAWL_END
