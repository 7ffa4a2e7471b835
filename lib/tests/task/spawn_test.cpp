#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <task/await_stop.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

std::exception_ptr received;

void receive(std::exception_ptr exception) noexcept { received = exception; }

pawl::task<int> returns(int value) { co_return value; }

pawl::task<> throws() {
  throw std::runtime_error("from the task");
  co_return;
}

pawl::task<int> fails() {
  const pawl::result<int> failed = pawl::failure(pawl::errc::exceeds_limit, 7, 5);
  co_return failed.value();
}

pawl::task<bool> waits_for_stop() {
  co_await await_stop();
  const pawl::stop_token stop = co_await pawl::this_task::get_stop_token();
  co_return stop.stop_requested();
}

pawl::task<> obeys_stop_by_failing() {
  co_await await_stop();
  static_cast<void>(pawl::result<int>(pawl::failure(pawl::errc::cancelled)).value());
}

pawl::task<> sets_after_stop(bool& flag) {
  co_await await_stop();
  flag = true;
}

pawl::task<pawl::scheduler*> current() { co_return pawl::current_scheduler(); }

pawl::task<pawl::scheduler*> current_of_ambient_child() {
  auto child = pawl::spawn(current());
  const auto seen = co_await std::move(child);
  co_return seen.value();
}

// Joins a task of another scheduler, and says where it found itself afterwards.
pawl::task<pawl::scheduler*> current_after_join(pawl::scheduler& other) {
  auto child = pawl::spawn(other, returns(1));
  const auto joined = co_await std::move(child);
  CPPUNIT_ASSERT_EQUAL(1, joined.value());
  co_return pawl::current_scheduler();
}

pawl::task<int> sum_of_spawned(pawl::scheduler& where, int count) {
  std::vector<pawl::join_handle<int>> handles;
  for (int i = 0; i < count; ++i) handles.push_back(pawl::spawn(where, returns(i)));
  int sum = 0;
  for (auto& handle : handles) {
    const auto value = co_await std::move(handle);
    sum += value.value();
  }
  co_return sum;
}

