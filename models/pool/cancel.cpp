// POOL-CANCEL: whatever ends a call, wherever it is, its place is not lost: a stop or a deadline
// while it waits, the destruction of its coroutine, a factory that fails, throws, obeys a stop or
// is destroyed.

#include <pawl/sync/semaphore.hpp>

#include <chrono>
#include <stdexcept>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

using made = pawl::result<resource>;

// Makes one when it may, unless it is stopped before.
struct slow_maker {
  pawl::semaphore& may_go;

  pawl::task<made> operator()() const {
    const auto stop = co_await pawl::this_task::get_stop_token();
    const auto went = co_await may_go.acquire(1, stop);
    if (!went) co_return tl::unexpected(went.error());
    co_return resource(nullptr);
  }
};
using slow_pool = pawl::pool<resource, slow_maker>;

// Fails so many times first.
struct failing_maker {
  bool throws;
  pawl::cell<unsigned>& failures;

  made operator()() const {
    const unsigned left = failures.read();
    if (left == 0) return resource(nullptr);
    failures.write(left - 1);
    if (throws) throw std::runtime_error("no resource");
    return pawl::failure(errc::exceeds_limit);
  }
};

call use_or_fail(pawl::pool<resource, failing_maker>& p) {
  try {
    auto given = co_await p.acquire();
    co_return use(std::move(given));
  } catch (const std::runtime_error&) {
    co_return pawl::failure(errc::exceeds_limit);
  }
}

// Healthy, as soon as it can be told.
struct slow_check {
  pawl::semaphore& may_go;

  pawl::task<bool> operator()(resource&) const {
    const auto went = co_await may_go.acquire();
    co_return went.has_value();
  }
};
using checked_pool = pawl::pool<resource, maker, slow_check>;

// The same, unless it is stopped before.
struct stoppable_check {
  pawl::semaphore& may_go;

  pawl::task<bool> operator()(resource&) const {
    const auto stop = co_await pawl::this_task::get_stop_token();
    auto went = co_await may_go.acquire(1, stop);
    co_return went.has_value();
  }
};
using checking_pool = pawl::pool<resource, maker, stoppable_check>;

pool_config checked_size() {
  pool_config config = size(1);
  config.health_check_on_acquire = true;
  return config;
}

call examine(in_waker, checked_pool& p) {
  const auto round = co_await p.health_check();
  co_return round.map([](const pawl::pool_round& r) { return r.checked; });
}

template <class Pool>
call maintain(in_waker, Pool& p) {
  const auto round = co_await p.maintain_once();
  co_return round.map([](const pawl::pool_round& r) { return r.created; });
}

// Whether nobody has a resource or makes one, and how many there are.
template <class Pool>
bool rests_with(Pool& p, count_t total) {
  const pawl::pool_stats now = p.stats();
  return now.total == total && now.idle == total && now.creating == 0;
}

}  // namespace

