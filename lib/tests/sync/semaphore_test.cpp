#include <pawl/sync/semaphore.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

namespace {

using pawl::errc;
using pawl::semaphore;

constexpr pawl::count_t most = semaphore::max_permits;

static_assert(most == (pawl::count_t{1} << 48) - 1);
static_assert(sizeof(semaphore) <= 32);

constinit semaphore of_static_storage(2);

// Fails unless the result is an error with this code.
template <class T>
void check_error(errc code, const pawl::result<T>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

class semaphore_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(semaphore_test);
  CPPUNIT_TEST(takes_and_gives_back);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(try_acquire_takes_what_is_free);
  CPPUNIT_TEST(weight_0_is_granted_at_once_if_nobody_waits);
  CPPUNIT_TEST(weight_0_queues_behind_waiters);
  CPPUNIT_TEST(grants_in_call_order_whatever_the_weights);
  CPPUNIT_TEST(newcomers_do_not_overtake);
  CPPUNIT_TEST(one_release_grants_several);
  CPPUNIT_TEST(more_grants_than_one_turn_may_make);
  CPPUNIT_TEST(is_exact_after_the_last_waiter_was_granted);
  CPPUNIT_TEST(is_exact_after_a_waiter_was_withdrawn);
  CPPUNIT_TEST(more_than_the_maximum_is_refused_at_once);
  CPPUNIT_TEST(more_than_it_was_made_with_waits_for_releases);
  CPPUNIT_TEST(the_maximum_is_possible);
  CPPUNIT_TEST(construction_beyond_the_maximum_poisons);
  CPPUNIT_TEST(release_beyond_the_maximum_poisons);
  CPPUNIT_TEST(one_release_above_the_maximum_poisons);
  CPPUNIT_TEST(overflow_is_judged_after_the_grants);
  CPPUNIT_TEST(try_release_reports_overflow_and_changes_nothing);
  CPPUNIT_TEST(poison_fails_present_and_future_calls);
  CPPUNIT_TEST(poison_makes_releases_void);
  CPPUNIT_TEST(close_fails_calls_and_counts_returns);
  CPPUNIT_TEST(poison_overrides_close);
  CPPUNIT_TEST(close_and_poison_reach_more_waiters_than_a_turn);
  CPPUNIT_TEST(a_grant_before_close_stands);
  CPPUNIT_TEST(forgets_free_permits_only);
  CPPUNIT_TEST(shrink_makes_debt_that_releases_pay_first);
  CPPUNIT_TEST(debt_is_bounded);
  CPPUNIT_TEST(acquire_all_drains);
  CPPUNIT_TEST(acquire_all_is_empty_if_anybody_waits);
  CPPUNIT_TEST(available_permits_excludes_what_waits_for_nobody);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_and_gives_back() {
    semaphore s(3);
    outcome out;
    {
      const call c = start(s, 2, out);
      CPPUNIT_ASSERT(c.is_done());
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, out.count());
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    }
    out.result.reset();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.available_permits());
  }

  void is_constant_initialized() {
    const auto held = of_static_storage.try_acquire(2);
    CPPUNIT_ASSERT(held.has_value());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, of_static_storage.available_permits());
  }

  void try_acquire_takes_what_is_free() {
    semaphore s(1);
    const auto first = s.try_acquire();
    CPPUNIT_ASSERT(first.has_value());
    check_error(errc::would_block, s.try_acquire());
    CPPUNIT_ASSERT(s.try_acquire(0).has_value());
  }

  void weight_0_is_granted_at_once_if_nobody_waits() {
    semaphore s(0);
    outcome out;
    const call c = start(s, 0, out);
    CPPUNIT_ASSERT(out.is_granted());
  }

  void weight_0_queues_behind_waiters() {
    semaphore s(0);
    outcome first, second;
    const call a = start(s, 1, first);
    const call b = start(s, 0, second);
    CPPUNIT_ASSERT(second.is_pending());
    check_error(errc::would_block, s.try_acquire(0));
    s.release();
    CPPUNIT_ASSERT(first.is_granted() && second.is_granted());
  }

  void grants_in_call_order_whatever_the_weights() {
    semaphore s(0);
    std::vector<outcome*> log;
    outcome outs[4];
    for (auto& out : outs) out.log = &log;
    const call calls[] = {start(s, 3, outs[0]), start(s, 1, outs[1]), start(s, 0, outs[2]),
                          start(s, 2, outs[3])};
    s.release(2);
    CPPUNIT_ASSERT(log.empty());  // two would do for the second, but the first is first
    s.release(2);
    CPPUNIT_ASSERT((log == std::vector{&outs[0], &outs[1], &outs[2]}));
    s.release(2);
    CPPUNIT_ASSERT((log == std::vector{&outs[0], &outs[1], &outs[2], &outs[3]}));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
  }

  void newcomers_do_not_overtake() {
    semaphore s(2);
    outcome big, small;
    const call a = start(s, 3, big);
    CPPUNIT_ASSERT(s.has_waiters());
    check_error(errc::would_block, s.try_acquire(1));
    const call b = start(s, 1, small);
    CPPUNIT_ASSERT(small.is_pending());
    s.release(1);
    CPPUNIT_ASSERT(big.is_granted());
    CPPUNIT_ASSERT(small.is_pending());
  }

  void one_release_grants_several() {
    semaphore s(0);
    outcome outs[3];
    const call calls[] = {start(s, 1, outs[0]), start(s, 2, outs[1]), start(s, 1, outs[2])};
    s.release(4);
    for (const auto& out : outs) CPPUNIT_ASSERT(out.is_granted());
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void more_grants_than_one_turn_may_make() {
    constexpr std::size_t n = 3 * pawl::limits::turn_limit + 1;
    semaphore s(0);
    std::vector<outcome*> log;
    std::vector<outcome> outs(n);
    std::vector<call> calls;
    for (auto& out : outs) {
      out.log = &log;
      calls.push_back(start(s, 1, out));
    }
    s.release(n);
    CPPUNIT_ASSERT_EQUAL(n, log.size());
    for (std::size_t i = 0; i < n; ++i) CPPUNIT_ASSERT(log[i] == &outs[i]);
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  // Defect (a) of the system that the algorithm descends from.
  void is_exact_after_the_last_waiter_was_granted() {
    semaphore s(0);
    outcome out;
    const call c = start(s, 1, out);
    s.release(3);
    CPPUNIT_ASSERT(out.is_granted());
    CPPUNIT_ASSERT(s.try_acquire(2).has_value());
    outcome next;
    const call d = start(s, 2, next);
    CPPUNIT_ASSERT(next.is_granted());
  }

  // Defect (b).
  void is_exact_after_a_waiter_was_withdrawn() {
    semaphore s(2);
    outcome out;
    pawl::stop_source stop;
    const call c = start(s, 5, out, stop.get_token());
    stop.request_stop();
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(s.try_acquire(0).has_value());
    CPPUNIT_ASSERT(s.try_acquire(2).has_value());
  }

  // Defect (e).
  void more_than_the_maximum_is_refused_at_once() {
    semaphore s(1);
    outcome out, behind;
    const call c = start(s, most + 1, out);
    CPPUNIT_ASSERT(out.failed_with(errc::exceeds_limit));
    CPPUNIT_ASSERT_EQUAL(most + 1, out.result->error().value);
    CPPUNIT_ASSERT_EQUAL(most, out.result->error().limit);
    check_error(errc::exceeds_limit, s.try_acquire(~pawl::count_t{0}));
    check_error(errc::exceeds_limit, s.acquire_blocking(most + 1));
    const call d = start(s, 1, behind);
    CPPUNIT_ASSERT(behind.is_granted());

    outcome waiting;
    const call e = start(s, 1, waiting);
    check_error(errc::exceeds_limit, s.try_acquire(most + 1));
    CPPUNIT_ASSERT(waiting.is_pending());
  }

  void more_than_it_was_made_with_waits_for_releases() {
    semaphore s(1);
    outcome out;
    const call c = start(s, 4, out);
    CPPUNIT_ASSERT(out.is_pending());
    s.release(3);
    CPPUNIT_ASSERT(out.is_granted());
  }

  void the_maximum_is_possible() {
    semaphore s(most);
    CPPUNIT_ASSERT(!s.is_poisoned());
    auto all = s.try_acquire(most);
    CPPUNIT_ASSERT(all.has_value());
    all->release();
    CPPUNIT_ASSERT_EQUAL(most, s.available_permits());
    CPPUNIT_ASSERT(!s.is_poisoned());
  }

  void construction_beyond_the_maximum_poisons() {
    semaphore s(most + 1);
    CPPUNIT_ASSERT(s.is_poisoned());
    check_error(errc::poisoned, s.try_acquire(0));
    CPPUNIT_ASSERT(semaphore(~pawl::count_t{0}).is_poisoned());
  }

  void release_beyond_the_maximum_poisons() {
    semaphore s(most);
    s.release(0);
    CPPUNIT_ASSERT(!s.is_poisoned());
    s.release(1);
    CPPUNIT_ASSERT(s.is_poisoned());
    check_error(errc::poisoned, s.try_acquire(1));
  }

  void one_release_above_the_maximum_poisons() {
    semaphore s(0);
    s.release(most + 1);
    CPPUNIT_ASSERT(s.is_poisoned());
    semaphore t(0);
    outcome out;
    const call c = start(t, 1, out);
    t.release(~pawl::count_t{0});
    CPPUNIT_ASSERT(out.failed_with(errc::poisoned));
  }

  void overflow_is_judged_after_the_grants() {
    semaphore s(most - 1);
    outcome first, second;
    const call a = start(s, most, first);
    s.release(most);  // far beyond, but the waiter absorbs it
    CPPUNIT_ASSERT(first.is_granted());
    CPPUNIT_ASSERT(!s.is_poisoned());
    CPPUNIT_ASSERT_EQUAL(most - 1, s.available_permits());

    const call b = start(s, most, second);
    s.release(3);
    CPPUNIT_ASSERT(second.is_granted());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
    first.result.reset();
    CPPUNIT_ASSERT(s.is_poisoned());
  }

  void try_release_reports_overflow_and_changes_nothing() {
    semaphore s(most - 2);
    const auto too_much = s.try_release(3);
    check_error(errc::exceeds_limit, too_much);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, too_much.error().value);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, too_much.error().limit);
    const auto absurd = s.try_release(most + 1);
    check_error(errc::exceeds_limit, absurd);
    CPPUNIT_ASSERT_EQUAL(most, absurd.error().limit);
    CPPUNIT_ASSERT_EQUAL(most - 2, s.available_permits());
    CPPUNIT_ASSERT(!s.is_poisoned());
    CPPUNIT_ASSERT(s.try_release(2).has_value());
    CPPUNIT_ASSERT_EQUAL(most, s.available_permits());

    semaphore t(0);
    outcome out;
    const call c = start(t, 1, out);
    CPPUNIT_ASSERT(t.try_release(1).has_value());
    CPPUNIT_ASSERT(out.is_granted());
    t.poison();
    check_error(errc::poisoned, t.try_release(1));
  }

  // Defect (c): poisoned at once, for those who try, too.
  void poison_fails_present_and_future_calls() {
    semaphore s(1);
    outcome waiting, late;
    const call a = start(s, 2, waiting);
    s.poison();
    CPPUNIT_ASSERT(waiting.failed_with(errc::poisoned));
    check_error(errc::poisoned, s.try_acquire(1));
    check_error(errc::poisoned, s.acquire_blocking(0));
    const call b = start(s, 1, late);
    CPPUNIT_ASSERT(late.failed_with(errc::poisoned));
    CPPUNIT_ASSERT(!s.has_waiters());
    s.poison();
    CPPUNIT_ASSERT(s.is_poisoned());
  }

  void poison_makes_releases_void() {
    semaphore s(1);
    auto held = s.try_acquire(1);
    s.poison();
    held->release();
    s.release(5);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.forget_permits(1));
    s.shrink(1);
    CPPUNIT_ASSERT(!s.acquire_all());
  }

  void close_fails_calls_and_counts_returns() {
    semaphore s(5);
    auto held = s.try_acquire(2);
    outcome waiting, late;
    const call a = start(s, 4, waiting);
    s.close();
    CPPUNIT_ASSERT(s.is_closed());
    CPPUNIT_ASSERT(!s.is_poisoned());
    CPPUNIT_ASSERT(waiting.failed_with(errc::closed));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.available_permits());
    held->release();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{5}, s.available_permits());
    check_error(errc::closed, s.try_acquire(1));
    const call b = start(s, 1, late);
    CPPUNIT_ASSERT(late.failed_with(errc::closed));
    CPPUNIT_ASSERT(!s.acquire_all());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.forget_permits(2));
    s.close();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.available_permits());
  }

  void poison_overrides_close() {
    semaphore s(1);
    s.close();
    s.poison();
    check_error(errc::poisoned, s.try_acquire(1));
    semaphore t(1);
    t.poison();
    t.close();
    check_error(errc::poisoned, t.try_acquire(1));
  }

  void close_and_poison_reach_more_waiters_than_a_turn() {
    constexpr std::size_t n = 2 * pawl::limits::turn_limit + 3;
    for (const errc how : {errc::closed, errc::poisoned}) {
      semaphore s(0);
      std::vector<outcome> outs(n);
      std::vector<call> calls;
      for (auto& out : outs) calls.push_back(start(s, 1, out));
      how == errc::closed ? s.close() : s.poison();
      for (const auto& out : outs) CPPUNIT_ASSERT(out.failed_with(how));
      CPPUNIT_ASSERT(!s.has_waiters());
    }
  }

  void a_grant_before_close_stands() {
    semaphore s(0);
    outcome first, second;
    const call a = start(s, 1, first);
    const call b = start(s, 1, second);
    s.release();
    s.close();
    CPPUNIT_ASSERT(first.is_granted());
    CPPUNIT_ASSERT(second.failed_with(errc::closed));
  }

  void forgets_free_permits_only() {
    semaphore s(5);
    const auto held = s.try_acquire(2);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.forget_permits(2));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.forget_permits(~pawl::count_t{0}));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.forget_permits(1));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
  }

  void shrink_makes_debt_that_releases_pay_first() {
    semaphore s(4);
    auto held = s.try_acquire(3);
    s.shrink(3);  // one is free, two are owed
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
    outcome out;
    const call c = start(s, 1, out);
    s.release(2);
    CPPUNIT_ASSERT(out.is_pending());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.forget_permits(1));
    held->release();
    CPPUNIT_ASSERT(out.is_granted());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
  }

  void debt_is_bounded() {
    semaphore s(1);
    for (int i = 0; i < 1000; ++i) s.shrink(~pawl::count_t{0});
    s.release(most);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
    s.release(1);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    CPPUNIT_ASSERT(!s.is_poisoned());
  }

  void acquire_all_drains() {
    semaphore s(5);
    auto all = s.acquire_all();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{5}, all.count());
    CPPUNIT_ASSERT(!s.acquire_all());
    all.release();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{5}, s.available_permits());
  }

  void acquire_all_is_empty_if_anybody_waits() {
    semaphore s(5);
    outcome out;
    const call c = start(s, 6, out);
    CPPUNIT_ASSERT(!s.acquire_all());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{5}, s.available_permits());
  }

  void available_permits_excludes_what_waits_for_nobody() {
    semaphore s(6);
    outcome out;
    const call c = start(s, 8, out);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{6}, s.available_permits());
    CPPUNIT_ASSERT(s.has_waiters());
    s.release(2);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{0}, s.available_permits());
    CPPUNIT_ASSERT(!s.has_waiters());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(semaphore_test);

}  // namespace
