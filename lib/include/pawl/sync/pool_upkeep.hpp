#pragma once
// What a pool does that nobody waits for.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/pool_maker.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/timer.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

PAWL_BEGIN

namespace detail {

// Upkeep uses a permit for each resource that it looks at, as calls do, and one at a time; it never
// waits for one. So it takes nothing away that somebody waits for.
template <class R, class Factory, class Check>
class pool_upkeep : public pool_maker<R, Factory, Check> {
  using base = pool_maker<R, Factory, Check>;
  using claim = pool_claim<R>;

 public:
  using typename base::failure_type;

  // Effects: `co_await p.warm_up()` makes warm_up_size idle resources, less those that are there,
  //   one after the other. Whatever fails, what was made stays.
  // Returns: how many it has made; or its first failure, if pool_config::on_warm_up_failure says
  //   that it matters (under require_minimum it makes at least min_size); so for warm_up_timeout,
  //   which is `timed_out`. Throws: instead, if that failure was an exception, this.
  // Cancel safety: the factory obeys the stop token of the awaiting coroutine, and is asked to stop
  //   at the timeout.
  task<tl::expected<count_t, failure_type>> warm_up() {
    const pool_config& how = this->config();
    const bool needs_minimum = how.on_warm_up_failure == warm_up_strategy::require_minimum;
    const bool is_hasty = how.on_warm_up_failure == warm_up_strategy::fail_fast;
    const count_t wanted =
        needs_minimum ? std::max(how.warm_up_size, how.min_size) : how.warm_up_size;
    const acquire_terms terms = terms_for(how.warm_up_timeout);
    std::optional<failure_type> failure;
    std::exception_ptr thrown;
    count_t made = 0;
    for (count_t n = wanted; n != 0; --n) {
      if (terms.how != acquire_terms::mode::plain && steady_clock::now() >= terms.deadline) {
        if (!failure) failure.emplace(error{errc::timed_out});
        break;
      }
      try {
        const auto one = co_await make_idle(wanted, terms);
        if (one) made += *one;
        if (!one && !failure) failure.emplace(one.error());
      } catch (...) {
        if (!thrown) thrown = std::current_exception();
      }
      if (is_hasty && (failure || thrown)) break;
    }
    const bool is_short = needs_minimum && this->stats().total < how.min_size;
    if (is_short || (is_hasty && (failure || thrown))) {
      if (thrown && !failure) std::rethrow_exception(thrown);
      if (!failure) failure.emplace(error{this->is_closed() ? errc::closed : errc::would_block});
      co_return tl::unexpected<failure_type>(*std::move(failure));
    }
    co_return made;
  }

  // Effects: `co_await p.maintain_once()` destroys the idle resources that are too old, checks the
  //   others as health_check_interval says, and makes new ones if there are fewer than min_size.
  //   Stops early if somebody waits, for then nothing is idle. Anybody may call it at any time.
  // Returns: what it has done; the failure of the factory, if that ends it; `closed`. Throws: what
  //   the factory or the check throws; a resource whose check throws is destroyed.
  // Cancel safety: the coroutine may be destroyed where it may be at all; a resource that it checks
  //   is destroyed, a place where one is being made is given back.
  // Complexity: linear in the number of idle resources; each holds the lock for a fixed number of
  //   steps.
  task<tl::expected<pool_round, failure_type>> maintain_once() { return round(false); }

  // Effects: as maintain_once(), but checks all idle resources, whenever they were checked last.
  task<tl::expected<pool_round, failure_type>> health_check() { return round(true); }

  // Effects: `co_await p.maintain(token)` does such rounds, each maintenance_interval or
  //   health_check_interval, whichever is shorter, until a stop is requested, of the token or of
  //   the awaiting coroutine; after close() it ends with the next round. What fails or throws in a
  //   round is tried again in the next one (see pool_stats::failed and failed_checks).
  task<> maintain(stop_token token = {}) {
    const stop_token own = co_await this_task::get_stop_token();
    cancellation_source stop;
    const cancellation_link by_own(stop, own), by_token(stop, token);
    const auto pause =
        std::min(this->config().maintenance_interval, this->config().health_check_interval);
    while (!this->is_closed() && !stop.stop_requested()) {
      try {
        (void)co_await with_stop_token(stop.get_stop_token(), maintain_once());
      } catch (...) {
        // It is counted, and the next round is another attempt.
      }
      const auto waited = co_await stop.get_token().cancelled_for(pause);
      if (waited) break;
    }
  }

 protected:
  using base::base;
  ~pool_upkeep() = default;

  static acquire_terms terms_for(steady_clock::duration timeout) noexcept {
    if (timeout == pool_config::unlimited) return {};
    return {.how = acquire_terms::mode::timed, .deadline = deadline_after(timeout)};
  }

 private:
  task<tl::expected<pool_round, failure_type>> round(bool all) {
    pool_round done;
    if (this->is_closed()) co_return base::refused({errc::closed});
    // Who recovers, or falls ill, has had its turn.
    const count_t idle = this->locked([](pool_ledger& l) { return l.idle(false); });
    const count_t unfit = this->locked([](pool_ledger& l) { return l.idle(true); });
    co_await examine(true, unfit, all, &done);
    co_await examine(false, idle, all, &done);
    for (;;) {
      const auto made = co_await make_idle(this->config().min_size, {});
      if (!made) co_return tl::unexpected<failure_type>(made.error());
      if (*made == 0) co_return done;
      ++done.created;
    }
  }

  // Effects: examines so many idle resources; `unfit`: that were set aside. If not `all`, only
  //   those are checked whose time has come.
  task<> examine(bool unfit, count_t many, bool all, pool_round* done) {
    for (; many != 0; --many) {
      claim mine = try_claim();
      if (!mine || !mine.find_oldest(unfit)) break;
      if (!mine.has_resource()) {  // it was too old
        ++done->evicted;
        continue;
      }
      if (!all && !is_due(mine.slot())) {
        mine.keep(unfit);
        continue;
      }
      const bool is_fit = co_await this->check(&mine.resource());
      ++done->checked;
      if (is_fit) {
        mine.slot().checked = this->now();
        mine.keep(false);
      } else {
        mine.reject();
        if (this->config().evict_unhealthy) ++done->evicted;
      }
    }
  }

  // Effects: makes an idle resource, if there are fewer than `enough`, and a permit is free.
  // Returns: how many it has made.
  task<tl::expected<count_t, failure_type>> make_idle(count_t enough, acquire_terms terms) {
    claim mine = try_claim();
    if (!mine || !mine.find_empty(enough)) co_return count_t{0};
    const stop_token own = co_await this_task::get_stop_token();
    scheduler* const where = co_await this_task::get_scheduler();
    pool_call_stop stop(terms, own, where);
    auto made = co_await this->make(&stop);
    if (!made) co_return tl::unexpected<failure_type>(std::move(made).error());
    if (!mine.fill(*std::move(made))) co_return base::refused({errc::closed});
    mine.keep(false);
    co_return count_t{1};
  }

  claim try_claim() noexcept {
    if (!this->try_take_permit()) return claim();
    if (fault::examined_without_permit) this->release();
    return claim(*this, pool_purpose::upkeep);
  }

  [[nodiscard]] bool is_due(const pool_slot& slot) const noexcept {
    const auto interval = this->config().health_check_interval;
    return interval != pool_config::unlimited && this->now() - slot.checked >= interval;
  }
};

}  // namespace detail

PAWL_END
