#include <pawl/sync/pool.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "allocations.hpp"

using namespace std::chrono_literals;

namespace {

using pawl::errc;
using pawl::pool;
using pawl::pool_config;
using pawl::pooled;
using pawl::task;

// Numbers, in the order in which they are made.
struct counter {
  int& last;
  int operator()() const { return ++last; }
};
using numbers = pool<int, counter>;
using given = outcome_of<pooled<int>>;

static_assert(std::is_same_v<decltype(pool(counter(std::declval<int&>()))), numbers>);
static_assert(!std::is_copy_constructible_v<pooled<int>>);
static_assert(sizeof(numbers) <= 400);

template <class Pool, class Out, class... Arguments>
call start_acquire(Pool& p, Out& out, Arguments... arguments) {
  auto one = co_await p.acquire(arguments...);
  out.end(std::move(one));
}

task<pawl::result<int>> get(auto& p) {
  auto one = co_await p.acquire();
  co_return one.map([](const pooled<int>& r) { return *r; });
}

pool_config size(pawl::count_t max_size, pawl::count_t min_size = 0) {
  return {.min_size = min_size, .max_size = max_size};
}

void check_idle(pawl::count_t total, pawl::count_t idle, const pawl::pool_stats& now) {
  CPPUNIT_ASSERT_EQUAL(total, now.total);
  CPPUNIT_ASSERT_EQUAL(idle, now.idle);
  CPPUNIT_ASSERT_EQUAL(now.total, now.active + now.idle + now.creating);
}

class pool_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(pool_test);
  CPPUNIT_TEST(gives_what_was_used_last);
  CPPUNIT_TEST(makes_at_most_max_size);
  CPPUNIT_TEST(a_try_makes_one);
  CPPUNIT_TEST(waits_in_turn);
  CPPUNIT_TEST(a_stop_and_a_deadline_end_the_wait);
  CPPUNIT_TEST(the_configured_timeout_ends_the_wait);
  CPPUNIT_TEST(a_thread_waits_too);
  CPPUNIT_TEST(who_discards_gives_his_place);
  CPPUNIT_TEST(what_is_broken_is_not_used_again);
  CPPUNIT_TEST(an_exception_discards);
  CPPUNIT_TEST(an_exception_that_came_before_does_not);
  CPPUNIT_TEST(moving_gives_back_what_was_held);
  CPPUNIT_TEST(close_ends_it_all);
  CPPUNIT_TEST(the_failure_of_the_factory_is_the_result);
  CPPUNIT_TEST(what_the_factory_throws_leaves_the_call);
  CPPUNIT_TEST(errors_of_others_are_kept);
  CPPUNIT_TEST(the_factory_may_be_a_coroutine);
  CPPUNIT_TEST(the_factory_obeys_the_stop_of_the_call);
  CPPUNIT_TEST(the_factory_obeys_the_deadline_of_the_call);
  CPPUNIT_TEST(bad_configurations_are_refused);
  CPPUNIT_TEST(tells_what_there_is);
  CPPUNIT_TEST(neither_clock_nor_heap_is_needed);
  CPPUNIT_TEST(destroys_what_it_has);
  CPPUNIT_TEST(serves_many_threads);
  CPPUNIT_TEST_SUITE_END();

 public:
  void gives_what_was_used_last() {
    numbers p(counter{last_}, size(3));
    auto one = p.try_acquire(), two = p.try_acquire();
    one->release();
    two->release();
    CPPUNIT_ASSERT_EQUAL(2, *pawl::sync_wait(get(p)));
    CPPUNIT_ASSERT_EQUAL(2, **p.acquire_blocking());
    CPPUNIT_ASSERT_EQUAL(2, last_);
  }

  void makes_at_most_max_size() {
    numbers p(counter{last_}, size(2));
    const auto one = p.try_acquire(), two = p.try_acquire();
    CPPUNIT_ASSERT(one && two);
    check_error(errc::would_block, p.try_acquire());
    check_idle(2, 0, p.stats());
  }

  void a_try_makes_one() {
    numbers p(counter{last_}, size(1));
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
  }

  void waits_in_turn() {
    numbers p(counter{last_}, size(1));
    auto held = p.try_acquire();
    given a, b;
    std::vector<given*> log;
    a.log = b.log = &log;
    const call one = start_acquire(p, a), two = start_acquire(p, b);
    CPPUNIT_ASSERT(p.has_waiters() && p.stats().waiters == 2);
    held->release();
    CPPUNIT_ASSERT(a.is_granted() && b.is_pending());
    a.result.reset();
    CPPUNIT_ASSERT(b.is_granted() && p.stats().waiters == 0);
    CPPUNIT_ASSERT((log == std::vector<given*>{&a, &b}));
  }

