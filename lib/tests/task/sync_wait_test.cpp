#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

namespace {

pawl::task<int> returns(int value) { co_return value; }

pawl::task<int> throws() {
  throw std::runtime_error("from the task");
  co_return 0;
}

pawl::task<pawl::thread::id> thread_after_rescheduling() {
  co_await pawl::this_task::reschedule();
  co_return pawl::this_thread::get_id();
}

pawl::task<int> joins(pawl::scheduler& where, int value) {
  auto child = pawl::spawn(where, returns(value));
  const auto joined = co_await std::move(child);
  co_return joined.value();
}

pawl::task<int> waits_inside() { co_return pawl::sync_wait(returns(3)); }

class sync_wait_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(sync_wait_test);
  CPPUNIT_TEST(returns_what_the_task_returns);
  CPPUNIT_TEST(throws_what_leaves_the_task);
  CPPUNIT_TEST(runs_the_task_on_the_calling_thread);
  CPPUNIT_TEST(waits_for_another_thread);
  CPPUNIT_TEST(may_be_nested);
  CPPUNIT_TEST_SUITE_END();

  void returns_what_the_task_returns() { CPPUNIT_ASSERT_EQUAL(5, pawl::sync_wait(returns(5))); }

  void throws_what_leaves_the_task() {
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(throws()), std::runtime_error);
  }

  void runs_the_task_on_the_calling_thread() {
    CPPUNIT_ASSERT(pawl::sync_wait(thread_after_rescheduling()) == pawl::this_thread::get_id());
  }

  void waits_for_another_thread() {
    pawl::thread_pool pool(1);
    for (int i = 0; i < 500; ++i) CPPUNIT_ASSERT_EQUAL(i, pawl::sync_wait(joins(pool, i)));
  }

  void may_be_nested() { CPPUNIT_ASSERT_EQUAL(3, pawl::sync_wait(waits_inside())); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(sync_wait_test);

}  // namespace
