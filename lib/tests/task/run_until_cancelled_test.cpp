#include <pawl/sync/semaphore.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/run_until_cancelled.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <stdexcept>

#include "await_stop.hpp"

namespace {

using namespace std::chrono_literals;
using pawl::cancellation_source;
using pawl::errc;
using pawl::run_until_cancelled;
using pawl::task;

task<int> answer(bool& begun) {
  begun = true;
  co_return 42;
}

task<> obey() {
  await_stop stopped;
  co_await stopped;
  throw pawl::operation_failed(pawl::error{errc::cancelled});
}

task<int> finish_nevertheless() {
  await_stop stopped;
  co_await stopped;
  co_return 42;
}

task<> acquire(pawl::semaphore& s) {
  const auto stop = co_await pawl::this_task::get_stop_token();
  static_cast<void>((co_await s.acquire(1, stop)).value());
}

task<> fail() {
  throw std::runtime_error("it failed");
  co_return;
}

task<pawl::stop_token> own_token() { co_return co_await pawl::this_task::get_stop_token(); }

class run_until_cancelled_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(run_until_cancelled_test);
  CPPUNIT_TEST(gives_what_the_task_returns);
  CPPUNIT_TEST(does_not_begin_if_cancelled);
  CPPUNIT_TEST(a_task_that_obeys_ends_with_cancelled);
  CPPUNIT_TEST(a_task_that_finishes_nevertheless_is_not_lost);
  CPPUNIT_TEST(waiting_operations_obey);
  CPPUNIT_TEST(a_stop_of_the_awaiting_task_ends_it_too);
  CPPUNIT_TEST(other_exceptions_pass);
  CPPUNIT_TEST(without_source_it_just_runs);
  CPPUNIT_TEST(with_stop_token_replaces_the_token);
  CPPUNIT_TEST(a_deadline_asks_it_to_stop);
  CPPUNIT_TEST(what_ends_in_time_is_given);
  CPPUNIT_TEST(a_deadline_that_has_passed_lets_it_begin);
  CPPUNIT_TEST(a_stop_is_no_timeout);
  CPPUNIT_TEST_SUITE_END();

  cancellation_source source_;

  // Runs the task until it waits, then cancels.
  template <class T>
  pawl::result<T> run_and_cancel(task<T> t) {
    pawl::run_loop loop;
    auto running = pawl::spawn(loop, run_until_cancelled(source_.get_token(), std::move(t)));
    CPPUNIT_ASSERT(loop.run_one());
    CPPUNIT_ASSERT(!running.is_finished());
    source_.request_stop();
    loop.finish();
    loop.run();
    return *running.try_join();
  }

  void gives_what_the_task_returns() {
    bool begun = false;
    const auto r = pawl::sync_wait(run_until_cancelled(source_.get_token(), answer(begun)));
    CPPUNIT_ASSERT(begun && *r == 42);
  }

  void does_not_begin_if_cancelled() {
    bool begun = false;
    source_.request_stop();
    const auto r = pawl::sync_wait(run_until_cancelled(source_.get_token(), answer(begun)));
    CPPUNIT_ASSERT(!begun && !r && r.error().code == errc::cancelled);
  }

  void a_task_that_obeys_ends_with_cancelled() {
    const auto r = run_and_cancel(obey());
    CPPUNIT_ASSERT(!r && r.error().code == errc::cancelled);
  }

  void a_task_that_finishes_nevertheless_is_not_lost() {
    CPPUNIT_ASSERT_EQUAL(42, *run_and_cancel(finish_nevertheless()));
  }

  void waiting_operations_obey() {
    pawl::semaphore none(0);
    const auto r = run_and_cancel(acquire(none));
    CPPUNIT_ASSERT(!r && r.error().code == errc::cancelled);
    CPPUNIT_ASSERT(!none.has_waiters());
  }

  void a_stop_of_the_awaiting_task_ends_it_too() {
    pawl::run_loop loop;
    auto running = pawl::spawn(loop, run_until_cancelled(source_.get_token(), obey()));
    CPPUNIT_ASSERT(loop.run_one());
    running.abort();
    loop.finish();
    loop.run();
    const auto r = *running.try_join();
    CPPUNIT_ASSERT(!r && r.error().code == errc::cancelled);
    CPPUNIT_ASSERT(!source_.stop_requested());
  }

  void a_deadline_asks_it_to_stop() {
    const auto obeyed = pawl::sync_wait(pawl::with_timeout(1us, obey()));
    CPPUNIT_ASSERT(!obeyed && obeyed.error().code == errc::timed_out);
    CPPUNIT_ASSERT_EQUAL(42, *pawl::sync_wait(pawl::with_timeout(1us, finish_nevertheless())));
    pawl::semaphore none(0);
    const auto waited = pawl::sync_wait(pawl::with_timeout(1us, acquire(none)));
    CPPUNIT_ASSERT(!waited && waited.error().code == errc::timed_out && !none.has_waiters());
  }

  void what_ends_in_time_is_given() {
    bool begun = false;
    CPPUNIT_ASSERT_EQUAL(42, *pawl::sync_wait(pawl::with_timeout(1h, answer(begun))));
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(pawl::with_timeout(1h, fail())), std::runtime_error);
  }

  void a_deadline_that_has_passed_lets_it_begin() {
    bool begun = false;
    const auto long_ago = pawl::steady_clock::time_point::min();
    CPPUNIT_ASSERT_EQUAL(42, *pawl::sync_wait(pawl::with_deadline(long_ago, answer(begun))));
    CPPUNIT_ASSERT(begun);
  }

  void a_stop_is_no_timeout() {
    pawl::run_loop loop;
    auto running = pawl::spawn(loop, pawl::with_timeout(1h, obey()));
    CPPUNIT_ASSERT(loop.run_one());
    running.abort();
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(running.try_join()->error().code == errc::cancelled);
  }

  void other_exceptions_pass() {
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(run_until_cancelled(source_.get_token(), fail())),
                         std::runtime_error);
  }

  void without_source_it_just_runs() {
    bool begun = false;
    const auto r = pawl::sync_wait(run_until_cancelled(pawl::cancellation_token(), answer(begun)));
    CPPUNIT_ASSERT_EQUAL(42, *r);
  }

  void with_stop_token_replaces_the_token() {
    const auto ask = [](pawl::stop_token token) -> task<pawl::stop_token> {
      co_return co_await pawl::with_stop_token(token, own_token());
    };
    CPPUNIT_ASSERT(pawl::sync_wait(ask(source_.get_token())) == source_.get_stop_token());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(run_until_cancelled_test);

}  // namespace