  void a_stop_and_a_deadline_end_the_wait() {
    numbers p(counter{last_}, size(1));
    pawl::stop_source stop;
    {
      auto held = p.try_acquire();
      given a;
      const call one = start_acquire(p, a, stop.get_token());
      CPPUNIT_ASSERT(a.is_pending());
      stop.request_stop();
      CPPUNIT_ASSERT(a.failed_with(errc::cancelled));
      check_error(errc::timed_out, p.acquire_blocking_for(1us));
    }
    given b;
    const call two = start_acquire(p, b, stop.get_token());
    CPPUNIT_ASSERT(b.failed_with(errc::cancelled));
    check_error(errc::cancelled, p.acquire_blocking(stop.get_token()));
    CPPUNIT_ASSERT(p.acquire_blocking_for(-1s).has_value());
  }

  void the_configured_timeout_ends_the_wait() {
    pool_config hasty = size(1);
    hasty.acquire_timeout = 1us;
    numbers p(counter{last_}, hasty);
    const auto held = p.try_acquire();
    check_error(errc::timed_out, p.acquire_blocking());
    check_error(errc::timed_out, pawl::sync_wait(get(p)));
  }

  void a_thread_waits_too() {
    numbers p(counter{last_}, size(1));
    auto held = p.try_acquire();
    pawl::thread other([&] { CPPUNIT_ASSERT_EQUAL(1, **p.acquire_blocking()); });
    while (!p.has_waiters()) pawl::this_thread::yield();
    held->release();
    other.join();
    CPPUNIT_ASSERT(p.stats().total_wait_time > 0ns);
  }

