// One thread, and after each call everything is as the reference says.

#include <pawl/sync/pool.hpp>
#include <pawl/task/sync_wait.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "../client.hpp"
#include "../operations.hpp"
#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "reference.hpp"

namespace pool_programs {

namespace {

using pawl::errc;
using pawl::pooled;

// One call (operations.hpp).
struct operation {
  enum class kind {
    acquire,            // by a coroutine
    acquire_stoppable,  // the same, with a stop token
    acquire_briefly,    // blocking, with a deadline
    try_acquire,
    give_back,  // the resource `which` of those that are held
    discard,
    fail,  // the next `which` attempts to make a resource
    health_check,
    close,
    stop,     // the coroutine `which`
    destroy,  // the suspended coroutine `which`
  };

  kind what = kind::acquire;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what == kind::acquire || what == kind::acquire_stoppable; }
};

using kind = operation::kind;

constexpr vocabulary<kind, 11> words{{
    {kind::acquire, "acquire", 8, true},
    {kind::acquire_stoppable, "acquire_stoppable", 8, true},
    {kind::acquire_briefly, "acquire_briefly", 1, true},
    {kind::try_acquire, "try_acquire", 4, true},
    {kind::give_back, "give_back", 10, true},
    {kind::discard, "discard", 4, true},
    {kind::fail, "fail", 2, true},
    {kind::health_check, "health_check", 3, true},
    {kind::close, "close", 1, true},
    {kind::stop, "stop", 4, true},
    {kind::destroy, "destroy", 3, true},
}};

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<std::vector<operation>> any_program() { return any_program_of<operation>(any_kind(words)); }

using resource = std::uint64_t;
using call = basic_call<pooled<resource>, operation>;

// A pool as the setup says, whose factory fails when it is told to.
class stock {
 public:
  explicit stock(const setup& s) : pool(maker{this}, &is_fit, config_of(s)) {}

  unsigned failures = 0;

 private:
  struct maker {
    stock* from;
    pawl::result<resource> operator()() const {
      if (from->failures == 0) return ++from->last_;
      --from->failures;
      return pawl::failure(errc::exceeds_limit);
    }
  };

  static bool is_fit(resource& r) { return is_healthy(r); }
  static pawl::pool_config config_of(const setup& s) {
    return {.min_size = s.min_size,
            .max_size = s.max_size,
            .health_check_on_acquire = s.checks_on_acquire,
            .evict_unhealthy = s.evicts_unhealthy};
  }

  resource last_ = 0;

