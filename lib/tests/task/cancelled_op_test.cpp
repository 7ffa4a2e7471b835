#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancelled_op.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "allocations.hpp"

using namespace std::chrono_literals;

namespace {

using pawl::cancellation_source;
using pawl::cancellation_token;
using pawl::errc;
using pawl::stop_reason;
using outcome = std::optional<pawl::result<stop_reason>>;

// Begins at once, resumes inline, can be destroyed while it is suspended.
class call {
 public:
  struct promise_type {
    call get_return_object() { return call(handle::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { std::terminate(); }
  };

  call(call&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  ~call() { destroy(); }
  void destroy() {
    if (coroutine_) std::exchange(coroutine_, {}).destroy();
  }

 private:
  using handle = std::coroutine_handle<promise_type>;
  explicit call(handle coroutine) : coroutine_(coroutine) {}

  handle coroutine_;
};

template <class... Arguments>
call start(cancellation_token token, outcome& out, Arguments... arguments) {
  out = co_await token.cancelled(arguments...);
}

call start_for(cancellation_token token, outcome& out, pawl::steady_clock::duration timeout) {
  out = co_await token.cancelled_for(timeout);
}

// Destroys another one when it is resumed.
call start_and_destroy(cancellation_token token, std::optional<call>& other) {
  static_cast<void>(co_await token.cancelled());
  other.reset();
}

pawl::task<pawl::result<stop_reason>> wait_for(cancellation_token token,
                                               pawl::steady_clock::duration timeout) {
  co_return co_await token.cancelled_for(timeout);
}

bool failed_with(const outcome& o, errc code) { return o && !*o && o->error().code == code; }

class cancelled_op_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(cancelled_op_test);
  CPPUNIT_TEST(a_wait_ends_with_the_reason);
  CPPUNIT_TEST(a_wait_does_not_suspend_if_it_is_cancelled);
  CPPUNIT_TEST(a_child_waits_for_its_parent);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_requested_before_ends_it_at_once);
  CPPUNIT_TEST(in_doubt_it_was_cancelled);
  CPPUNIT_TEST(without_source_only_the_stop_ends_it);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_does_not_end_what_has_ended);
  CPPUNIT_TEST(it_resumes_on_its_scheduler);
  CPPUNIT_TEST(a_waiting_coroutine_can_be_destroyed);
  CPPUNIT_TEST(one_that_is_resumed_may_destroy_another);
  CPPUNIT_TEST(a_thread_waits);
  CPPUNIT_TEST(a_thread_waits_no_longer_than_told);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST(cancel_and_stop_may_race);
  CPPUNIT_TEST_SUITE_END();

  cancellation_source source_;
  pawl::stop_source stop_;
  outcome out_;

  static constexpr stop_reason why{stop_reason::kind::requested, 5};

  void a_wait_ends_with_the_reason() {
    const call waiting = start(source_.get_token(), out_);
    CPPUNIT_ASSERT(!out_);
    source_.request_stop(why);
    CPPUNIT_ASSERT(out_ && **out_ == why);
  }

  void a_wait_does_not_suspend_if_it_is_cancelled() {
    source_.request_stop(why);
    const call waiting = start(source_.get_token(), out_);
    CPPUNIT_ASSERT(out_ && **out_ == why);
  }

  void a_child_waits_for_its_parent() {
    cancellation_source child(source_.get_token());
    const call waiting = start(child.get_token(), out_);
    source_.request_stop(why);
    CPPUNIT_ASSERT(out_ && **out_ == why);
  }

  void a_stop_ends_the_wait() {
    const call waiting = start(source_.get_token(), out_, stop_.get_token());
    stop_.request_stop();
    CPPUNIT_ASSERT(failed_with(out_, errc::cancelled));
    source_.request_stop();
    CPPUNIT_ASSERT(failed_with(out_, errc::cancelled));
  }

  void a_stop_requested_before_ends_it_at_once() {
    stop_.request_stop();
    const call waiting = start(source_.get_token(), out_, stop_.get_token());
    CPPUNIT_ASSERT(failed_with(out_, errc::cancelled));
    CPPUNIT_ASSERT(!source_.get_token().cancelled_blocking(stop_.get_token()));
  }