  void who_discards_gives_his_place() {
    numbers p(counter{last_}, size(1));
    auto held = p.try_acquire();
    given a;
    const call one = start_acquire(p, a);
    held->discard();
    CPPUNIT_ASSERT(!*held && held->get() == nullptr);
    CPPUNIT_ASSERT(a.is_granted() && ***a.result == 2);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1},
                         p.stats().destroyed_for(pawl::destroy_reason::discarded));
  }

  void what_is_broken_is_not_used_again() {
    numbers p(counter{last_}, size(1));
    for (const bool by_release : {false, true}) {
      auto held = p.try_acquire();
      CPPUNIT_ASSERT(!held->is_broken());
      held->mark_broken();
      held->mark_broken();
      CPPUNIT_ASSERT(held->is_broken());
      if (by_release) held->release();
    }
    CPPUNIT_ASSERT_EQUAL(3, **p.try_acquire());
  }

  void an_exception_discards() {
    numbers p(counter{last_}, size(1));
    const auto fail = [](auto& from) {
      const auto held = from.try_acquire();
      throw std::runtime_error("while it is held");
    };
    CPPUNIT_ASSERT_THROW(fail(p), std::runtime_error);
    check_idle(0, 0, p.stats());
    pool_config lenient = size(1);
    lenient.if_unwound = pawl::on_unwind::release;
    numbers q(counter{last_}, lenient);
    CPPUNIT_ASSERT_THROW(fail(q), std::runtime_error);
    check_idle(1, 1, q.stats());
  }

  void an_exception_that_came_before_does_not() {
    numbers p(counter{last_}, size(1));
    struct user {
      numbers& p;
      ~user() { p.try_acquire()->release(); }
    };
    try {
      const user late{p};
      throw std::runtime_error("before it is held");
    } catch (const std::runtime_error&) {
      check_idle(1, 1, p.stats());
    }
  }

  void moving_gives_back_what_was_held() {
    numbers p(counter{last_}, size(2));
    pooled<int> a = *p.try_acquire(), b = *p.try_acquire();
    *b.get() = 7;
    a = std::move(b);
    CPPUNIT_ASSERT(!b && *a == 7);
    check_idle(2, 1, p.stats());
    b.release();
    b.discard();
    CPPUNIT_ASSERT(b.held_duration() == 0ns && a.held_duration() > 0ns);
  }

  void close_ends_it_all() {
    numbers p(counter{last_}, size(2));
    auto held = p.try_acquire(), idle = p.try_acquire();
    given a;
    const call one = start_acquire(p, a);
    CPPUNIT_ASSERT(a.is_pending());
    p.close();
    idle->release();
    CPPUNIT_ASSERT(p.is_closed() && a.failed_with(errc::closed));
    check_error(errc::closed, p.try_acquire());
    check_error(errc::closed, pawl::sync_wait(p.maintain_once()));
    check_idle(1, 0, p.stats());
    CPPUNIT_ASSERT_EQUAL(1, **held);
    held->release();
    p.close();
    check_idle(0, 0, p.stats());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, p.stats().destroyed_for(pawl::destroy_reason::closed));
  }

  void the_failure_of_the_factory_is_the_result() {
    bool fails = true;
    pool p(
        [&]() -> pawl::result<int> {
          if (fails) return pawl::failure(errc::exceeds_limit, 2, 1);
          return 1;
        },
        size(1));
    check_error(errc::exceeds_limit, p.try_acquire());
    check_error(errc::exceeds_limit, pawl::sync_wait(get(p)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, p.stats().failed);
    check_idle(0, 0, p.stats());
    fails = false;
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
  }

  void what_the_factory_throws_leaves_the_call() {
    bool fails = true;
    pool p([&] { return fails ? throw std::runtime_error("no resource") : 1; }, size(1));
    CPPUNIT_ASSERT_THROW(p.try_acquire(), std::runtime_error);
    CPPUNIT_ASSERT_THROW(p.acquire_blocking(), std::runtime_error);
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(get(p)), std::runtime_error);
    fails = false;
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
  }

  void errors_of_others_are_kept() {
    using why = std::variant<std::string, pawl::error>;
    pool p([]() -> tl::expected<int, why> { return tl::unexpected<why>("refused"); }, size(1));
    CPPUNIT_ASSERT_EQUAL(std::string("refused"), std::get<std::string>(p.try_acquire().error()));
    p.close();
    CPPUNIT_ASSERT(std::get<pawl::error>(p.try_acquire().error()).code == errc::closed);
  }

  void the_factory_may_be_a_coroutine() {
    pawl::semaphore may_go(0);
    pool p(
        [&]() -> task<int> {
          const auto went = co_await may_go.acquire();
          co_return went ? ++last_ : 0;
        },
        size(1));
    check_error(errc::would_block, p.try_acquire());
    given a, b;
    const call one = start_acquire(p, a), two = start_acquire(p, b);
    CPPUNIT_ASSERT(a.is_pending() && p.stats().creating == 1);
    may_go.release();
    CPPUNIT_ASSERT(a.is_granted() && b.is_pending());
    a.result.reset();
    CPPUNIT_ASSERT(b.is_granted() && last_ == 1);
    b.result.reset();
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(1, *pawl::sync_wait(get(p)));
  }

  void the_factory_obeys_the_stop_of_the_call() {
    pawl::semaphore never(0);
    pool p(
        [&]() -> task<pawl::result<int>> {
          const auto stop = co_await pawl::this_task::get_stop_token();
          const auto went = co_await never.acquire(1, stop);
          if (!went) co_return tl::unexpected(went.error());
          co_return 1;
        },
        size(1));
    pawl::stop_source stop;
    given a;
    const call one = start_acquire(p, a, stop.get_token());
    CPPUNIT_ASSERT(a.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(a.failed_with(errc::cancelled));
    check_idle(0, 0, p.stats());
    given b;
    call two = start_acquire(p, b);
    two.destroy();
    check_idle(0, 0, p.stats());
    never.release();
    CPPUNIT_ASSERT_EQUAL(1, *pawl::sync_wait(get(p)));
  }

  void the_factory_obeys_the_deadline_of_the_call() {
    pawl::semaphore never(0);
    pool_config hasty = size(1);
    hasty.acquire_timeout = 1us;
    pool p(
        [&]() -> task<pawl::result<int>> {
          const auto stop = co_await pawl::this_task::get_stop_token();
          const auto went = co_await never.acquire(1, stop);
          if (!went) co_return tl::unexpected(went.error());
          co_return 1;
        },
        hasty);
    check_error(errc::timed_out, pawl::sync_wait(get(p)));
    check_idle(0, 0, p.stats());
  }

  void bad_configurations_are_refused() {
    const auto refuses = [](pool_config bad, const std::string& what) {
      try {
        numbers(counter{*std::make_unique<int>()}, bad);
        CPPUNIT_FAIL("accepted: " + what);
      } catch (const std::invalid_argument& e) {
        CPPUNIT_ASSERT_MESSAGE(e.what(), std::string(e.what()).find(what) != std::string::npos);
      }
    };
    refuses({.max_size = 0}, "max_size is 0");
    refuses({.min_size = 3, .max_size = 2}, "min_size is 3, more than max_size, 2");
    refuses({.max_size = 2, .warm_up_size = 3}, "warm_up_size is 3");
    refuses({.max_size = pawl::semaphore::max_permits + 1}, "max_size");
    refuses({.acquire_timeout = 0s}, "acquire_timeout");
    refuses({.idle_timeout = 0s}, "idle_timeout");
    refuses({.max_lifetime = -1s}, "max_lifetime");
    refuses({.health_check_interval = 0s}, "health_check_interval");
    refuses({.maintenance_interval = 0s}, "maintenance_interval");
    refuses({.warm_up_timeout = 0s}, "warm_up_timeout");
    refuses({.health_check_on_acquire = true}, "health checks");
    refuses({.health_check_interval = 1s}, "health checks");
  }

  void tells_what_there_is() {
    numbers p(counter{last_}, size(3));
    auto one = p.try_acquire(), two = p.try_acquire();
    two->release();
    const pawl::pool_stats now = p.stats();
    check_idle(2, 1, now);
    CPPUNIT_ASSERT(now.active == 1 && now.max_size == 3 && now.acquisitions == 2);
    CPPUNIT_ASSERT(now.created == 2 && now.failed == 0);
    CPPUNIT_ASSERT(p.config() == size(3));
    CPPUNIT_ASSERT_EQUAL(std::string("max_lifetime"),
                         std::string(to_string(pawl::destroy_reason::max_lifetime)));
  }

  void neither_clock_nor_heap_is_needed() {
    pool_config plain = size(1);
    plain.acquire_timeout = plain.idle_timeout = plain.max_lifetime = pool_config::unlimited;
    plain.metered = false;
    numbers p(counter{last_}, plain);
    auto held = p.try_acquire();
    given a;
    const call one = start_acquire(p, a);
    const auto before = allocations();
    held->release();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(a.is_granted() && (*a.result)->held_duration() == 0ns);
    a.result.reset();
    const auto again = allocations();
    const bool is_used = **p.acquire_blocking() == 1;
    const auto at_last = allocations();
    CPPUNIT_ASSERT_EQUAL(again, at_last);
    CPPUNIT_ASSERT(is_used);
  }

  void destroys_what_it_has() {
    const auto shared = std::make_shared<int>(1);
    {
      pool p([&] { return shared; }, size(2));
      p.try_acquire()->release();
      CPPUNIT_ASSERT_EQUAL(2L, shared.use_count());
    }
    CPPUNIT_ASSERT_EQUAL(1L, shared.use_count());
  }

  void serves_many_threads() {
    pawl::thread_pool threads(2);
    pawl::atomic<int> made{0};
    pool p([&] { return ++made; }, {.min_size = 0, .max_size = 3, .acquire_timeout = 60s});
    const auto use_often = [](auto& from) -> task<int> {
      int used = 0;
      for (int i = 0; i < 2000; ++i) {
        auto one = co_await from.acquire();
        if (one && i % 100 == 0) one->discard();
        used += one.has_value();
      }
      co_return used;
    };
    const auto use_all = [&]() -> task<int> {
      auto a = pawl::spawn(threads, use_often(p)), b = pawl::spawn(threads, use_often(p));
      auto c = pawl::spawn(threads, use_often(p)), d = pawl::spawn(threads, use_often(p));
      const auto of_a = co_await std::move(a);
      const auto of_b = co_await std::move(b);
      const auto of_c = co_await std::move(c);
      const auto of_d = co_await std::move(d);
      co_return *of_a + *of_b + *of_c + *of_d;
    };
    CPPUNIT_ASSERT_EQUAL(8000, pawl::sync_wait(use_all()));
    const pawl::pool_stats now = p.stats();
    check_idle(now.total, now.total, now);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{8000}, now.acquisitions);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{80}, now.destroyed_for(pawl::destroy_reason::discarded));
    CPPUNIT_ASSERT_EQUAL(now.created, 80 + now.total);
  }

 private:
  int last_ = 0;
};

}  // namespace

CPPUNIT_TEST_SUITE_REGISTRATION(pool_test);
