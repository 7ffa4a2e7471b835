#include <pawl/sync/wait_group.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <allocations.hpp>
#include <chrono>
#include <stdexcept>

namespace {

using pawl::errc;
using pawl::wait_group;
using namespace std::chrono_literals;

static_assert(sizeof(wait_group) <= 24);

constinit wait_group of_static_storage;

class wait_group_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(wait_group_test);
  CPPUNIT_TEST(with_nothing_in_progress_nobody_waits);
  CPPUNIT_TEST(waits_end_at_zero);
  CPPUNIT_TEST(can_be_used_again);
  CPPUNIT_TEST(being_done_too_often_is_refused);
  CPPUNIT_TEST(more_than_the_limit_is_refused);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(threads_are_awaited);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void with_nothing_in_progress_nobody_waits() {
    CPPUNIT_ASSERT(of_static_storage.try_wait() && of_static_storage.wait_blocking());
  }

  void waits_end_at_zero() {
    wait_group g(1);
    waited a;
    const call first = wait_for(g, a);
    g.add(2);
    g.done();
    g.done();
    CPPUNIT_ASSERT(!a && !g.try_wait());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, g.count());
    g.done();
    CPPUNIT_ASSERT(has_passed(a) && g.try_wait() && !g.has_waiters());
  }

  void can_be_used_again() {
    wait_group g;
    struct adding {
      static call start(wait_group& g, waited& out) {
        out.emplace(co_await g.wait());
        g.add();
      }
    };
    g.add();
    waited a, b;
    const call first = adding::start(g, a), second = wait_for(g, b);
    g.done();
    CPPUNIT_ASSERT(has_passed(a) && has_passed(b));
    check_error(errc::would_block, g.try_wait());
    g.done();
    CPPUNIT_ASSERT(g.try_wait().has_value());
  }

  void being_done_too_often_is_refused() {
    wait_group g(1);
    CPPUNIT_ASSERT_THROW(g.done(2), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, g.count());
    CPPUNIT_ASSERT_THROW(of_static_storage.done(), std::logic_error);
  }

  void more_than_the_limit_is_refused() {
    wait_group g(wait_group::max());
    CPPUNIT_ASSERT_THROW(g.add(), std::length_error);
    CPPUNIT_ASSERT_THROW(g.add(~pawl::count_t{0}), std::length_error);
    CPPUNIT_ASSERT_EQUAL(wait_group::max(), g.count());
    CPPUNIT_ASSERT_THROW(wait_group(wait_group::max() + 1), std::length_error);
  }

  void a_stop_ends_the_wait() {
    wait_group g(1);
    pawl::stop_source stop;
    waited a;
    const call first = wait_for(g, a, stop.get_token());
    stop.request_stop();
    check_error(errc::cancelled, a.value());
    CPPUNIT_ASSERT(!g.has_waiters());
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    wait_group g(1);
    for (const pawl::steady_clock::duration timeout : {-1h, 0h}) {
      check_error(errc::timed_out, g.wait_blocking_for(timeout));
    }
    check_error(errc::timed_out, g.wait_blocking_until(pawl::steady_clock::time_point::min()));
    waited early, late;
    const call first = wait_until(g, early, pawl::steady_clock::time_point::min());
    check_error(errc::timed_out, early.value());
    CPPUNIT_ASSERT(!g.has_waiters());
    g.done();
    CPPUNIT_ASSERT(g.wait_blocking_for(-1h).has_value());
    const call second = wait_until(g, late, pawl::steady_clock::time_point::min());
    CPPUNIT_ASSERT(has_passed(late));
  }

  void threads_are_awaited() {
    wait_group g;
    int x[4] = {};
    std::vector<pawl::thread> threads;
    for (int& each : x) {
      g.add();
      threads.emplace_back([&g, &each] {
        each = 1;
        g.done();
      });
    }
    CPPUNIT_ASSERT(g.wait_blocking().has_value());
    CPPUNIT_ASSERT_EQUAL(4, x[0] + x[1] + x[2] + x[3]);
    for (pawl::thread& each : threads) each.join();
  }

  void waiting_allocates_nothing() {
    wait_group g(1);
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(g, a), second = wait_for(g, b, stop.get_token());
    const auto before = allocations();
    stop.request_stop();
    g.done();
    const auto waited = g.wait_blocking();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(has_passed(a) && b && waited);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(wait_group_test);

}  // namespace