  void in_doubt_it_was_cancelled() {
    stop_.request_stop();
    source_.request_stop(why);
    const call waiting = start(source_.get_token(), out_, stop_.get_token());
    CPPUNIT_ASSERT(out_ && **out_ == why);
  }

  void without_source_only_the_stop_ends_it() {
    const call waiting = start(cancellation_token(), out_, stop_.get_token());
    CPPUNIT_ASSERT(!out_);
    stop_.request_stop();
    CPPUNIT_ASSERT(failed_with(out_, errc::cancelled));
  }

  void a_deadline_ends_the_wait() {
    const auto r = pawl::sync_wait(wait_for(source_.get_token(), -1s));
    CPPUNIT_ASSERT(!r && r.error().code == errc::timed_out);
    const auto soon = pawl::sync_wait(wait_for(source_.get_token(), 1ms));
    CPPUNIT_ASSERT(!soon && soon.error().code == errc::timed_out);
  }

  void a_deadline_does_not_end_what_has_ended() {
    source_.request_stop(why);
    CPPUNIT_ASSERT(*pawl::sync_wait(wait_for(source_.get_token(), -1s)) == why);
    CPPUNIT_ASSERT(*source_.get_token().cancelled_blocking_for(-1s) == why);
  }

  void it_resumes_on_its_scheduler() {
    pawl::run_loop loop;
    auto waiting = pawl::spawn(loop, wait_for(source_.get_token(), 1h));
    CPPUNIT_ASSERT(loop.run_one());  // it waits
    source_.request_stop(why);
    CPPUNIT_ASSERT(!waiting.is_finished());
    CPPUNIT_ASSERT(loop.run_one());
    CPPUNIT_ASSERT(waiting.is_finished());
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(**waiting.try_join() == why);
  }

  void a_waiting_coroutine_can_be_destroyed() {
    {
      const call waiting = start(source_.get_token(), out_, stop_.get_token());
      const call timed = start_for(source_.get_token(), out_, 1h);
    }
    source_.request_stop();
    stop_.request_stop();
    CPPUNIT_ASSERT(!out_);
  }

  void one_that_is_resumed_may_destroy_another() {
    std::optional<call> other = start(source_.get_token(), out_);
    const call first = start_and_destroy(source_.get_token(), other);
    source_.request_stop();
    CPPUNIT_ASSERT(!out_ && !other);
  }

  void a_thread_waits() {
    pawl::thread canceller([&] { source_.request_stop(why); });
    CPPUNIT_ASSERT(*source_.get_token().cancelled_blocking() == why);
    canceller.join();
    CPPUNIT_ASSERT(*source_.get_token().cancelled_blocking() == why);
  }

  void a_thread_waits_no_longer_than_told() {
    const auto timed = source_.get_token().cancelled_blocking_for(1ms);
    CPPUNIT_ASSERT(!timed && timed.error().code == errc::timed_out);
    pawl::thread stopper([&] { stop_.request_stop(); });
    const auto stopped = source_.get_token().cancelled_blocking(stop_.get_token());
    CPPUNIT_ASSERT(!stopped && stopped.error().code == errc::cancelled);
    stopper.join();
  }

  void waiting_allocates_nothing() {
    const call waiting = start(source_.get_token(), out_, stop_.get_token());
    const auto before = allocations();
    source_.request_stop();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(out_);
  }

  void cancel_and_stop_may_race() {
    constexpr int rounds = 300;
    for (int round = 0; round < rounds; ++round) {
      cancellation_source source;
      pawl::stop_source stop;
      pawl::thread canceller([&] { source.request_stop(why); });
      pawl::thread stopper([&] { stop.request_stop(); });
      const auto r = source.get_token().cancelled_blocking(stop.get_token());
      CPPUNIT_ASSERT(r ? *r == why : r.error().code == errc::cancelled);
      canceller.join();
      stopper.join();
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(cancelled_op_test);

}  // namespace
