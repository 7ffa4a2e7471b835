#include <pawl/backend/backend.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>

namespace {

using namespace std::chrono_literals;

class parker_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(parker_test);
  CPPUNIT_TEST(an_unpark_before_the_park_ends_it_at_once);
  CPPUNIT_TEST(each_thread_has_one_of_its_own);
  CPPUNIT_TEST(two_threads_wake_each_other_in_turn);
  CPPUNIT_TEST(park_until_gives_up_at_the_deadline_and_not_before);
  CPPUNIT_TEST(park_until_consumes_an_unpark_even_after_the_deadline);
  CPPUNIT_TEST(park_until_is_ended_by_an_unpark);
  CPPUNIT_TEST_SUITE_END();

  static constexpr auto far = 1h;

  void an_unpark_before_the_park_ends_it_at_once() {
    pawl::parker& me = pawl::parker::current();
    me.unpark();
    me.park();
    CPPUNIT_ASSERT_MESSAGE("the token was consumed", !me.park_until(pawl::steady_clock::now()));
  }

  void each_thread_has_one_of_its_own() {
    pawl::parker* const mine = &pawl::parker::current();
    CPPUNIT_ASSERT_EQUAL(mine, &pawl::parker::current());
    pawl::parker* other = mine;
    pawl::thread([&] { other = &pawl::parker::current(); }).join();
    CPPUNIT_ASSERT(other != mine);
  }

  // `turns` is plain: the sanitizers see whether park and unpark order the accesses.
  void two_threads_wake_each_other_in_turn() {
    constexpr int rounds = 2000;
    int turns = 0;
    pawl::parker& first = pawl::parker::current();
    pawl::thread second_thread([&] {
      pawl::parker& second = pawl::parker::current();
      partner_.store(&second, pawl::memory_order_release);
      for (int i = 0; i < rounds; ++i) {
        second.park();
        ++turns;
        first.unpark();
      }
    });
    pawl::parker& second = *pawl::spin_until(
        partner_, [](pawl::parker* p) { return p != nullptr; }, pawl::memory_order_acquire);
    for (int i = 0; i < rounds; ++i) {
      CPPUNIT_ASSERT_EQUAL(i, turns);
      second.unpark();
      first.park();
    }
    second_thread.join();
    CPPUNIT_ASSERT_EQUAL(rounds, turns);
  }

  void park_until_gives_up_at_the_deadline_and_not_before() {
    pawl::parker& me = pawl::parker::current();
    const auto deadline = pawl::steady_clock::now() + 2ms;
    CPPUNIT_ASSERT(!me.park_until(deadline));
    CPPUNIT_ASSERT(pawl::steady_clock::now() >= deadline);
    CPPUNIT_ASSERT(!me.park_until({}));
  }

  void park_until_consumes_an_unpark_even_after_the_deadline() {
    pawl::parker& me = pawl::parker::current();
    me.unpark();
    CPPUNIT_ASSERT(me.park_until({}));
    CPPUNIT_ASSERT(!me.park_until({}));
  }

  void park_until_is_ended_by_an_unpark() {
    pawl::parker& me = pawl::parker::current();
    pawl::thread waker([&] { me.unpark(); });
    CPPUNIT_ASSERT(me.park_until(pawl::steady_clock::now() + far));
    waker.join();
  }

  pawl::atomic<pawl::parker*> partner_{nullptr};
};

CPPUNIT_TEST_SUITE_REGISTRATION(parker_test);

}  // namespace
