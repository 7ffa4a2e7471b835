#include <pawl/task/run_loop.hpp>
#include <task/function_item.hpp>
#include <task/function_timer.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pawl::steady_clock;

class run_loop_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(run_loop_test);
  CPPUNIT_TEST(runs_items_in_the_order_of_scheduling);
  CPPUNIT_TEST(schedule_does_not_run_the_item);
  CPPUNIT_TEST(run_one_runs_one_and_reports_the_end);
  CPPUNIT_TEST(finish_lets_everything_scheduled_run_first);
  CPPUNIT_TEST(finish_may_be_called_again);
  CPPUNIT_TEST(is_the_current_scheduler_while_it_runs);
  CPPUNIT_TEST(items_of_many_threads_all_run_each_thread_s_in_order);
  CPPUNIT_TEST(two_loops_wake_each_other);
  CPPUNIT_TEST(timers_fire_in_order_of_deadlines_and_not_early);
  CPPUNIT_TEST(a_disarmed_timer_does_not_fire);
  CPPUNIT_TEST(an_earlier_timer_wakes_a_loop_that_waits_for_a_later_one);
  CPPUNIT_TEST(a_scheduled_item_wakes_a_loop_that_waits_for_a_timer);
  CPPUNIT_TEST(racing_timers_either_fire_or_are_disarmed);
  CPPUNIT_TEST_SUITE_END();

  pawl::run_loop loop_;

  void runs_items_in_the_order_of_scheduling() {
    std::vector<int> order;
    std::deque<function_item> items;
    for (int i = 0; i < 5; ++i) items.emplace_back([&order, i] { order.push_back(i); });
    for (auto& item : items) loop_.schedule(item);
    loop_.finish();
    loop_.run();
    CPPUNIT_ASSERT((order == std::vector{0, 1, 2, 3, 4}));
  }

  void schedule_does_not_run_the_item() {
    bool ran = false;
    function_item item([&] { ran = true; });
    loop_.schedule(item);
    CPPUNIT_ASSERT(!ran);
    CPPUNIT_ASSERT(loop_.run_one() && ran);
  }

  void run_one_runs_one_and_reports_the_end() {
    int ran = 0;
    function_item first([&] { ++ran; });
    function_item second([&] { ++ran; });
    loop_.schedule(first);
    loop_.schedule(second);
    loop_.finish();
    CPPUNIT_ASSERT(loop_.run_one());
    CPPUNIT_ASSERT_EQUAL(1, ran);
    CPPUNIT_ASSERT(loop_.run_one());
    CPPUNIT_ASSERT(!loop_.run_one());
    CPPUNIT_ASSERT_EQUAL(2, ran);
  }

  void finish_lets_everything_scheduled_run_first() {
    bool ran = false;
    function_item last([&] { ran = true; });
    function_item first([&] { loop_.schedule(last); });
    loop_.schedule(first);
    loop_.finish();
    loop_.run();
    CPPUNIT_ASSERT(ran);
  }

  void finish_may_be_called_again() {
    loop_.finish();
    loop_.finish();
    loop_.run();
    CPPUNIT_ASSERT(!loop_.run_one());
  }

  void is_the_current_scheduler_while_it_runs() {
    pawl::scheduler* seen = nullptr;
    function_item item([&] { seen = pawl::current_scheduler(); });
    loop_.schedule(item);
    CPPUNIT_ASSERT(pawl::current_scheduler() == nullptr);
    loop_.run_one();
    CPPUNIT_ASSERT(seen == &loop_);
    CPPUNIT_ASSERT(pawl::current_scheduler() == nullptr);
  }

  void items_of_many_threads_all_run_each_thread_s_in_order() {
    constexpr int threads = 3;
    constexpr int each = 2000;
    int last_of[threads] = {};
    int ran = 0;
    std::deque<function_item> items[threads];
    for (int t = 0; t < threads; ++t) {
      for (int i = 1; i <= each; ++i) {
        items[t].emplace_back([&, t, i] {
          CPPUNIT_ASSERT_EQUAL(i - 1, last_of[t]);
          last_of[t] = i;
          if (++ran == threads * each) loop_.finish();
        });
      }
    }
    std::deque<pawl::thread> producers;
    for (auto& own : items) {
      producers.emplace_back([&] {
        for (auto& item : own) loop_.schedule(item);
      });
    }
    loop_.run();
    for (auto& producer : producers) producer.join();
    CPPUNIT_ASSERT_EQUAL(threads * each, ran);
  }

  // One item goes to and fro: each loop parks, or is about to, when the item arrives.
  void two_loops_wake_each_other() {
    constexpr int rounds = 2000;
    pawl::run_loop other;
    int hops = 0;
    std::unique_ptr<function_item> ball;
    ball = std::make_unique<function_item>([&] {
      if (++hops == rounds) {
        loop_.finish();
        other.finish();
      } else {
        (hops % 2 == 0 ? loop_ : other).schedule(*ball);
      }
    });
    pawl::thread driver([&] { other.run(); });
    loop_.schedule(*ball);
    loop_.run();
    driver.join();
    CPPUNIT_ASSERT_EQUAL(rounds, hops);
  }

  void timers_fire_in_order_of_deadlines_and_not_early() {
    const auto start = steady_clock::now();
    std::vector<int> order;
    function_timer later(start + 3ms, [&] {
      CPPUNIT_ASSERT(steady_clock::now() >= start + 3ms);
      order.push_back(2);
      loop_.finish();
    });
    function_timer sooner(start + 1ms, [&] {
      CPPUNIT_ASSERT(steady_clock::now() >= start + 1ms);
      order.push_back(1);
    });
    function_timer passed(start - 1h, [&] { order.push_back(0); });
    for (function_timer* t : {&later, &sooner, &passed}) loop_.timers()->arm(*t);
    CPPUNIT_ASSERT_MESSAGE("not inside arm", order.empty());
    loop_.run();
    CPPUNIT_ASSERT((order == std::vector{0, 1, 2}));
  }

  void a_disarmed_timer_does_not_fire() {
    bool fired = false;
    function_timer timer(steady_clock::now() - 1h, [&] { fired = true; });
    loop_.timers()->arm(timer);
    CPPUNIT_ASSERT(loop_.timers()->try_disarm(timer));
    CPPUNIT_ASSERT(!loop_.timers()->try_disarm(timer));
    loop_.finish();
    loop_.run();
    CPPUNIT_ASSERT(!fired);
  }

  void an_earlier_timer_wakes_a_loop_that_waits_for_a_later_one() {
    function_timer never(steady_clock::now() + 1h, [] { CPPUNIT_FAIL("fired"); });
    loop_.timers()->arm(never);
    function_timer now(steady_clock::now(), [&] { loop_.finish(); });
    pawl::thread armer([&] { loop_.timers()->arm(now); });
    loop_.run();
    armer.join();
    CPPUNIT_ASSERT(loop_.timers()->try_disarm(never));
  }

  void a_scheduled_item_wakes_a_loop_that_waits_for_a_timer() {
    function_timer never(steady_clock::now() + 1h, [] { CPPUNIT_FAIL("fired"); });
    loop_.timers()->arm(never);
    function_item item([&] { loop_.finish(); });
    pawl::thread other([&] { loop_.schedule(item); });
    loop_.run();
    other.join();
    CPPUNIT_ASSERT(loop_.timers()->try_disarm(never));
  }

  void racing_timers_either_fire_or_are_disarmed() {
    constexpr int rounds = 300;
    int fired = 0;  // the driver's
    int disarmed = 0;
    pawl::thread driver([&] { loop_.run(); });
    std::deque<function_timer> timers;
    for (int i = 0; i < rounds; ++i) {
      function_timer& timer = timers.emplace_back(steady_clock::now(), [&] { ++fired; });
      loop_.timers()->arm(timer);
      if (loop_.timers()->try_disarm(timer)) ++disarmed;
    }
    // Timers that are due fire before items run, so all are settled when the loop ends.
    loop_.finish();
    driver.join();
    CPPUNIT_ASSERT_EQUAL(rounds, fired + disarmed);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(run_loop_test);

}  // namespace