class spawn_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(spawn_test);
  CPPUNIT_TEST(does_not_run_inside_the_call);
  CPPUNIT_TEST(joins_many_tasks_of_a_pool);
  CPPUNIT_TEST(an_operation_s_failure_is_the_result_of_the_join);
  CPPUNIT_TEST(another_exception_is_rethrown_to_the_joiner);
  CPPUNIT_TEST(abort_requests_the_stop_that_the_task_sees);
  CPPUNIT_TEST(a_detached_task_goes_on);
  CPPUNIT_TEST(what_leaves_a_detached_task_is_reported);
  CPPUNIT_TEST(what_nobody_took_is_reported_when_the_handle_goes);
  CPPUNIT_TEST(a_detached_task_may_end_as_cancelled);
  CPPUNIT_TEST(try_join_tells_whether_the_task_has_ended);
  CPPUNIT_TEST(join_blocking_waits_for_a_pool);
  CPPUNIT_TEST(the_joiner_resumes_on_its_own_scheduler);
  CPPUNIT_TEST(ambient_is_where_the_spawner_runs_else_the_default_pool);
  CPPUNIT_TEST(handles_dropped_while_tasks_end_leave_nothing_behind);
  CPPUNIT_TEST_SUITE_END();

 public:
  void setUp() override {
    received = nullptr;
    pawl::set_unhandled_handler(&receive);
  }
  void tearDown() override { pawl::set_unhandled_handler(nullptr); }

 private:
  pawl::run_loop loop_;

  void run_loop_dry() {
    loop_.finish();
    loop_.run();
  }

  void does_not_run_inside_the_call() {
    auto handle = pawl::spawn(loop_, returns(4));
    CPPUNIT_ASSERT(handle && !handle.is_finished());
    run_loop_dry();
    CPPUNIT_ASSERT(handle.is_finished());
    CPPUNIT_ASSERT_EQUAL(4, std::move(handle).join_blocking().value());
  }

  void joins_many_tasks_of_a_pool() {
    constexpr int count = 2000;
    pawl::thread_pool pool(2);
    CPPUNIT_ASSERT_EQUAL(count * (count - 1) / 2, pawl::sync_wait(sum_of_spawned(pool, count)));
  }

  void an_operation_s_failure_is_the_result_of_the_join() {
    auto handle = pawl::spawn(loop_, fails());
    run_loop_dry();
    const pawl::result<int> joined = handle.try_join();
    CPPUNIT_ASSERT(!joined && !handle);
    CPPUNIT_ASSERT((joined.error() == pawl::error{pawl::errc::exceeds_limit, 7, 5}));
    CPPUNIT_ASSERT(received == nullptr);
  }

  void another_exception_is_rethrown_to_the_joiner() {
    auto handle = pawl::spawn(loop_, throws());
    run_loop_dry();
    CPPUNIT_ASSERT_THROW(static_cast<void>(handle.try_join()), std::runtime_error);
    CPPUNIT_ASSERT(received == nullptr);
  }

  void abort_requests_the_stop_that_the_task_sees() {
    pawl::thread_pool pool(1);
    auto handle = pawl::spawn(pool, waits_for_stop());
    CPPUNIT_ASSERT(handle.abort());
    CPPUNIT_ASSERT(!handle.abort());
    CPPUNIT_ASSERT(std::move(handle).join_blocking().value());
  }

  void a_detached_task_goes_on() {
    bool went_on = false;
    {
      auto handle = pawl::spawn(loop_, sets_after_stop(went_on));
      handle.abort();
    }
    CPPUNIT_ASSERT(!went_on);
    run_loop_dry();
    CPPUNIT_ASSERT(went_on);
  }

  void what_leaves_a_detached_task_is_reported() {
    { auto handle = pawl::spawn(loop_, throws()); }
    run_loop_dry();
    CPPUNIT_ASSERT(received != nullptr);
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(received), std::runtime_error);
  }

  void what_nobody_took_is_reported_when_the_handle_goes() {
    {
      auto handle = pawl::spawn(loop_, throws());
      run_loop_dry();
      CPPUNIT_ASSERT(received == nullptr);
    }
    CPPUNIT_ASSERT(received != nullptr);
  }

  void a_detached_task_may_end_as_cancelled() {
    {
      auto handle = pawl::spawn(loop_, obeys_stop_by_failing());
      handle.abort();
    }
    run_loop_dry();
    CPPUNIT_ASSERT(received == nullptr);
  }

  void try_join_tells_whether_the_task_has_ended() {
    auto handle = pawl::spawn(loop_, returns(6));
    const pawl::result<int> early = handle.try_join();
    CPPUNIT_ASSERT(!early && early.error().code == pawl::errc::would_block);
    CPPUNIT_ASSERT(handle);
    run_loop_dry();
    CPPUNIT_ASSERT_EQUAL(6, handle.try_join().value());
    CPPUNIT_ASSERT(!handle);
  }

  void join_blocking_waits_for_a_pool() {
    constexpr int rounds = 500;
    pawl::thread_pool pool(2);
    for (int i = 0; i < rounds; ++i) {
      CPPUNIT_ASSERT_EQUAL(i, pawl::spawn(pool, returns(i)).join_blocking().value());
    }
  }

  void the_joiner_resumes_on_its_own_scheduler() {
    pawl::thread_pool here(1);
    pawl::thread_pool elsewhere(1);
    for (int round = 0; round < 200; ++round) {
      auto joiner = pawl::spawn(here, current_after_join(elsewhere));
      CPPUNIT_ASSERT(std::move(joiner).join_blocking().value() == &here);
    }
  }

  void ambient_is_where_the_spawner_runs_else_the_default_pool() {
    pawl::thread_pool pool(2);
    auto on_pool = pawl::spawn(pool, current_of_ambient_child());
    CPPUNIT_ASSERT(std::move(on_pool).join_blocking().value() == &pool);
    auto from_nowhere = pawl::spawn(current());
    CPPUNIT_ASSERT(std::move(from_nowhere).join_blocking().value() == &pawl::default_pool());
    // The loop of sync_wait ends with the call: it is nobody's ambient scheduler.
    CPPUNIT_ASSERT(pawl::sync_wait(current_of_ambient_child()) == &pawl::default_pool());
  }

  // The task's end and the handle's race for who destroys the frame; leaks and double frees are the
  // sanitizer's to see, the count is ours.
  void handles_dropped_while_tasks_end_leave_nothing_behind() {
    constexpr int rounds = 1000;
    const auto alive = std::make_shared<int>();
    const auto holds = [](std::shared_ptr<int>) -> pawl::task<> { co_return; };
    {
      pawl::thread_pool pool(2);
      for (int i = 0; i < rounds; ++i) {
        auto handle = pawl::spawn(pool, holds(alive));
      }
    }
    CPPUNIT_ASSERT_EQUAL(1L, alive.use_count());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(spawn_test);

}  // namespace