PAWL_MODEL("pool.cancel", "a call that is cancelled while it waits leaves its place to others",
           bounds{.threads = 5, .note = "1 place, held; a call is cancelled while it comes back"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  pawl::stop_source stop;
  const call a = use(p, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { held->release(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(is_whole(p));
}

PAWL_MODEL("pool.cancel.first", "so it does if another one waits behind it",
           bounds{.threads = 6,
                  .note = "1 place, held; of 2 calls the first is cancelled while it comes back"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  pawl::stop_source stop;
  const call a = use(p, stop.get_token());
  const call b = use(p);
  together([&] { stop.request_stop(); }, [&] { held->release(); });
  require(a.granted() || a.failed_with(errc::cancelled));
  require(b.granted() && is_whole(p));
}

PAWL_MODEL("pool.cancel.deadline", "so does a call whose deadline passes",
           bounds{.threads = 3, .note = "1 place, held; a thread waits for it with a deadline"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  together([&] { held->release(); },
           [&] {
             auto given = p.acquire_blocking_for(1s);
             require(given || failed_with(given, errc::timed_out));
           });
  require(is_whole(p));
}

PAWL_MODEL("pool.cancel.destroyed", "so does a call whose coroutine is destroyed while it waits",
           bounds{.threads = 4,
                  .note = "1 place, held; a waiting call is destroyed, then it comes "
                          "back; another call"}) {
  pool p(maker(), size(1));
  auto held = p.try_acquire();
  std::optional<call> a = use(in_waker(), p);
  std::optional<call> b;
  together(
      [&] {
        a.reset();
        held->release();
      },
      [&] { b = use(p); });
  require(b->granted() && is_whole(p));
}

PAWL_MODEL("pool.cancel.failed", "a factory that fails or throws leaves the place to the next call",
           bounds{.threads = 5, .note = "1 place; 2 calls, the first of which fails"}) {
  pawl::cell<unsigned> failures{1};
  const bool throws = pawl::check::choose(2) == 0;
  pawl::pool<resource, failing_maker> p(failing_maker{throws, failures}, size(1));
  std::optional<call> a, b;
  together([&] { a = use_or_fail(p); }, [&] { b = use_or_fail(p); });
  require(a->granted() != b->granted() && p.stats().failed == 1);
  require(is_whole(p));
}

PAWL_MODEL("pool.cancel.making", "a factory that is stopped leaves the place to the next call",
           bounds{.threads = 5,
                  .note = "1 place; a call makes one, and is cancelled; one behind "
                          "it waits"}) {
  pawl::semaphore may_go(0);
  slow_pool p(slow_maker{may_go}, size(1));
  pawl::stop_source stop;
  const call a = use(in_waker(), p, stop.get_token());
  const call b = use(in_waker(), p);
  require(p.stats().creating == 1);
  together([&] { stop.request_stop(); }, [&] { may_go.release(); });
  // If it was stopped, the next one is making it, and has to go on.
  require(b.granted() && (a.granted() ? b.count() == 1 : a.failed_with(errc::cancelled)));
  require(p.stats().total == 1 && is_whole(p));
}

PAWL_MODEL("pool.cancel.maker_destroyed", "so does a factory that is destroyed",
           bounds{.threads = 4,
                  .note = "1 place; a call makes one, and is destroyed; one behind "
                          "it waits"}) {
  pawl::semaphore may_go(0);
  slow_pool p(slow_maker{may_go}, size(1));
  std::optional<call> a = use(in_waker(), p);
  const call b = use(in_waker(), p);
  together([&] { a.reset(); });
  require(p.stats().creating == 1 && p.stats().failed == 1);
  may_go.release();
  require(b.granted() && is_whole(p));
}

PAWL_MODEL("pool.cancel.late", "a factory that comes too late is asked to stop",
           bounds{.threads = 4, .note = "1 place; a call with a deadline makes one meanwhile"}) {
  pawl::semaphore may_go(0);
  slow_pool p(slow_maker{may_go}, size(1));
  const auto use_in_time = [](in_waker, slow_pool& of) -> call {
    auto given = co_await of.acquire_for(1s);
    co_return use(std::move(given));
  };
  const call a = use_in_time(in_waker(), p);
  together([&] { may_go.release(); });
  require(a.granted() || a.failed_with(errc::timed_out));
  const pawl::pool_stats now = p.stats();
  require(now.creating == 0 && now.active == 0 && now.total == now.idle);
}

PAWL_MODEL("pool.cancel.checking", "a call that is destroyed during a check leaves its place",
           bounds{.threads = 5,
                  .note = "1 place; a call whose check waits is destroyed; another call"}) {
  pawl::semaphore may_go(0);
  checked_pool p(maker(), slow_check{may_go}, checked_size());
  require(use(in_waker(), p).granted());
  std::optional<call> a = use(in_waker(), p);
  std::optional<call> b;
  require(p.stats().active == 1);
  together([&] { a.reset(); }, [&] { b = use(p); });
  require(b->count() == 0 && rests_with(p, 1));
  require(p.stats().acquisitions == 2 && p.stats().created == 2);
}

PAWL_MODEL("pool.cancel.check_stopped", "a check that is stopped leaves the place to the next call",
           bounds{.threads = 5,
                  .note = "1 place; a call whose check waits is cancelled; the check ends; a call "
                          "behind it waits"}) {
  pawl::semaphore may_go(0);
  checking_pool p(maker(), stoppable_check{may_go}, checked_size());
  require(use(in_waker(), p).granted());
  pawl::stop_source stop;
  const call a = use(in_waker(), p, stop.get_token());
  const call b = use(in_waker(), p);
  require(p.stats().active == 1);
  together([&] { stop.request_stop(); }, [&] { may_go.release(); });
  const bool granted = a.granted();
  require(granted || a.failed_with(errc::cancelled));
  // If it was stopped, the next one has made another one.
  require(b.count() == (granted ? 2 : 0) && rests_with(p, 1));
  const pawl::pool_stats now = p.stats();
  require(now.failed_checks == (granted ? 0 : 1) && now.acquisitions == (granted ? 3 : 2));
  require(now.destroyed_for(pawl::destroy_reason::discarded) == now.failed_checks);
}

PAWL_MODEL("pool.cancel.check_late", "so does one that comes too late",
           bounds{
               .threads = 4,
               .note = "1 place; a call with a deadline, whose check waits; it ends meanwhile"}) {
  pawl::semaphore may_go(0);
  checking_pool p(maker(), stoppable_check{may_go}, checked_size());
  require(use(in_waker(), p).granted());
  const auto use_in_time = [](in_waker, checking_pool& of) -> call {
    auto given = co_await of.acquire_for(1s);
    co_return use(std::move(given));
  };
  const call a = use_in_time(in_waker(), p);
  together([&] { may_go.release(); });
  const bool granted = a.granted();
  require(granted || a.failed_with(errc::timed_out));
  require(p.stats().failed_checks == (granted ? 0 : 1) && rests_with(p, granted ? 1 : 0));
}

PAWL_MODEL("pool.cancel.round", "so does a round that is destroyed, in its check or in its factory",
           bounds{.threads = 5, .note = "1 place; a round that waits is destroyed; another call"}) {
  pawl::semaphore may_go(0);
  const bool makes = pawl::check::choose(2) == 0;
  slow_pool unmade(slow_maker{may_go}, size(1, 1));
  checked_pool unchecked(maker(), slow_check{may_go}, size(1));
  unchecked.try_acquire()->release();
  std::optional<call> round = makes ? maintain(in_waker(), unmade) : examine(in_waker(), unchecked);
  require(makes ? unmade.stats().creating == 1 : unchecked.stats().active == 1);
  std::optional<call> b;
  together([&] { round.reset(); }, [&] { b = makes ? use(unmade) : use(unchecked); });
  may_go.release();
  require(b->count() == 0);
  require(makes ? rests_with(unmade, 1) : rests_with(unchecked, 1));
}
