#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/thread_pool.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace {

using pawl::errc;
using pawl::semaphore;
using namespace std::chrono_literals;

// Waits, then does something that re-enters the semaphore or the test.
template <class F>
call start_then(semaphore& s, pawl::count_t n, F then) {
  auto acquired = co_await s.acquire(n);
  then(std::move(acquired));
}

pawl::task<> acquire_and_note(semaphore& s, pawl::scheduler*& where) {
  const auto acquired = co_await s.acquire();
  where = pawl::current_scheduler();
}

// Returns: how many of 3 it took; none if it timed out.
pawl::task<pawl::count_t> acquire_up_to_for(semaphore& s, pawl::steady_clock::duration timeout) {
  const auto acquired = co_await s.acquire_up_to_for(3, timeout);
  if (!acquired && acquired.error().code != pawl::errc::timed_out) co_return ~pawl::count_t{0};
  co_return acquired ? acquired->count() : 0;
}

pawl::task<pawl::errc> acquire_for(semaphore& s, pawl::steady_clock::duration timeout) {
  const auto acquired = co_await s.acquire_for(1, timeout);
  co_return acquired ? errc{} : acquired.error().code;
}

class acquire_op_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(acquire_op_test);
  CPPUNIT_TEST(takes_its_place_when_awaited_not_when_made);
  CPPUNIT_TEST(a_stop_withdraws);
  CPPUNIT_TEST(a_stop_before_the_call_takes_nothing);
  CPPUNIT_TEST(a_stop_after_the_grant_changes_nothing);
  CPPUNIT_TEST(withdrawing_the_first_lets_the_next_proceed);
  CPPUNIT_TEST(withdrawing_from_the_middle_keeps_the_order);
  CPPUNIT_TEST(one_stop_withdraws_many);
  CPPUNIT_TEST(a_deadline_withdraws);
  CPPUNIT_TEST(a_deadline_that_has_passed_takes_what_is_free);
  CPPUNIT_TEST(a_deadline_ends_acquire_up_to);
  CPPUNIT_TEST(a_grant_disarms_the_deadline);
  CPPUNIT_TEST(resumes_on_the_coroutines_scheduler);
  CPPUNIT_TEST(resumes_inline_on_an_inline_scheduler);
  CPPUNIT_TEST(destroying_a_waiter_withdraws_it);
  CPPUNIT_TEST(destroying_a_waiter_with_a_stop_token_detaches_it);
  CPPUNIT_TEST(a_resumption_may_destroy_a_waiter_in_the_queue);
  CPPUNIT_TEST(a_resumption_may_destroy_one_granted_with_it);
  CPPUNIT_TEST(a_resumption_may_destroy_the_bearer_of_the_baton);
  CPPUNIT_TEST(a_resumption_may_destroy_the_semaphore);
  CPPUNIT_TEST(a_resumption_may_use_the_semaphore);
  CPPUNIT_TEST(hand_over_chains_need_bounded_stack);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_its_place_when_awaited_not_when_made() {
    semaphore s(0);
    { [[maybe_unused]] const auto& never_awaited = s.acquire(1); }
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void a_stop_withdraws() {
    semaphore s(1);
    pawl::stop_source stop;
    outcome out;
    const call c = start(s, 2, out, stop.get_token());
    CPPUNIT_ASSERT(out.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(!s.has_waiters());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  void a_stop_before_the_call_takes_nothing() {
    semaphore s(1);
    pawl::stop_source stop;
    stop.request_stop();
    outcome free, waiting;
    const call a = start(s, 1, free, stop.get_token());
    const call b = start(s, 2, waiting, stop.get_token());
    CPPUNIT_ASSERT(free.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(waiting.failed_with(errc::cancelled));
    const auto blocking = s.acquire_blocking(1, stop.get_token());
    CPPUNIT_ASSERT(!blocking && blocking.error().code == errc::cancelled);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  void a_stop_after_the_grant_changes_nothing() {
    semaphore s(0);
    pawl::stop_source stop;
    outcome out;
    const call c = start(s, 1, out, stop.get_token());
    s.release();
    stop.request_stop();
    CPPUNIT_ASSERT(out.is_granted());
  }

  void withdrawing_the_first_lets_the_next_proceed() {
    semaphore s(1);
    pawl::stop_source stop;
    outcome big, small;
    const call a = start(s, 2, big, stop.get_token());
    const call b = start(s, 1, small);
    stop.request_stop();
    CPPUNIT_ASSERT(big.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(small.is_granted());
  }

  void withdrawing_from_the_middle_keeps_the_order() {
    semaphore s(0);
    pawl::stop_source stop;
    std::vector<outcome*> log;
    outcome outs[4];
    for (auto& out : outs) out.log = &log;
    const call a = start(s, 1, outs[0]);
    const call b = start(s, 5, outs[1], stop.get_token());
    const call c = start(s, 1, outs[2]);
    const call d = start(s, 5, outs[3], stop.get_token());
    stop.request_stop();
    s.release(2);
    CPPUNIT_ASSERT((log == std::vector{&outs[3], &outs[1], &outs[0], &outs[2]}));
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void one_stop_withdraws_many() {
    constexpr std::size_t n = 2 * pawl::limits::turn_limit + 1;
    semaphore s(0);
    pawl::stop_source stop;
    std::vector<outcome> outs(n);
    std::vector<call> calls;
    for (auto& out : outs) calls.push_back(start(s, 1, out, stop.get_token()));
    stop.request_stop();
    for (const auto& out : outs) CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void a_deadline_withdraws() {
    semaphore s(0);
    CPPUNIT_ASSERT(errc::timed_out == pawl::sync_wait(acquire_for(s, 1ms)));
    CPPUNIT_ASSERT(errc::timed_out == pawl::sync_wait(acquire_for(s, -1ms)));
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void a_deadline_that_has_passed_takes_what_is_free() {
    semaphore s(1);
    CPPUNIT_ASSERT(errc{} == pawl::sync_wait(acquire_for(s, -1ms)));
    CPPUNIT_ASSERT(errc{} == pawl::sync_wait(acquire_for(s, pawl::steady_clock::duration::max())));
  }

  void a_deadline_ends_acquire_up_to() {
    semaphore s(2);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, pawl::sync_wait(acquire_up_to_for(s, -1ms)));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
    auto all = s.acquire_all();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, pawl::sync_wait(acquire_up_to_for(s, 1ms)));
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void a_grant_disarms_the_deadline() {
    semaphore s(0);
    outcome out;
    const call c = start_until(s, 1, out, pawl::steady_clock::now() + 1h);
    s.release();
    CPPUNIT_ASSERT(out.is_granted());
  }

  void resumes_on_the_coroutines_scheduler() {
    semaphore s(0);
    pawl::scheduler* where = nullptr;
    pawl::run_loop loop;
    auto joined = pawl::spawn(loop, acquire_and_note(s, where));
    CPPUNIT_ASSERT(loop.run_one());
    CPPUNIT_ASSERT(s.has_waiters());
    s.release();
    CPPUNIT_ASSERT(where == nullptr);  // granted, and resumed by nobody but its loop
    CPPUNIT_ASSERT(!s.has_waiters());
    CPPUNIT_ASSERT(loop.run_one());
    CPPUNIT_ASSERT(where == &loop);
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(joined.try_join().has_value());
  }

  void resumes_inline_on_an_inline_scheduler() {
    semaphore s(0);
    pawl::scheduler* where = nullptr;
    pawl::inline_scheduler here;
    auto joined = pawl::spawn(here, acquire_and_note(s, where));
    CPPUNIT_ASSERT(!joined.is_finished());
    s.release();
    CPPUNIT_ASSERT(joined.try_join().has_value());
  }

  void destroying_a_waiter_withdraws_it() {
    semaphore s(1);
    outcome first, second;
    call a = start(s, 2, first);
    const call b = start(s, 1, second);
    a.destroy();
    CPPUNIT_ASSERT(first.is_pending());
    CPPUNIT_ASSERT(second.is_granted());
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void destroying_a_waiter_with_a_stop_token_detaches_it() {
    semaphore s(0);
    pawl::stop_source stop;
    outcome out;
    call a = start(s, 1, out, stop.get_token());
    a.destroy();
    stop.request_stop();
    s.release();
    CPPUNIT_ASSERT(out.is_pending());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  // Defect (h).
  void a_resumption_may_destroy_a_waiter_in_the_queue() {
    semaphore s(0);
    outcome out, last;
    std::unique_ptr<call> victim;
    const call a = start_then(s, 1, [&](auto) { victim.reset(); });
    victim = std::make_unique<call>(start(s, 5, out));
    const call c = start(s, 1, last);
    s.release();
    CPPUNIT_ASSERT(victim == nullptr && out.is_pending());
    CPPUNIT_ASSERT(last.is_granted());  // by the permit that the first gave back
  }

  void a_resumption_may_destroy_one_granted_with_it() {
    semaphore s(0);
    outcome out;
    std::unique_ptr<call> victim;
    const call a = start_then(s, 1, [&](auto) { victim.reset(); });
    victim = std::make_unique<call>(start(s, 2, out));
    s.release(3);
    CPPUNIT_ASSERT(victim == nullptr && out.is_pending());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.available_permits());
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void a_resumption_may_destroy_the_bearer_of_the_baton() {
    constexpr std::size_t n = 2 * pawl::limits::turn_limit + 2;
    constexpr std::size_t victims = pawl::limits::turn_limit;  // the rest of the turn, and one more
    semaphore s(0);
    std::vector<outcome> outs(n);
    std::vector<call> calls;
    const call a = start_then(s, 1, [&](auto) {
      for (std::size_t i = 0; i < victims; ++i) calls[i].destroy();
    });
    for (auto& out : outs) calls.push_back(start(s, 1, out));
    s.release(n + 1);
    for (std::size_t i = 0; i < n; ++i) CPPUNIT_ASSERT(outs[i].is_pending() == (i < victims));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{victims} + 1, s.available_permits());
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  // The permit is the last use of it.
  void a_resumption_may_destroy_the_semaphore() {
    auto s = std::make_unique<semaphore>(0);
    bool resumed = false;
    const call a = start_then(*s, 1, [&](auto acquired) {
      std::move(*acquired).forget();
      s.reset();
      resumed = true;
    });
    s->release();
    CPPUNIT_ASSERT(resumed);
  }

  void a_resumption_may_use_the_semaphore() {
    semaphore s(0);
    outcome nested, last;
    std::vector<call> more;
    const call a = start_then(s, 1, [&](auto acquired) {
      acquired->release();
      more.push_back(start(s, 1, nested));
      CPPUNIT_ASSERT(nested.is_pending());  // behind the one that waits
      s.release(2);
    });
    const call b = start(s, 2, last);
    s.release();
    CPPUNIT_ASSERT(last.is_granted() && nested.is_granted());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
  }

  void hand_over_chains_need_bounded_stack() {
    constexpr std::size_t n = 20000;
    semaphore s(0);
    std::size_t granted = 0;
    std::vector<call> calls;
    for (std::size_t i = 0; i < n; ++i) {
      calls.push_back(start_then(s, 1, [&](auto) { ++granted; }));
    }
    s.release();
    CPPUNIT_ASSERT_EQUAL(n, granted);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(acquire_op_test);

}  // namespace
