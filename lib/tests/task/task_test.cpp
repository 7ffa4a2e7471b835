#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

pawl::task<int> returns(int value) { co_return value; }

pawl::task<int> sum_of_immediate_tasks(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    const int one = co_await returns(1);
    sum += one;
  }
  co_return sum;
}

pawl::task<int> depth_of_nesting(int levels) {
  int below = 0;
  if (levels > 1) below = co_await depth_of_nesting(levels - 1);
  co_return below + 1;
}

pawl::task<> fails() {
  throw std::runtime_error("from the task");
  co_return;
}

pawl::task<std::string> catches() {
  std::string caught;
  try {
    co_await fails();
  } catch (const std::runtime_error& e) {
    caught = e.what();
  }
  co_return caught;
}

pawl::task<int&> returns_reference(int& object) { co_return object; }

pawl::task<std::unique_ptr<int>> returns_move_only() { co_return std::make_unique<int>(9); }

pawl::task<> sets(bool& flag, std::shared_ptr<int>) {
  flag = true;
  co_return;
}

struct context {
  pawl::scheduler* where = nullptr;
  pawl::stop_token stop;
};

pawl::task<context> own_context() {
  context c;
  c.where = co_await pawl::this_task::get_scheduler();
  c.stop = co_await pawl::this_task::get_stop_token();
  co_return c;
}

pawl::task<> compares_context_with_child() {
  const context mine = co_await own_context();
  pawl::scheduler* const where = co_await pawl::this_task::get_scheduler();
  const pawl::stop_token stop = co_await pawl::this_task::get_stop_token();
  CPPUNIT_ASSERT(where != nullptr && stop.stop_possible());
  CPPUNIT_ASSERT(mine.where == where && mine.stop == stop);
}

pawl::task<> takes_turns(std::string& log, char name) {
  for (int i = 0; i < 3; ++i) {
    log += name;
    co_await pawl::this_task::reschedule();
  }
}

pawl::task<> two_take_turns(std::string& log) {
  pawl::scheduler* const here = co_await pawl::this_task::get_scheduler();
  auto a = pawl::spawn(*here, takes_turns(log, 'a'));
  auto b = pawl::spawn(*here, takes_turns(log, 'b'));
  const auto a_done = co_await std::move(a);
  const auto b_done = co_await std::move(b);
  CPPUNIT_ASSERT(a_done && b_done);
}

class task_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(task_test);
  CPPUNIT_TEST(a_million_immediate_awaits_need_no_stack);
  CPPUNIT_TEST(deep_nesting_needs_no_stack);
  CPPUNIT_TEST(deep_nesting_needs_no_stack_on_an_inline_scheduler);
  CPPUNIT_TEST(an_exception_reaches_the_awaiting_task);
  CPPUNIT_TEST(returns_references_and_move_only_values);
  CPPUNIT_TEST(does_not_start_before_it_is_awaited);
  CPPUNIT_TEST(an_unstarted_task_destroys_its_arguments);
  CPPUNIT_TEST(moving_empties_the_source);
  CPPUNIT_TEST(inherits_scheduler_and_stop_token);
  CPPUNIT_TEST(reschedule_lets_others_run);
  CPPUNIT_TEST_SUITE_END();

  void a_million_immediate_awaits_need_no_stack() {
    constexpr int count = 1000000;
    CPPUNIT_ASSERT_EQUAL(count, pawl::sync_wait(sum_of_immediate_tasks(count)));
  }

  void deep_nesting_needs_no_stack() {
    constexpr int levels = 100000;
    CPPUNIT_ASSERT_EQUAL(levels, pawl::sync_wait(depth_of_nesting(levels)));
  }

  void deep_nesting_needs_no_stack_on_an_inline_scheduler() {
    constexpr int levels = 100000;
    pawl::inline_scheduler here;
    const pawl::result<int> reached = pawl::spawn(here, depth_of_nesting(levels)).join_blocking();
    CPPUNIT_ASSERT_EQUAL(levels, reached.value());
  }

  void an_exception_reaches_the_awaiting_task() {
    CPPUNIT_ASSERT_EQUAL(std::string("from the task"), pawl::sync_wait(catches()));
  }

  void returns_references_and_move_only_values() {
    int object = 1;
    CPPUNIT_ASSERT_EQUAL(&object, &pawl::sync_wait(returns_reference(object)));
    CPPUNIT_ASSERT_EQUAL(9, *pawl::sync_wait(returns_move_only()));
  }

  void does_not_start_before_it_is_awaited() {
    bool started = false;
    auto t = sets(started, nullptr);
    CPPUNIT_ASSERT(!started);
    pawl::sync_wait(std::move(t));
    CPPUNIT_ASSERT(started);
  }

  void an_unstarted_task_destroys_its_arguments() {
    bool started = false;
    const auto argument = std::make_shared<int>();
    {
      const auto t = sets(started, argument);
      CPPUNIT_ASSERT_EQUAL(2L, argument.use_count());
    }
    CPPUNIT_ASSERT_EQUAL(1L, argument.use_count());
    CPPUNIT_ASSERT(!started);
  }

  void moving_empties_the_source() {
    auto a = returns(1);
    auto b = std::move(a);
    CPPUNIT_ASSERT(!a && b);
    a = std::move(b);
    CPPUNIT_ASSERT_EQUAL(1, pawl::sync_wait(std::move(a)));
  }

  void inherits_scheduler_and_stop_token() { pawl::sync_wait(compares_context_with_child()); }

  void reschedule_lets_others_run() {
    std::string log;
    pawl::sync_wait(two_take_turns(log));
    CPPUNIT_ASSERT_EQUAL(std::string("ababab"), log);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(task_test);

}  // namespace
