#include <pawl/backend/ambient.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/thread_pool.hpp>
#include <task/function_item.hpp>
#include <task/function_timer.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

class scheduler_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(scheduler_test);
  CPPUNIT_TEST(timers_come_from_the_scheduler_that_has_some);
  CPPUNIT_TEST(a_scheduler_without_timers_falls_back_on_the_default_pool);
  CPPUNIT_TEST(the_fallback_fires);
  CPPUNIT_TEST(the_inline_scheduler_runs_items_in_the_call);
  CPPUNIT_TEST(run_on_takes_the_scheduler_or_runs_inline);
  CPPUNIT_TEST(a_nested_driver_gives_back_the_thread);
  CPPUNIT_TEST_SUITE_END();

  void timers_come_from_the_scheduler_that_has_some() {
    pawl::run_loop loop;
    pawl::thread_pool pool(1);
    CPPUNIT_ASSERT(&pawl::timers_for(&loop) == loop.timers());
    CPPUNIT_ASSERT(&pawl::timers_for(&pool) == pool.timers());
  }

  void a_scheduler_without_timers_falls_back_on_the_default_pool() {
    pawl::inline_scheduler none;
    CPPUNIT_ASSERT(&pawl::timers_for(&none) == pawl::default_pool().timers());
    CPPUNIT_ASSERT(&pawl::timers_for(nullptr) == pawl::default_pool().timers());
  }

  void the_fallback_fires() {
    pawl::run_loop loop;
    function_timer timer(pawl::steady_clock::now(), [&] { loop.finish(); });
    pawl::timers_for(nullptr).arm(timer);
    loop.run();
    CPPUNIT_ASSERT(!pawl::timers_for(nullptr).try_disarm(timer));
  }

  void the_inline_scheduler_runs_items_in_the_call() {
    bool ran = false;
    function_item item([&] { ran = true; });
    pawl::inline_scheduler().schedule(item);
    CPPUNIT_ASSERT(ran);
  }

  void run_on_takes_the_scheduler_or_runs_inline() {
    int ran = 0;
    pawl::run_loop loop;
    function_item item([&] { ++ran; });
    pawl::run_on(nullptr, item);
    CPPUNIT_ASSERT_EQUAL(1, ran);
    pawl::run_on(&loop, item);
    CPPUNIT_ASSERT_EQUAL(1, ran);
    loop.run_one();
    CPPUNIT_ASSERT_EQUAL(2, ran);
  }

  void a_nested_driver_gives_back_the_thread() {
    pawl::run_loop outer, inner;
    function_item nothing([] {});
    inner.schedule(nothing);
    pawl::scheduler* after = nullptr;
    function_item nests([&] {
      inner.run_one();
      after = pawl::current_scheduler();
    });
    outer.schedule(nests);
    outer.run_one();
    CPPUNIT_ASSERT(after == &outer);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(scheduler_test);

}  // namespace
