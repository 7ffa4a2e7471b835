#include <pawl/sync/semaphore.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using pawl::semaphore;

constexpr pawl::count_t most = semaphore::max_permits;

class acquire_up_to_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(acquire_up_to_test);
  CPPUNIT_TEST(takes_what_is_there);
  CPPUNIT_TEST(waits_for_the_first);
  CPPUNIT_TEST(keeps_its_turn);
  CPPUNIT_TEST(a_stop_ends_it);
  CPPUNIT_TEST(tries_to_take_what_is_there);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_what_is_there() {
    semaphore s(5);
    outcome some, rest, none;
    const call a = start_up_to(s, 3, some);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, some.count());
    const call b = start_up_to(s, most + 7, rest);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, rest.count());
    const call c = start_up_to(s, 0, none);
    CPPUNIT_ASSERT(none.is_granted());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, none.count());
  }

  void waits_for_the_first() {
    semaphore s(0);
    outcome out;
    const call c = start_up_to(s, 3, out);
    CPPUNIT_ASSERT(out.is_pending());
    s.release(2);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, out.count());
    out.result.reset();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
  }

  void keeps_its_turn() {
    semaphore s(1);
    outcome first, some, last;
    const call a = start(s, 2, first);
    const call b = start_up_to(s, 3, some);
    const call c = start(s, 1, last);
    s.release(3);
    CPPUNIT_ASSERT(first.is_granted());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, some.count());
    CPPUNIT_ASSERT(last.is_pending());
    some.result.reset();
    CPPUNIT_ASSERT(last.is_granted());
  }

  void a_stop_ends_it() {
    semaphore s(2);
    pawl::stop_source stop;
    outcome some, pending, late;
    const call a = start_up_to(s, 3, some, stop.get_token());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, some.count());
    const call b = start_up_to(s, 3, pending, stop.get_token());
    CPPUNIT_ASSERT(pending.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(pending.failed_with(pawl::errc::cancelled));
    some.result.reset();
    const call c = start_up_to(s, 1, late, stop.get_token());
    CPPUNIT_ASSERT(late.failed_with(pawl::errc::cancelled));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
  }

  void tries_to_take_what_is_there() {
    semaphore s(3);
    const auto two = s.try_acquire_up_to(2);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, two->count());
    const auto rest = s.try_acquire_up_to(most + 7);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, rest->count());
    CPPUNIT_ASSERT(pawl::errc::would_block == s.try_acquire_up_to(1).error().code);
    const auto none = s.try_acquire_up_to(0);
    CPPUNIT_ASSERT(none.has_value() && none->count() == 0);
    outcome waiting;
    const call c = start(s, 4, waiting);
    s.release(1);
    CPPUNIT_ASSERT(pawl::errc::would_block == s.try_acquire_up_to(1).error().code);
    CPPUNIT_ASSERT(pawl::errc::would_block == s.try_acquire_up_to(0).error().code);
    s.close();
    CPPUNIT_ASSERT(pawl::errc::closed == s.try_acquire_up_to(1).error().code);
    s.poison();
    CPPUNIT_ASSERT(pawl::errc::poisoned == s.try_acquire_up_to(1).error().code);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(acquire_up_to_test);

}  // namespace
