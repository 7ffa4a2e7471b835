#include <pawl/sync/latch.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <allocations.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using pawl::errc;
using pawl::latch;
using namespace std::chrono_literals;

static_assert(sizeof(latch) <= 24);

constinit latch of_static_storage(1);

class latch_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(latch_test);
  CPPUNIT_TEST(opens_at_zero);
  CPPUNIT_TEST(without_expectation_it_is_open);
  CPPUNIT_TEST(arrives_and_waits);
  CPPUNIT_TEST(a_cancelled_arrival_stands);
  CPPUNIT_TEST(counting_below_zero_is_refused);
  CPPUNIT_TEST(more_than_the_limit_is_refused);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(threads_meet);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void opens_at_zero() {
    latch l(3);
    waited a;
    const call first = wait_for(l, a);
    l.count_down(2);
    l.count_down(0);
    CPPUNIT_ASSERT(!a && !l.try_wait());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, l.remaining());
    l.count_down();
    CPPUNIT_ASSERT(has_passed(a) && l.try_wait() && l.wait_blocking());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, of_static_storage.remaining());
  }

  void without_expectation_it_is_open() {
    latch l(0);
    CPPUNIT_ASSERT(l.try_wait().has_value());
  }

  void arrives_and_waits() {
    latch l(2);
    struct arriving {
      static call start(latch& l, waited& out) { out.emplace(co_await l.arrive_and_wait()); }
    };
    waited a;
    const call first = arriving::start(l, a);
    CPPUNIT_ASSERT(!a);
    CPPUNIT_ASSERT(l.arrive_and_wait_blocking().has_value() && has_passed(a));
  }

  void a_cancelled_arrival_stands() {
    latch l(2);
    pawl::stop_source stop;
    stop.request_stop();
    check_error(errc::cancelled, l.arrive_and_wait_blocking(1, stop.get_token()));
    check_error(errc::timed_out, latch(2).arrive_and_wait_blocking_for(1, 1ms));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, l.remaining());
  }

  void counting_below_zero_is_refused() {
    latch l(2);
    try {
      l.count_down(3);
      CPPUNIT_FAIL("counted below zero");
    } catch (const std::logic_error& e) {
      CPPUNIT_ASSERT_EQUAL(std::string("latch::count_down(3) where 2 are left"),
                           std::string(e.what()));
    }
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, l.remaining());
    CPPUNIT_ASSERT_THROW(l.count_down(~pawl::count_t{0}), std::logic_error);
  }

  void more_than_the_limit_is_refused() {
    CPPUNIT_ASSERT_EQUAL(latch::max(), latch(latch::max()).remaining());
    CPPUNIT_ASSERT_THROW(latch(latch::max() + 1), std::length_error);
    CPPUNIT_ASSERT_THROW(latch(~pawl::count_t{0}), std::length_error);
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    latch l(1);
    for (const pawl::steady_clock::duration timeout : {-1h, 0h}) {
      check_error(errc::timed_out, l.wait_blocking_for(timeout));
    }
    check_error(errc::timed_out, l.wait_blocking_until(pawl::steady_clock::time_point::min()));
    waited early, late;
    const call first = wait_until(l, early, pawl::steady_clock::time_point::min());
    check_error(errc::timed_out, early.value());
    CPPUNIT_ASSERT(!l.has_waiters());
    l.count_down();
    CPPUNIT_ASSERT(l.wait_blocking_for(-1h).has_value());
    const call second = wait_until(l, late, pawl::steady_clock::time_point::min());
    CPPUNIT_ASSERT(has_passed(late));
  }

  void threads_meet() {
    latch l(3);
    int x = 0, y = 0;
    pawl::thread one([&] {
      x = 1;
      l.count_down();
    });
    pawl::thread other([&] {
      y = 1;
      l.count_down();
    });
    CPPUNIT_ASSERT(l.arrive_and_wait_blocking().has_value());
    CPPUNIT_ASSERT_EQUAL(2, x + y);
    one.join();
    other.join();
  }

  void waiting_allocates_nothing() {
    latch l(1);
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(l, a), second = wait_for(l, b, stop.get_token());
    const auto before = allocations();
    stop.request_stop();
    l.count_down();
    const auto waited = l.wait_blocking();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(has_passed(a) && b && waited);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(latch_test);

}  // namespace
