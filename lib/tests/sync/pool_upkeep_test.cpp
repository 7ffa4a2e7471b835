#include <pawl/sync/pool.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;

namespace {

using pawl::destroy_reason;
using pawl::errc;
using pawl::pool;
using pawl::pool_config;
using pawl::pool_round;
using pawl::sync_wait;
using pawl::task;
using pawl::warm_up_strategy;

pool_config size(pawl::count_t max_size, pawl::count_t min_size = 0) {
  return {.min_size = min_size, .max_size = max_size};
}

// What is made now is older than a nanosecond when this returns.
void let_time_pass() {
  const auto before = pawl::steady_clock::now();
  while (pawl::steady_clock::now() - before < 1us) {}
}

class pool_upkeep_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(pool_upkeep_test);
  CPPUNIT_TEST(what_was_idle_too_long_is_not_given_out);
  CPPUNIT_TEST(what_is_too_old_is_not_given_out);
  CPPUNIT_TEST(a_round_evicts_and_keeps_the_minimum);
  CPPUNIT_TEST(a_round_takes_nothing_from_who_waits);
  CPPUNIT_TEST(an_unhealthy_one_is_not_given_out);
  CPPUNIT_TEST(a_check_evicts_the_unhealthy);
  CPPUNIT_TEST(a_round_checks_whose_time_has_come);
  CPPUNIT_TEST(an_unhealthy_one_may_recover);
  CPPUNIT_TEST(an_unhealthy_one_gives_its_place);
  CPPUNIT_TEST(a_check_may_be_a_coroutine);
  CPPUNIT_TEST(what_a_check_throws_leaves_the_call);
  CPPUNIT_TEST(a_check_obeys_the_limits_of_the_call);
  CPPUNIT_TEST(a_round_keeps_their_order);
  CPPUNIT_TEST(maintenance_goes_on_until_it_is_stopped);
  CPPUNIT_TEST(maintenance_survives_failures);
  CPPUNIT_TEST(maintenance_counts_what_checks_throw);
  CPPUNIT_TEST(warms_up);
  CPPUNIT_TEST(best_effort_keeps_what_succeeds);
  CPPUNIT_TEST(fail_fast_stops_at_the_first_failure);
  CPPUNIT_TEST(a_minimum_is_demanded);
  CPPUNIT_TEST(an_exception_is_a_failure);
  CPPUNIT_TEST(a_timeout_ends_the_warm_up);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_was_idle_too_long_is_not_given_out() {
    pool_config config = size(2);
    config.idle_timeout = 1ns;
    pool p([this] { return ++last_; }, config);
    p.try_acquire()->release();
    let_time_pass();
    CPPUNIT_ASSERT_EQUAL(2, **p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, p.stats().destroyed_for(destroy_reason::idle_timeout));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, p.stats().acquisitions);
  }

  void what_is_too_old_is_not_given_out() {
    pool_config config = size(2);
    config.max_lifetime = 1ns;
    pool p([this] { return ++last_; }, config);
    p.try_acquire()->release();
    let_time_pass();
    CPPUNIT_ASSERT_EQUAL(2, **p.acquire_blocking());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, p.stats().destroyed_for(destroy_reason::max_lifetime));
  }

  void a_round_evicts_and_keeps_the_minimum() {
    pool_config config = size(4, 2);
    config.idle_timeout = 1ns;
    pool p([this] { return ++last_; }, config);
    { const auto a = p.try_acquire(), b = p.try_acquire(), c = p.try_acquire(); }
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, p.stats().idle);
    let_time_pass();
    CPPUNIT_ASSERT((*sync_wait(p.maintain_once()) == pool_round{.evicted = 3, .created = 2}));
    CPPUNIT_ASSERT(p.stats().idle == 2 && p.stats().total == 2 && last_ == 5);
    const auto held = p.try_acquire();
    CPPUNIT_ASSERT(held.has_value());
  }

  void a_round_takes_nothing_from_who_waits() {
    pool p([this] { return ++last_; }, size(1, 1));
    auto held = p.try_acquire();
    CPPUNIT_ASSERT((*sync_wait(p.maintain_once()) == pool_round{}));
    CPPUNIT_ASSERT(p.stats().active == 1);
  }

  void an_unhealthy_one_is_not_given_out() {
    pool_config config = size(2);
    config.health_check_on_acquire = true;
    pool p([this] { return ++last_; }, [this](int& n) { return !ill_.contains(n); }, config);
    p.try_acquire()->release();
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
    ill_ = {1};
    CPPUNIT_ASSERT_EQUAL(2, **p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, p.stats().destroyed_for(destroy_reason::unhealthy));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, p.stats().acquisitions);
  }

  void a_check_evicts_the_unhealthy() {
    pool p([this] { return ++last_; }, [this](int& n) { return !ill_.contains(n); }, size(3, 3));
    CPPUNIT_ASSERT((*sync_wait(p.maintain_once()) == pool_round{.created = 3}));
    ill_ = {1, 3};
    CPPUNIT_ASSERT(
        (*sync_wait(p.health_check()) == pool_round{.checked = 3, .evicted = 2, .created = 2}));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, p.stats().destroyed_for(destroy_reason::unhealthy));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, p.stats().acquisitions);
  }

  void a_round_checks_whose_time_has_come() {
    const auto is_healthy = [](int&) { return true; };
    pool_config often = size(1, 1), seldom = size(1, 1);
    often.health_check_interval = 1ns;
    seldom.health_check_interval = 1h;
    pool p([this] { return ++last_; }, is_healthy, often);
    pool q([this] { return ++last_; }, is_healthy, seldom);
    (void)sync_wait(p.maintain_once());
    (void)sync_wait(q.maintain_once());
    let_time_pass();
    CPPUNIT_ASSERT((*sync_wait(p.maintain_once()) == pool_round{.checked = 1}));
    CPPUNIT_ASSERT((*sync_wait(q.maintain_once()) == pool_round{}));
  }

  void an_unhealthy_one_may_recover() {
    pool_config config = size(1);
    config.evict_unhealthy = false;
    pool p([this] { return ++last_; }, [this](int& n) { return !ill_.contains(n); }, config);
    p.try_acquire()->release();
    ill_ = {1};
    CPPUNIT_ASSERT((*sync_wait(p.health_check()) == pool_round{.checked = 1}));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, p.stats().idle);
    ill_.clear();
    CPPUNIT_ASSERT((*sync_wait(p.health_check()) == pool_round{.checked = 1}));
    CPPUNIT_ASSERT_EQUAL(1, **p.try_acquire());
  }

  void an_unhealthy_one_gives_its_place() {
    pool_config config = size(1);
    config.evict_unhealthy = false;
    config.health_check_on_acquire = true;
    pool p([this] { return ++last_; }, [this](int& n) { return !ill_.contains(n); }, config);
    p.try_acquire()->release();
    ill_ = {1};
    CPPUNIT_ASSERT_EQUAL(2, **p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, p.stats().destroyed_for(destroy_reason::unhealthy));
  }

  void a_check_may_be_a_coroutine() {
    pool_config config = size(2);
    config.health_check_on_acquire = true;
    pool p([this] { return ++last_; },
           [this](int& n) -> task<bool> {
             co_await pawl::this_task::reschedule();
             co_return !ill_.contains(n);
           },
           config);
    const auto get = [](auto& from) -> task<int> {
      const auto one = co_await from.acquire();
      co_return **one;
    };
    CPPUNIT_ASSERT_EQUAL(1, sync_wait(get(p)));
    check_error(errc::would_block, p.try_acquire());
    CPPUNIT_ASSERT_EQUAL(1, sync_wait(get(p)));
    ill_ = {1};
    CPPUNIT_ASSERT_EQUAL(2, sync_wait(get(p)));
    CPPUNIT_ASSERT((*sync_wait(p.health_check()) == pool_round{.checked = 1}));
  }

  void what_a_check_throws_leaves_the_call() {
    pool_config config = size(1, 1);
    config.health_check_on_acquire = true;
    const auto check = [](int&) -> bool { throw std::runtime_error("no answer"); };
    pool p([this] { return ++last_; }, check, config);
    p.try_acquire()->release();
    CPPUNIT_ASSERT_THROW(p.try_acquire(), std::runtime_error);
    CPPUNIT_ASSERT(p.stats().total == 0 && p.stats().acquisitions == 1);
    (void)sync_wait(p.maintain_once());
    CPPUNIT_ASSERT_THROW(sync_wait(p.health_check()), std::runtime_error);
    CPPUNIT_ASSERT(p.stats().total == 0);
  }

  // Nobody answers: neither in time, nor at all.
  void a_check_obeys_the_limits_of_the_call() {
    pawl::semaphore never(0);
    pool_config config = size(1);
    config.health_check_on_acquire = true;
    config.acquire_timeout = 1ms;
    pool p([this] { return ++last_; },
           [&](int&) -> task<bool> {
             const auto stop = co_await pawl::this_task::get_stop_token();
             const auto answer = co_await never.acquire(1, stop);
             co_return answer.has_value();
           },
           config);
    pawl::stop_source stop;
    const auto get = [&](int how) -> task<pawl::result<void>> {
      auto one = co_await p.acquire();
      if (!one || how == 0) co_return one.map([](const auto&) {});
      one->release();
      if (how == 1) one = co_await p.acquire();
      if (how == 2) one = co_await p.acquire_for(1ms);
      if (how == 3) one = co_await p.acquire(stop.get_token());
      co_return one.map([](const auto&) {});
    };
    check_error(errc::timed_out, sync_wait(get(1)));
    CPPUNIT_ASSERT(p.stats().failed_checks == 1 && p.stats().total == 0);
    check_error(errc::timed_out, sync_wait(get(2)));
    pawl::thread stopper([&] {
      while (p.stats().created < 3) {}
      stop.request_stop();
    });
    check_error(errc::cancelled, sync_wait(get(3)));
    stopper.join();
    const pawl::pool_stats now = p.stats();
    CPPUNIT_ASSERT(now.failed_checks >= 2 && now.failed_checks <= 3 && now.acquisitions == 3);
    CPPUNIT_ASSERT_EQUAL(now.failed_checks, now.destroyed_for(destroy_reason::discarded));
    CPPUNIT_ASSERT_EQUAL(now.total, now.idle);
  }

  void a_round_keeps_their_order() {
    pool p([this] { return ++last_; }, [](int&) { return true; }, size(3, 3));
    (void)sync_wait(p.maintain_once());
    (void)sync_wait(p.health_check());
    const auto first = p.try_acquire(), second = p.try_acquire();
    CPPUNIT_ASSERT(**first == 3 && **second == 2);
  }

  void maintenance_goes_on_until_it_is_stopped() {
    pool_config config = size(1, 1);
    config.maintenance_interval = 1us;
    config.health_check_interval = 1ns;
    pawl::stop_source stop;
    int checks = 0;
    const auto check = [&](int&) {
      if (++checks == 3) stop.request_stop();
      return true;
    };
    pool p([this] { return ++last_; }, check, config);
    sync_wait(p.maintain(stop.get_token()));
    CPPUNIT_ASSERT(checks == 3 && last_ == 1);
    p.close();
    sync_wait(p.maintain());
  }

  void maintenance_survives_failures() {
    pool_config config = size(1, 1);
    config.maintenance_interval = 1us;
    pawl::stop_source stop;
    pool p(
        [&] {
          if (++last_ < 3) throw std::runtime_error("no resource");
          stop.request_stop();
          return last_;
        },
        config);
    sync_wait(p.maintain(stop.get_token()));
    CPPUNIT_ASSERT(p.stats().failed == 2 && **p.try_acquire() == 3);
  }

  void maintenance_counts_what_checks_throw() {
    pool_config config = size(1, 1);
    config.maintenance_interval = 1us;
    config.health_check_interval = 1ns;
    pawl::stop_source stop;
    int checks = 0;
    const auto check = [&](int&) -> bool {
      if (++checks == 3) stop.request_stop();
      throw std::runtime_error("no answer");
    };
    pool p([this] { return ++last_; }, check, config);
    sync_wait(p.maintain(stop.get_token()));
    const pawl::pool_stats now = p.stats();
    CPPUNIT_ASSERT(checks == 3 && now.failed_checks == 3 && now.failed == 0);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, now.destroyed_for(destroy_reason::discarded));
  }

  void warms_up() {
    pool_config config = size(3);
    config.warm_up_size = 2;
    pool p([this] { return ++last_; }, config);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, *sync_wait(p.warm_up()));
    CPPUNIT_ASSERT(p.stats().idle == 2 && p.stats().acquisitions == 0);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, *sync_wait(p.warm_up()));
  }

  void best_effort_keeps_what_succeeds() {
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, *warm_up(warm_up_strategy::best_effort, 0));
  }

  void fail_fast_stops_at_the_first_failure() {
    check_error(errc::exceeds_limit, warm_up(warm_up_strategy::fail_fast, 0));
    CPPUNIT_ASSERT_EQUAL(2, last_);
  }

  void a_minimum_is_demanded() {
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, *warm_up(warm_up_strategy::require_minimum, 2));
    last_ = 0;
    check_error(errc::exceeds_limit, warm_up(warm_up_strategy::require_minimum, 3));
    CPPUNIT_ASSERT_EQUAL(3, last_);
  }

  void an_exception_is_a_failure() {
    pool_config config = size(3, 3);
    config.warm_up_size = 3;
    const auto make = [this] {
      return ++last_ == 2 ? throw std::runtime_error("no resource") : last_;
    };
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, *sync_wait(pool(make, config).warm_up()));
    for (const auto how : {warm_up_strategy::fail_fast, warm_up_strategy::require_minimum}) {
      last_ = 0;
      config.on_warm_up_failure = how;
      pool p(make, config);
      CPPUNIT_ASSERT_THROW(sync_wait(p.warm_up()), std::runtime_error);
      CPPUNIT_ASSERT_EQUAL(pawl::count_t(how == warm_up_strategy::fail_fast ? 1 : 2),
                           p.stats().idle);
    }
  }

  void a_timeout_ends_the_warm_up() {
    pawl::semaphore once(1);
    const auto make = [&]() -> task<pawl::result<int>> {
      const auto stop = co_await pawl::this_task::get_stop_token();
      auto went = co_await once.acquire(1, stop);
      if (!went) co_return tl::unexpected(went.error());
      std::move(*went).forget();
      co_return ++last_;
    };
    pool_config config = size(2, 1);
    config.warm_up_size = 2;
    config.warm_up_timeout = 1ms;
    {
      pool p(make, config);
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, *sync_wait(p.warm_up()));
    }
    config.on_warm_up_failure = warm_up_strategy::fail_fast;
    pool p(make, config);
    check_error(errc::timed_out, sync_wait(p.warm_up()));
    CPPUNIT_ASSERT(p.stats().creating == 0 && p.stats().total == 0);
  }

 private:
  // A pool of 3 whose second attempt fails.
  pawl::result<pawl::count_t> warm_up(warm_up_strategy how, pawl::count_t min_size) {
    pool_config config = size(3, min_size);
    config.warm_up_size = 3;
    config.on_warm_up_failure = how;
    pool p(
        [this]() -> pawl::result<int> {
          if (++last_ == 2) return pawl::failure(errc::exceeds_limit);
          return last_;
        },
        config);
    return sync_wait(p.warm_up());
  }

  int last_ = 0;
  std::set<int> ill_;
};

}  // namespace

CPPUNIT_TEST_SUITE_REGISTRATION(pool_upkeep_test);
