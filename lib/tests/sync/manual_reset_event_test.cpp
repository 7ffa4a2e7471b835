#include <allocations.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <type_traits>
#include <vector>

namespace {

using pawl::errc;
using pawl::manual_reset_event;
using namespace std::chrono_literals;

static_assert(sizeof(manual_reset_event) <= 24);
static_assert(!std::is_copy_constructible_v<manual_reset_event>);

constinit manual_reset_event of_static_storage(true);

pawl::task<pawl::result<void>> wait_in_time(manual_reset_event& e,
                                            pawl::steady_clock::duration timeout) {
  const auto waited = co_await e.wait_for(timeout);
  co_return waited;
}

class manual_reset_event_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(manual_reset_event_test);
  CPPUNIT_TEST(lets_pass_while_it_is_set);
  CPPUNIT_TEST(set_reaches_all_in_order);
  CPPUNIT_TEST(set_reaches_more_than_a_turn_serves);
  CPPUNIT_TEST(reset_says_what_it_took_back);
  CPPUNIT_TEST(set_and_reset_in_a_row_reach_who_waits);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_before_the_call_prevails);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(a_destroyed_waiter_leaves_the_queue);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void lets_pass_while_it_is_set() {
    manual_reset_event e(true);
    waited a, b;
    const call first = wait_for(e, a), second = wait_for(e, b);
    CPPUNIT_ASSERT(has_passed(a) && has_passed(b) && e.try_wait() && e.wait_blocking());
    CPPUNIT_ASSERT(of_static_storage.is_set());
  }

  void set_reaches_all_in_order() {
    manual_reset_event e;
    std::vector<int> log;
    const call a = wait_in_order(e, 1, log), b = wait_in_order(e, 2, log),
               c = wait_in_order(e, 3, log);
    check_error(errc::would_block, e.try_wait());
    CPPUNIT_ASSERT(e.has_waiters() && !e.is_set());
    e.set();
    CPPUNIT_ASSERT((log == std::vector{1, 2, 3}));
    CPPUNIT_ASSERT(!e.has_waiters() && e.is_set());
  }

  void set_reaches_more_than_a_turn_serves() {
    manual_reset_event e;
    std::vector<int> log;
    std::vector<call> calls;
    for (int i = 0; i < 100; ++i) calls.push_back(wait_in_order(e, i, log));
    e.set();
    CPPUNIT_ASSERT_EQUAL(std::size_t{100}, log.size());
    CPPUNIT_ASSERT(!e.has_waiters());
  }

  void reset_says_what_it_took_back() {
    manual_reset_event e;
    CPPUNIT_ASSERT(!e.reset());
    e.set();
    e.set();
    CPPUNIT_ASSERT(e.reset() && !e.reset() && !e.is_set());
  }

  void set_and_reset_in_a_row_reach_who_waits() {
    manual_reset_event e;
    waited a, b;
    struct resetting {
      static call start(manual_reset_event& e, waited& out, waited& another, call& next) {
        out.emplace(co_await e.wait());
        e.reset();
        next = wait_for(e, another);
      }
    };
    waited later;
    std::optional<call> second;
    call next = wait_for(of_static_storage, later);
    later.reset();
    const call first = resetting::start(e, a, later, next);
    second = wait_for(e, b);
    e.set();
    CPPUNIT_ASSERT(has_passed(a) && has_passed(b) && !later && !e.is_set());
    e.set();
    CPPUNIT_ASSERT(has_passed(later));
  }

  void a_stop_ends_the_wait() {
    manual_reset_event e;
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(e, a, stop.get_token()), second = wait_for(e, b);
    stop.request_stop();
    check_error(errc::cancelled, a.value());
    CPPUNIT_ASSERT(!b && e.has_waiters());
    e.set();
    CPPUNIT_ASSERT(has_passed(b));
  }

  void a_stop_before_the_call_prevails() {
    manual_reset_event e(true);
    pawl::stop_source stop;
    stop.request_stop();
    waited a;
    const call first = wait_for(e, a, stop.get_token());
    check_error(errc::cancelled, a.value());
    check_error(errc::cancelled, e.wait_blocking(stop.get_token()));
  }

  void a_deadline_ends_the_wait() {
    manual_reset_event e;
    check_error(errc::timed_out, pawl::sync_wait(wait_in_time(e, 1ms)));
    check_error(errc::timed_out, e.wait_blocking_for(1ms));
    CPPUNIT_ASSERT(!e.has_waiters());
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    manual_reset_event e;
    const auto past = pawl::steady_clock::now() - 1s;
    waited a, b;
    const call first = wait_until(e, a, past);
    check_error(errc::timed_out, a.value());
    check_error(errc::timed_out, e.wait_blocking_for(-1s));
    e.set();
    const call second = wait_until(e, b, past);
    CPPUNIT_ASSERT(has_passed(b) && e.wait_blocking_until(past));
  }

  void threads_wait_too() {
    manual_reset_event e;
    int x = 0;
    pawl::thread other([&] {
      x = 1;
      e.set();
    });
    CPPUNIT_ASSERT(e.wait_blocking().has_value());
    CPPUNIT_ASSERT_EQUAL(1, x);
    other.join();
  }

  void a_destroyed_waiter_leaves_the_queue() {
    manual_reset_event e;
    waited a, b;
    call first = wait_for(e, a);
    const call second = wait_for(e, b);
    first.destroy();
    e.set();
    CPPUNIT_ASSERT(!a && has_passed(b));
  }

  void waiting_allocates_nothing() {
    manual_reset_event e;
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(e, a), second = wait_for(e, b, stop.get_token());
    const auto before = allocations();
    stop.request_stop();
    e.set();
    const auto waited = e.wait_blocking();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(has_passed(a) && b && waited);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(manual_reset_event_test);

}  // namespace
