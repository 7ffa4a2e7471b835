#include <pawl/sync/auto_reset_event.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <allocations.hpp>
#include <chrono>
#include <type_traits>
#include <vector>

namespace {

using pawl::auto_reset_event;
using pawl::errc;
using namespace std::chrono_literals;

static_assert(sizeof(auto_reset_event) <= 24);
static_assert(!std::is_copy_constructible_v<auto_reset_event>);

constinit auto_reset_event of_static_storage;

class auto_reset_event_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(auto_reset_event_test);
  CPPUNIT_TEST(what_is_set_lets_one_pass);
  CPPUNIT_TEST(lets_pass_in_order);
  CPPUNIT_TEST(nobody_passes_before_who_waits);
  CPPUNIT_TEST(reset_takes_back_what_is_kept);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(threads_pass_one_at_a_time);
  CPPUNIT_TEST(a_destroyed_waiter_leaves_the_queue);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_is_set_lets_one_pass() {
    auto_reset_event e(true);
    e.set();
    CPPUNIT_ASSERT(e.is_set() && e.try_wait());
    CPPUNIT_ASSERT(!e.is_set());
    check_error(errc::would_block, e.try_wait());
    check_error(errc::would_block, of_static_storage.try_wait());
  }

  void lets_pass_in_order() {
    auto_reset_event e;
    std::vector<int> log;
    const call a = wait_in_order(e, 1, log), b = wait_in_order(e, 2, log);
    e.set();
    CPPUNIT_ASSERT((log == std::vector{1}));
    e.set();
    CPPUNIT_ASSERT((log == std::vector{1, 2}));
    CPPUNIT_ASSERT(!e.is_set() && !e.has_waiters());
  }

  void nobody_passes_before_who_waits() {
    auto_reset_event e;
    struct trying {
      static call start(auto_reset_event& e, bool& passed) {
        const auto waited = co_await e.wait();
        passed = waited && e.try_wait();
      }
    };
    bool passed_twice = false;
    const call a = trying::start(e, passed_twice);
    waited b;
    const call second = wait_for(e, b);
    e.set();
    CPPUNIT_ASSERT(!passed_twice && !b);
    e.set();
    CPPUNIT_ASSERT(has_passed(b));
  }

  void reset_takes_back_what_is_kept() {
    auto_reset_event e(true);
    CPPUNIT_ASSERT(e.reset() && !e.reset() && !e.try_wait());
    waited a;
    const call first = wait_for(e, a);
    CPPUNIT_ASSERT(!e.reset());
    e.set();
    CPPUNIT_ASSERT(has_passed(a));
  }

  void a_stop_ends_the_wait() {
    auto_reset_event e;
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(e, a, stop.get_token()), second = wait_for(e, b);
    stop.request_stop();
    check_error(errc::cancelled, a.value());
    e.set();
    CPPUNIT_ASSERT(has_passed(b) && !e.is_set());
  }

  void a_deadline_ends_the_wait() {
    auto_reset_event e;
    check_error(errc::timed_out, e.wait_blocking_for(1ms));
    check_error(errc::timed_out, e.wait_blocking_for(-1s));
    e.set();
    CPPUNIT_ASSERT(e.wait_blocking_for(-1s) && !e.is_set());
  }

  void threads_pass_one_at_a_time() {
    constexpr int rounds = 2000;
    auto_reset_event e(true);
    int x = 0;
    const auto count_up = [&] {
      for (int i = 0; i < rounds; ++i) {
        if (!e.wait_blocking()) return;
        ++x;
        e.set();
      }
    };
    pawl::thread other(count_up);
    count_up();
    other.join();
    CPPUNIT_ASSERT_EQUAL(2 * rounds, x);
    CPPUNIT_ASSERT(e.is_set() && !e.has_waiters());
  }

  void a_destroyed_waiter_leaves_the_queue() {
    auto_reset_event e;
    waited a, b;
    call first = wait_for(e, a);
    const call second = wait_for(e, b);
    first.destroy();
    CPPUNIT_ASSERT(!b && e.has_waiters());
    e.set();
    CPPUNIT_ASSERT(!a && has_passed(b) && !e.is_set() && !e.has_waiters());
  }

  void waiting_allocates_nothing() {
    auto_reset_event e;
    pawl::stop_source stop;
    waited a, b;
    const call first = wait_for(e, a), second = wait_for(e, b, stop.get_token());
    const auto before = allocations();
    stop.request_stop();
    e.set();
    e.set();
    const auto waited = e.wait_blocking();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(has_passed(a) && b && waited);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(auto_reset_event_test);

}  // namespace