 public:
  pawl::pool<resource, maker, bool (*)(resource&)> pool;
};

void end(call& c, pawl::result<pooled<resource>> given) {
  if (!given) return c.end(tl::unexpected(given.error()));
  const resource number = **given;
  c.end(grant<pooled<resource>>{*std::move(given), number});
}

acquiring acquire(pawl::scheduler*, stock& s, call& c) {
  auto given = co_await s.pool.acquire();
  end(c, std::move(given));
}

acquiring acquire_stoppable(pawl::scheduler*, stock& s, call& c) {
  auto given = co_await s.pool.acquire(c.stop.get_token());
  end(c, std::move(given));
}

class client : public basic_client<stock, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op) {
    using namespace std::chrono_literals;
    auto& pool = primitive_.pool;
    switch (op.what) {
      case kind::acquire:
        start(op, &acquire);
        return std::nullopt;
      case kind::acquire_stoppable:
        start(op, &acquire_stoppable);
        return std::nullopt;
      case kind::acquire_briefly:
        return keep(pool.acquire_blocking_for(20us));
      case kind::try_acquire:
        return keep(pool.try_acquire());
      case kind::give_back:
      case kind::discard:
        give_back(op);
        return 0;
      case kind::fail:
        primitive_.failures = static_cast<unsigned>(op.which % 3);
        return 0;
      case kind::health_check:
        return pawl::sync_wait(pool.health_check()).map([](const pawl::pool_round& r) {
          return 100 * r.evicted + r.created;
        });
      case kind::close:
        pool.close();
        return 0;
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
    }
    return 0;
  }

  void collect() {
    collect_by([this](pooled<resource> given) { held_.push_back(std::move(given)); });
  }

 private:
  outcome keep(pawl::result<pooled<resource>> given) {
    if (!given) return tl::unexpected(given.error());
    held_.push_back(*std::move(given));
    return *held_.back();
  }

  void give_back(const operation& op) {
    if (held_.empty()) return;
    const auto at = held_.begin() + static_cast<std::ptrdiff_t>(op.which % held_.size());
    pooled<resource> one = std::move(*at);
    held_.erase(at);
    if (op.what == kind::discard) {
      op.which % 2 == 0 ? one.discard() : one.mark_broken();
    }
  }

  std::vector<pooled<resource>> held_;
};

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    const std::optional<outcome> seen = call_as(op);
    const std::size_t before = log().size();
    end_settled();
    for (std::size_t i = before; i < log().size(); ++i) {
      if (const auto& how = of_call(log()[i]); *how) held_.push_back(**how);
    }
    return seen;
  }

 private:
  std::optional<outcome> call_as(const operation& op) {
    switch (op.what) {
      case kind::acquire:
      case kind::acquire_stoppable:
        start(op.what == kind::acquire_stoppable, [&](std::size_t i) {
          auto at_once = reference_.acquire(i);
          if (at_once && *at_once) held_.push_back(**at_once);
          return at_once;
        });
        return std::nullopt;
      case kind::acquire_briefly: {
        const outcome tried = keep(reference_.try_acquire());
        const bool waits = !tried && tried.error().code == errc::would_block;
        return waits ? outcome(pawl::failure(errc::timed_out)) : tried;
      }
      case kind::try_acquire:
        return keep(reference_.try_acquire());
      case kind::give_back:
      case kind::discard:
        give_back(op);
        return 0;
      case kind::fail:
        reference_.fail(static_cast<unsigned>(op.which % 3));
        return 0;
      case kind::health_check:
        return reference_.health_check();
      case kind::close:
        reference_.close();
        return 0;
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
    }
    return 0;
  }

  outcome keep(outcome given) {
    if (given) held_.push_back(*given);
    return given;
  }

  void give_back(const operation& op) {
    if (held_.empty()) return;
    const auto at = held_.begin() + static_cast<std::ptrdiff_t>(op.which % held_.size());
    const resource one = *at;
    held_.erase(at);
    reference_.give_back(one, op.what == kind::discard);
  }

  std::vector<resource> held_;
};

class pool_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~pool_side_by_side() { primitive_.pool.close(); }

 private:
  void compare() const override {
    const reference& expected = prediction_.expected();
    const pawl::pool_stats now = primitive_.pool.stats();
    RC_ASSERT(now.active == expected.active());
    RC_ASSERT(now.idle == expected.idle());
    RC_ASSERT(now.creating == 0u);
    RC_ASSERT(now.total == now.active + now.idle);
    RC_ASSERT(now.acquisitions == expected.acquisitions);
    RC_ASSERT(now.created == expected.created);
    RC_ASSERT(now.failed == expected.failed);
    RC_ASSERT(now.destroyed_for(pawl::destroy_reason::unhealthy) == expected.unhealthy);
    RC_ASSERT(now.destroyed_for(pawl::destroy_reason::discarded) == expected.discarded);
    RC_ASSERT(now.destroyed_for(pawl::destroy_reason::closed) == expected.closed);
    RC_ASSERT((now.waiters != 0) == expected.has_waiters());
    RC_ASSERT(primitive_.pool.has_waiters() == expected.has_waiters());
  }
};

void agree(resumption where) {
  const auto max_size = *rc::gen::inRange<pawl::count_t>(1, 4);
  const setup made_with{max_size, *rc::gen::inRange<pawl::count_t>(0, max_size + 1),
                        *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
  const std::vector<operation> program = *any_program();
  pool_side_by_side both(where, count_starts(program), made_with);
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("pool", 3000, &agree);

}  // namespace

}  // namespace pool_programs
