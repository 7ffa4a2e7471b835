#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/thread_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <optional>

namespace {

using pawl::count_t;
using pawl::errc;
using pawl::semaphore;
using namespace std::chrono_literals;

void wait_for_waiter(const semaphore& s) {
  while (!s.has_waiters()) pawl::this_thread::yield();
}

// Blocks a thread of its own in `acquire(s)`, and keeps what it got.
class blocked {
 public:
  template <class F>
  blocked(semaphore& s, F acquire)
      : thread_([this, &s, acquire] { result_.emplace(acquire(s)); }) {}

  pawl::result<pawl::permit>& join() {
    thread_.join();
    return *result_;
  }

 private:
  std::optional<pawl::result<pawl::permit>> result_;
  pawl::thread thread_;
};

class thread_wait_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(thread_wait_test);
  CPPUNIT_TEST(does_not_block_if_permits_are_free);
  CPPUNIT_TEST(blocks_until_granted);
  CPPUNIT_TEST(fails_when_closed);
  CPPUNIT_TEST(a_stop_ends_it);
  CPPUNIT_TEST(a_grant_beats_a_later_stop);
  CPPUNIT_TEST(times_out);
  CPPUNIT_TEST(is_granted_before_its_deadline);
  CPPUNIT_TEST(takes_what_is_there);
  CPPUNIT_TEST(gives_up_on_what_is_not_there);
  CPPUNIT_TEST(grants_coroutines_that_its_withdrawal_lets_proceed);
  CPPUNIT_TEST_SUITE_END();

 public:
  void does_not_block_if_permits_are_free() {
    semaphore s(3);
    pawl::stop_source stop;
    CPPUNIT_ASSERT(s.acquire_blocking().has_value());
    CPPUNIT_ASSERT(s.acquire_blocking(2, stop.get_token()).has_value());
    CPPUNIT_ASSERT(s.acquire_blocking_for(3, -1h).has_value());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, s.acquire_up_to_blocking(9)->count());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, s.acquire_up_to_blocking(9, stop.get_token())->count());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, s.acquire_up_to_blocking_for(9, -1h)->count());
  }

  void blocks_until_granted() {
    semaphore s(0);
    blocked b(s, [](semaphore& of) { return of.acquire_blocking(2); });
    wait_for_waiter(s);
    s.release(3);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, b.join()->count());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void fails_when_closed() {
    semaphore s(0);
    blocked b(s, [](semaphore& of) { return of.acquire_blocking(1); });
    wait_for_waiter(s);
    s.close();
    CPPUNIT_ASSERT(errc::closed == b.join().error().code);
  }

  void a_stop_ends_it() {
    semaphore s(1);
    pawl::stop_source stop;
    blocked b(s, [&](semaphore& of) { return of.acquire_blocking(2, stop.get_token()); });
    wait_for_waiter(s);
    stop.request_stop();
    CPPUNIT_ASSERT(errc::cancelled == b.join().error().code);
    CPPUNIT_ASSERT(!s.has_waiters());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void a_grant_beats_a_later_stop() {
    semaphore s(0);
    pawl::stop_source stop;
    blocked b(s, [&](semaphore& of) { return of.acquire_blocking(1, stop.get_token()); });
    wait_for_waiter(s);
    s.release();
    stop.request_stop();
    CPPUNIT_ASSERT(b.join().has_value());
  }

  void times_out() {
    semaphore s(1);
    CPPUNIT_ASSERT(errc::timed_out == s.acquire_blocking_for(2, 1ms).error().code);
    CPPUNIT_ASSERT(errc::timed_out == s.acquire_blocking_for(2, -1ms).error().code);
    CPPUNIT_ASSERT(!s.has_waiters());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void is_granted_before_its_deadline() {
    semaphore s(0);
    blocked b(s, [](semaphore& of) {
      return of.acquire_blocking_for(1, pawl::steady_clock::duration::max());
    });
    wait_for_waiter(s);
    s.release();
    CPPUNIT_ASSERT(b.join().has_value());
  }

  void takes_what_is_there() {
    semaphore s(0);
    blocked b(s, [](semaphore& of) { return of.acquire_up_to_blocking(5); });
    wait_for_waiter(s);
    s.release(3);
    CPPUNIT_ASSERT_EQUAL(count_t{3}, b.join()->count());
  }

  void gives_up_on_what_is_not_there() {
    semaphore s(0);
    pawl::stop_source stop;
    CPPUNIT_ASSERT(errc::timed_out == s.acquire_up_to_blocking_for(5, 1ms).error().code);
    blocked b(s, [&](semaphore& of) { return of.acquire_up_to_blocking(5, stop.get_token()); });
    wait_for_waiter(s);
    stop.request_stop();
    CPPUNIT_ASSERT(errc::cancelled == b.join().error().code);
    CPPUNIT_ASSERT(errc::cancelled == s.acquire_up_to_blocking(5, stop.get_token()).error().code);
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void grants_coroutines_that_its_withdrawal_lets_proceed() {
    semaphore s(1);
    pawl::stop_source stop;
    outcome behind;
    blocked b(s, [&](semaphore& of) { return of.acquire_blocking(2, stop.get_token()); });
    wait_for_waiter(s);
    const call c = start(s, 1, behind);
    CPPUNIT_ASSERT(behind.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(behind.is_granted());
    CPPUNIT_ASSERT(errc::cancelled == b.join().error().code);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(thread_wait_test);

}  // namespace
