#include <pawl/task/thread_pool.hpp>
#include <task/function_item.hpp>
#include <task/function_timer.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pawl::steady_clock;

class thread_pool_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(thread_pool_test);
  CPPUNIT_TEST(refuses_to_have_no_threads);
  CPPUNIT_TEST(one_thread_runs_items_in_the_order_of_scheduling);
  CPPUNIT_TEST(the_destructor_runs_what_was_scheduled);
  CPPUNIT_TEST(the_destructor_runs_what_is_scheduled_meanwhile);
  CPPUNIT_TEST(is_the_current_scheduler_of_its_threads);
  CPPUNIT_TEST(its_threads_run_at_the_same_time);
  CPPUNIT_TEST(idle_threads_are_woken_again_and_again);
  CPPUNIT_TEST(a_chain_of_items_stays_on_its_thread);
  CPPUNIT_TEST(items_that_their_thread_leaves_run_on_others);
  CPPUNIT_TEST(an_item_runs_while_the_timer_before_it_does);
  CPPUNIT_TEST(timers_fire_in_order_of_deadlines_and_not_early);
  CPPUNIT_TEST(a_disarmed_timer_does_not_fire);
  CPPUNIT_TEST(timers_fire_while_a_thread_is_busy);
  CPPUNIT_TEST(racing_timers_either_fire_or_are_disarmed);
  CPPUNIT_TEST_SUITE_END();

  // Lets the test's thread wait for one event on a thread of the pool.
  class event {
   public:
    void signal() { happened_.store(true, pawl::memory_order_release); }
    void wait() {
      pawl::spin_until(happened_, [](bool h) { return h; }, pawl::memory_order_acquire);
    }

   private:
    pawl::atomic<bool> happened_{false};
  };

  void refuses_to_have_no_threads() {
    try {
      pawl::thread_pool pool(0);
      CPPUNIT_FAIL("constructed");
    } catch (const std::invalid_argument& refused) {
      CPPUNIT_ASSERT(std::string(refused.what()).find("at least 1") != std::string::npos);
    }
  }

  void one_thread_runs_items_in_the_order_of_scheduling() {
    std::vector<int> order;
    std::vector<int> expected;
    std::deque<function_item> items;
    for (int i = 0; i < 100; ++i) {
      items.emplace_back([&order, i] { order.push_back(i); });
      expected.push_back(i);
    }
    {
      pawl::thread_pool pool(1);
      for (auto& item : items) pool.schedule(item);
    }
    CPPUNIT_ASSERT(expected == order);
  }

  void the_destructor_runs_what_was_scheduled() {
    constexpr int count = 5000;
    pawl::atomic<int> ran{0};
    std::deque<function_item> items;
    {
      pawl::thread_pool pool(3);
      for (int i = 0; i < count; ++i) {
        pool.schedule(items.emplace_back([&] { ran.fetch_add(1, pawl::memory_order_relaxed); }));
      }
    }
    CPPUNIT_ASSERT_EQUAL(count, ran.load(pawl::memory_order_relaxed));
  }

  void the_destructor_runs_what_is_scheduled_meanwhile() {
    int left = 1000;
    auto pool = std::make_unique<pawl::thread_pool>(2);
    pawl::thread_pool& target = *pool;
    std::unique_ptr<function_item> item;
    item = std::make_unique<function_item>([&] {
      if (--left > 0) target.schedule(*item);
    });
    target.schedule(*item);
    pool.reset();
    CPPUNIT_ASSERT_EQUAL(0, left);
  }

  void is_the_current_scheduler_of_its_threads() {
    pawl::scheduler* seen = nullptr;
    pawl::scheduler* expected = nullptr;
    function_item item([&] { seen = pawl::current_scheduler(); });
    {
      pawl::thread_pool pool(1);
      expected = &pool;
      pool.schedule(item);
    }
    CPPUNIT_ASSERT(seen == expected);
    CPPUNIT_ASSERT(pawl::current_scheduler() == nullptr);
  }

  void its_threads_run_at_the_same_time() {
    event first_runs, second_runs;
    function_item first([&] {
      first_runs.signal();
      second_runs.wait();
    });
    function_item second([&] {
      second_runs.signal();
      first_runs.wait();
    });
    pawl::thread_pool pool(2);
    pool.schedule(first);
    pool.schedule(second);
  }

  void idle_threads_are_woken_again_and_again() {
    constexpr int rounds = 2000;
    pawl::thread_pool first(2);
    pawl::thread_pool second(1);
    int hops = 0;
    event done;
    std::unique_ptr<function_item> ball;
    ball = std::make_unique<function_item>([&] {
      if (++hops == rounds) {
        done.signal();
      } else {
        (hops % 2 == 0 ? first : second).schedule(*ball);
      }
    });
    first.schedule(*ball);
    done.wait();
    CPPUNIT_ASSERT_EQUAL(rounds, hops);
  }

  // A thread that schedules the next item, and then takes it, has it in its cache.
  void a_chain_of_items_stays_on_its_thread() {
    constexpr int length = 5000;
    pawl::thread_pool pool(2);
    int left = length;
    int changes = 0;
    std::thread::id latest;
    event done;
    std::deque<function_item> items;
    const auto add = [&](std::size_t next) {
      items.emplace_back([&, next] {
        const auto before = std::exchange(latest, std::this_thread::get_id());
        if (before != latest) ++changes;
        if (--left == 0) return done.signal();
        pool.schedule(items[next]);
        for (int i = 0; i < 8; ++i) pawl::spin_hint();  // time for a thread that is too eager
      });
    };
    add(1);
    add(0);
    pool.schedule(items[0]);
    done.wait();
    CPPUNIT_ASSERT(changes < length / 4);
  }

  void items_that_their_thread_leaves_run_on_others() {
    constexpr int rounds = 300;
    pawl::thread_pool pool(3);
    for (int round = 0; round < rounds; ++round) {
      event second_runs, third_runs, second_ends, done;
      function_item second([&] {
        second_runs.signal();
        third_runs.wait();
        second_ends.signal();
      });
      function_item third([&] { third_runs.signal(); });
      function_item first([&] {
        pool.schedule(second);
        second_runs.wait();
        pool.schedule(third);
        second_ends.wait();
        done.signal();
      });
      pool.schedule(first);
      done.wait();
    }
  }

  // The thread that was woken for the timer is one that comes for the item, too: if it has become
  // busy, another one must come.
  void an_item_runs_while_the_timer_before_it_does() {
    constexpr int rounds = 300;
    pawl::thread_pool pool(2);
    for (int round = 0; round < rounds; ++round) {
      event ran, done;
      function_timer timer(steady_clock::now(), [&] {
        ran.wait();
        done.signal();
      });
      function_item item([&] { ran.signal(); });
      pool.timers()->arm(timer);
      pool.schedule(item);
      done.wait();
    }
  }

  void timers_fire_in_order_of_deadlines_and_not_early() {
    pawl::thread_pool pool(1);
    const auto start = steady_clock::now();
    std::vector<int> order;
    bool early = false;
    event done;
    function_timer later(start + 3ms, [&] {
      early = early || steady_clock::now() < start + 3ms;
      order.push_back(1);
      done.signal();
    });
    function_timer sooner(start + 1ms, [&] {
      early = early || steady_clock::now() < start + 1ms;
      order.push_back(0);
    });
    pool.timers()->arm(later);
    pool.timers()->arm(sooner);
    done.wait();
    CPPUNIT_ASSERT(!early);
    CPPUNIT_ASSERT((order == std::vector{0, 1}));
  }

  void a_disarmed_timer_does_not_fire() {
    pawl::thread_pool pool(2);
    function_timer timer(steady_clock::now() + 1h, [] { CPPUNIT_FAIL("fired"); });
    pool.timers()->arm(timer);
    CPPUNIT_ASSERT(pool.timers()->try_disarm(timer));
    CPPUNIT_ASSERT(!pool.timers()->try_disarm(timer));
  }

  // The thread that kept the first deadline is taken for the item: another one must take over.
  void timers_fire_while_a_thread_is_busy() {
    constexpr int rounds = 100;
    pawl::thread_pool pool(2);
    for (int round = 0; round < rounds; ++round) {
      event fired, done;
      function_timer timer(steady_clock::now() + 200us, [&] { fired.signal(); });
      function_item busy([&] {
        fired.wait();
        done.signal();
      });
      pool.timers()->arm(timer);
      pool.schedule(busy);
      done.wait();
    }
  }

  void racing_timers_either_fire_or_are_disarmed() {
    constexpr int rounds = 300;
    pawl::atomic<int> fired{0};
    int disarmed = 0;
    std::deque<function_timer> timers;
    pawl::thread_pool pool(2);
    for (int i = 0; i < rounds; ++i) {
      function_timer& timer = timers.emplace_back(
          steady_clock::now(), [&] { fired.fetch_add(1, pawl::memory_order_release); });
      pool.timers()->arm(timer);
      if (pool.timers()->try_disarm(timer)) ++disarmed;
    }
    pawl::spin_until(
        fired, [&](int n) { return n + disarmed >= rounds; }, pawl::memory_order_acquire);
    CPPUNIT_ASSERT_EQUAL(rounds, fired.load(pawl::memory_order_relaxed) + disarmed);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(thread_pool_test);

}  // namespace
