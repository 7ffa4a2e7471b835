#pragma once
// How a pool comes by a resource for a call that has a permit.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/pool_claim.hpp>
#include <pawl/sync/pool_core.hpp>
#include <pawl/sync/pooled.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/made_by.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

PAWL_BEGIN

// In the place of a health check: everything is healthy.
struct no_health_check {
  template <class R>
  bool operator()(const R&) const noexcept {
    return true;
  }
};

namespace detail {

// What a factory gives is a resource, or a tl::expected of one.
template <class Made>
struct resource_made {
  using resource = Made;
  using failure = error;
};
template <class T, class E>
struct resource_made<tl::expected<T, E>> {
  using resource = T;
  using failure = E;
};
template <class Factory>
using made_resource = resource_made<typename made_by<Factory>::type>;

template <class Factory, class R>
concept makes_resource = std::invocable<Factory&> &&
                         std::constructible_from<R, typename made_resource<Factory>::resource>;

template <class Check, class R>
concept checks_resource =
    std::invocable<Check&, R&> && std::convertible_to<typename made_by<Check, R&>::type, bool>;

// What asks the coroutines of a call to stop: the stop of the coroutine that awaits it, and its
// terms. Made once for all of them; it costs something from the first get_token() on.
class pool_call_stop {
 public:
  pool_call_stop(const acquire_terms& terms, stop_token own, scheduler* where) noexcept
      : terms_(terms), own_(own), where_(where) {}

  stop_token get_token() noexcept {
    if (terms_.how == acquire_terms::mode::plain) return own_;
    if (!limits_) limits_.emplace(*this);
    return limits_->source.get_stop_token();
  }

  // Returns: why they are asked to stop; nothing if they are not.
  [[nodiscard]] std::optional<error> why() const noexcept {
    if (!limits_)
      return own_.stop_requested() ? std::optional(error{errc::cancelled}) : std::nullopt;
    const auto reason = limits_->source.reason();
    if (!reason) return std::nullopt;
    const bool is_late = reason->what == stop_reason::kind::deadline;
    return error{is_late ? errc::timed_out : errc::cancelled};
  }

 private:
  struct limits {
    explicit limits(const pool_call_stop& of) noexcept
        : by_own(source, of.own_), by_call(source, of.terms_.token) {
      if (of.terms_.how != acquire_terms::mode::timed) return;
      by_deadline.emplace(source, of.terms_.deadline, 0, of.where_);
    }

    cancellation_source source;
    cancellation_link by_own, by_call;
    std::optional<cancellation_deadline> by_deadline;
  };

  const acquire_terms terms_;
  const stop_token own_;
  scheduler* const where_;
  std::optional<limits> limits_;
};

template <class R, class Factory, class Check>
class pool_maker : public pool_core<R> {
 public:
  // Of the factory; a pawl::error says why a call failed otherwise.
  using failure_type = typename made_resource<Factory>::failure;
  using outcome = tl::expected<pooled<R>, failure_type>;
  static_assert(std::constructible_from<failure_type, error>,
                "the error of the factory has to be constructible from a pawl::error");

 protected:
  using making = tl::expected<R, failure_type>;

  static constexpr bool makes_task = made_by<Factory>::is_task;
  static constexpr bool checks_task = made_by<Check, R&>::is_task;
  static constexpr bool is_async = makes_task || checks_task;

  pool_maker(Factory make, Check check, const pool_config& config)
      : pool_core<R>(config), make_(std::move(make)), check_(std::move(check)) {}
  ~pool_maker() = default;

  static tl::unexpected<failure_type> refused(const error& why) {
    return tl::unexpected<failure_type>(failure_type(why));
  }

  // Effects: gives the call, which has a permit, a resource, at once; unless `may_make`, not one
  //   that is to be made.
  // Returns: would_block, if that can't be told without a coroutine.
  outcome hand_out_now(bool may_make) {
    if (!this->config().health_check_on_acquire) {
      if (pool_slot* const slot = this->take_fresh()) [[likely]]
        return this->lend(*slot);
    }
    return find_now(pool_claim<R>(*this, pool_purpose::acquire), may_make);
  }
  [[gnu::cold, gnu::noinline]] outcome find_now(pool_claim<R> mine, bool may_make) {
    const bool checks = this->config().health_check_on_acquire;
    if (checks_task && checks) return refused({errc::would_block});
    while (mine.find(may_make)) {
      if (!mine.has_resource()) {
        if constexpr (!makes_task) return fill(std::move(mine), making(std::invoke(make_)));
      }
      if (!checks) return std::move(mine).hand_over();
      if constexpr (!checks_task) {
        if (std::invoke(check_, mine.resource())) {
          if (!mine.pass()) return refused({errc::closed});
          return std::move(mine).hand_over();
        }
      }
      mine.reject();
    }
    return refused({may_make || this->is_closed() ? errc::closed : errc::would_block});
  }

  // Effects: the same, for a factory or a check that is a coroutine. Both are asked to stop by the
  //   stop token of the awaiting coroutine, and by what the terms say; a resource whose check obeys
  //   is discarded.
  task<outcome> hand_out(pool_claim<R> mine, acquire_terms terms) {
    const stop_token own = co_await this_task::get_stop_token();
    scheduler* const where = co_await this_task::get_scheduler();
    pool_call_stop stop(terms, own, where);
    while (mine.find(true)) {
      if (!mine.has_resource()) {
        auto made = co_await make(&stop);
        co_return fill(std::move(mine), std::move(made));
      }
      if (!this->config().health_check_on_acquire) co_return std::move(mine).hand_over();
      bool is_fit = false;
      if constexpr (checks_task) {
        is_fit = co_await with_stop_token(stop.get_token(), std::invoke(check_, mine.resource()));
      } else {
        is_fit = std::invoke(check_, mine.resource());
      }
      if (is_fit) {
        if (!mine.pass()) break;
        co_return std::move(mine).hand_over();
      }
      if (const auto why = stop.why(); checks_task && why) co_return refused(*why);
      mine.reject();
    }
    co_return refused({errc::closed});
  }

  // Effects: makes a resource. If the factory is a coroutine, it may be asked to stop.
  // Returns: timed_out, if it failed after the deadline.
  task<making> make(pool_call_stop* stop) {
    if constexpr (!makes_task) {
      co_return making(std::invoke(make_));
    } else {
      making made(co_await with_stop_token(stop->get_token(), std::invoke(make_)));
      if (made) co_return made;
      const auto why = stop->why();
      if (why && why->code == errc::timed_out) co_return refused(*why);
      co_return made;
    }
  }

  task<bool> check(R* resource) {
    if constexpr (checks_task) {
      co_return co_await std::invoke(check_, *resource);
    } else {
      co_return std::invoke(check_, *resource);
    }
  }

 private:
  outcome fill(pool_claim<R> mine, making made) {
    if (!made) return tl::unexpected<failure_type>(std::move(made).error());
    if (!mine.fill(*std::move(made))) return refused({errc::closed});
    return std::move(mine).hand_over();
  }

  [[no_unique_address]] Factory make_;
  [[no_unique_address]] Check check_;
};

}  // namespace detail

PAWL_END
