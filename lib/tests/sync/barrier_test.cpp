#include <allocations.hpp>
#include <pawl/sync/barrier.hpp>
#include <sync/waiting.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace {

using pawl::barrier;
using pawl::errc;
using namespace std::chrono_literals;

static_assert(sizeof(barrier) <= 24);

constinit barrier of_static_storage(2);

using meeting = std::optional<pawl::result<pawl::barrier_arrival>>;

template <class... Arguments>
call meet(barrier& b, meeting& out, Arguments... arguments) {
  out.emplace(co_await b.arrive_and_wait(arguments...));
}

call meet_until(barrier& b, meeting& out, pawl::steady_clock::time_point deadline) {
  out.emplace(co_await b.arrive_and_wait_until(deadline));
}

bool leads(const meeting& m) { return m && *m && (*m)->is_leader(); }
bool follows(const meeting& m) { return m && *m && !(*m)->is_leader(); }

class barrier_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(barrier_test);
  CPPUNIT_TEST(all_pass_when_the_last_arrives);
  CPPUNIT_TEST(alone_one_always_leads);
  CPPUNIT_TEST(more_than_a_turn_resumes);
  CPPUNIT_TEST(can_be_used_again);
  CPPUNIT_TEST(a_try_succeeds_as_the_last);
  CPPUNIT_TEST(a_stop_takes_the_arrival_back);
  CPPUNIT_TEST(a_deadline_takes_the_arrival_back);
  CPPUNIT_TEST(a_destroyed_arrival_is_taken_back);
  CPPUNIT_TEST(cancelling_comes_too_late_when_all_are_there);
  CPPUNIT_TEST(who_drops_counts_once);
  CPPUNIT_TEST(who_drops_may_be_the_last);
  CPPUNIT_TEST(without_parties_it_is_closed);
  CPPUNIT_TEST(impossible_numbers_are_refused);
  CPPUNIT_TEST(threads_meet);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void all_pass_when_the_last_arrives() {
    barrier b(3);
    meeting x, y, z;
    const call first = meet(b, x), second = meet(b, y);
    CPPUNIT_ASSERT(!x && !y && b.has_waiters());
    const call third = meet(b, z);
    CPPUNIT_ASSERT(follows(x) && follows(y) && leads(z) && !b.has_waiters());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, b.parties());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, of_static_storage.parties());
  }

  void alone_one_always_leads() {
    barrier b(1);
    for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(b.arrive_and_wait_blocking()->is_leader());
    CPPUNIT_ASSERT(b.try_arrive_and_wait()->is_leader());
  }

  void more_than_a_turn_resumes() {
    barrier b(100);
    std::vector<meeting> all(99);
    std::vector<call> calls;
    for (meeting& each : all) calls.push_back(meet(b, each));
    CPPUNIT_ASSERT(b.arrive_and_wait_blocking()->is_leader());
    for (const meeting& each : all) CPPUNIT_ASSERT(follows(each));
  }

  void can_be_used_again() {
    barrier b(2);
    for (int i = 0; i < 3; ++i) {
      meeting x, y;
      const call first = meet(b, x);
      CPPUNIT_ASSERT(!x);
      const call second = meet(b, y);
      CPPUNIT_ASSERT(follows(x) && leads(y));
    }
  }

  void a_try_succeeds_as_the_last() {
    barrier b(2);
    check_error(errc::would_block, b.try_arrive_and_wait());
    meeting x;
    const call first = meet(b, x);
    CPPUNIT_ASSERT(b.try_arrive_and_wait()->is_leader() && follows(x));
    check_error(errc::would_block, b.try_arrive_and_wait());
  }

  void a_stop_takes_the_arrival_back() {
    barrier b(2);
    pawl::stop_source stop;
    meeting x, y, z;
    const call first = meet(b, x, stop.get_token());
    stop.request_stop();
    check_error(errc::cancelled, x.value());
    const call second = meet(b, y);
    CPPUNIT_ASSERT(!y);
    const call third = meet(b, z, stop.get_token());
    check_error(errc::cancelled, z.value());
    CPPUNIT_ASSERT(!y && b.try_arrive_and_wait() && follows(y));
  }

  void a_deadline_takes_the_arrival_back() {
    barrier b(2);
    for (const pawl::steady_clock::duration timeout : {1ms, 0ms, -1ms}) {
      check_error(errc::timed_out, b.arrive_and_wait_blocking_for(timeout));
    }
    meeting x;
    const call first = meet_until(b, x, pawl::steady_clock::now() - 1s);
    check_error(errc::timed_out, x.value());
    check_error(errc::would_block, b.try_arrive_and_wait());
    CPPUNIT_ASSERT(!b.has_waiters());
  }

  void a_destroyed_arrival_is_taken_back() {
    barrier b(2);
    meeting x, y;
    call first = meet(b, x);
    first.destroy();
    const call second = meet(b, y);
    CPPUNIT_ASSERT(!x && !y && b.try_arrive_and_wait() && follows(y));
  }

  void cancelling_comes_too_late_when_all_are_there() {
    barrier b(3);
    pawl::stop_source stop;
    struct cancelling {
      static call start(barrier& b, pawl::stop_source& stop) {
        const auto arrival = co_await b.arrive_and_wait();
        if (arrival) stop.request_stop();
      }
    };
    const call first = cancelling::start(b, stop);
    meeting x;
    const call second = meet(b, x, stop.get_token());
    CPPUNIT_ASSERT(b.try_arrive_and_wait() && follows(x));
  }

  void who_drops_counts_once() {
    barrier b(3);
    meeting x, y;
    CPPUNIT_ASSERT(!b.arrive_and_drop().is_leader());
    const call first = meet(b, x);
    CPPUNIT_ASSERT(!x);
    const call second = meet(b, y);
    CPPUNIT_ASSERT(follows(x) && leads(y));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, b.parties());
    check_error(errc::would_block, b.try_arrive_and_wait());
  }

  void who_drops_may_be_the_last() {
    barrier b(2);
    meeting x;
    const call first = meet(b, x);
    CPPUNIT_ASSERT(b.arrive_and_drop().is_leader() && follows(x));
    CPPUNIT_ASSERT(b.arrive_and_wait_blocking()->is_leader());
  }

  void without_parties_it_is_closed() {
    barrier b(1);
    CPPUNIT_ASSERT(!b.is_closed() && b.arrive_and_drop().is_leader() && b.is_closed());
    check_error(errc::closed, b.arrive_and_wait_blocking());
    check_error(errc::closed, b.try_arrive_and_wait());
    meeting x;
    const call first = meet(b, x);
    check_error(errc::closed, x.value());
    CPPUNIT_ASSERT_THROW(b.arrive_and_drop(), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, b.parties());
  }

  void impossible_numbers_are_refused() {
    CPPUNIT_ASSERT_THROW(barrier(0), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(barrier(barrier::max() + 1), std::length_error);
    CPPUNIT_ASSERT_EQUAL(barrier::max(), barrier(barrier::max()).parties());
  }

  void threads_meet() {
    constexpr int rounds = 500;
    barrier b(3);
    int arrived[3] = {};
    pawl::atomic<int> leaders{0};
    pawl::atomic<bool> early{false};
    const auto work = [&](int me) {
      for (int i = 1; i <= rounds; ++i) {
        arrived[me] = i;
        if (b.arrive_and_wait_blocking()->is_leader()) leaders.fetch_add(1);
        for (const int each : arrived) {
          if (each != i) early.store(true);
        }
        static_cast<void>(b.arrive_and_wait_blocking());
      }
    };
    pawl::thread one([&] { work(1); }), two([&] { work(2); });
    work(0);
    one.join();
    two.join();
    CPPUNIT_ASSERT_EQUAL(rounds, leaders.load());
    CPPUNIT_ASSERT(!early.load() && !b.has_waiters());
  }

  void waiting_allocates_nothing() {
    barrier b(3);
    pawl::stop_source stop;
    meeting x, y, z;
    const call first = meet(b, x), second = meet(b, y, stop.get_token()), third = meet(b, z);
    CPPUNIT_ASSERT(follows(x) && follows(y) && leads(z));
    meeting u, v;
    const call fourth = meet(b, u), fifth = meet(b, v, stop.get_token());
    const auto before = allocations();
    stop.request_stop();
    b.arrive_and_drop();
    const auto tried = b.try_arrive_and_wait();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(tried && follows(u));
    check_error(errc::cancelled, v.value());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(barrier_test);

}  // namespace
