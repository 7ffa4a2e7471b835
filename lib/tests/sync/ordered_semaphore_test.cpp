#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_semaphore.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pawl::count_t;
using pawl::errc;
using pawl::lock_holder;
using pawl::lock_order_violation;
using pawl::ordered_permit;
using rule = pawl::lock_order_rule;
using names = std::vector<std::string_view>;
using semaphore = pawl::ordered_semaphore<>;
constexpr auto release = pawl::on_unwind::release;

template <class F>
void require_violation(rule expected, F f) {
  try {
    f();
    CPPUNIT_FAIL("no violation");
  } catch (const lock_order_violation& e) {
    CPPUNIT_ASSERT(e.rule() == expected);
  }
}

class ordered_semaphore_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ordered_semaphore_test);
  CPPUNIT_TEST(learns_and_convicts);
  CPPUNIT_TEST(who_holds_permits_does_not_wait_for_more);
  CPPUNIT_TEST(a_task_is_convicted);
  CPPUNIT_TEST(many_hold_permits);
  CPPUNIT_TEST(none_is_no_lock);
  CPPUNIT_TEST(what_is_split_is_held_twice);
  CPPUNIT_TEST(what_is_merged_is_held_once);
  CPPUNIT_TEST(what_can_t_be_split_or_merged_stays);
  CPPUNIT_TEST(a_signal_is_held_by_nobody);
  CPPUNIT_TEST(tries_are_not_checked);
  CPPUNIT_TEST(a_wait_may_end_without_permits);
  CPPUNIT_TEST(a_permit_is_handed_over);
  CPPUNIT_TEST(does_what_a_semaphore_does);
  CPPUNIT_TEST(without_checking_it_is_a_semaphore);
  CPPUNIT_TEST_SUITE_END();

  pawl::lock_order order_;
  pawl::lock_kind upper_{order_, "upper"}, lower_{order_, "lower"};
  // (A violation unwinds through the permits that are held.)
  semaphore a_{upper_, 3, release}, b_{lower_, 3, release};

  names held() const { return order_.held_by(lock_holder::this_thread()); }

  static void nest(semaphore& first, semaphore& second) {
    const auto held = first.acquire_blocking(2).value();
    CPPUNIT_ASSERT_EQUAL(count_t{1}, second.acquire_blocking().value().count());
  }

  void learns_and_convicts() {
    nest(a_, b_);
    require_violation(rule::cycle, [&] { nest(b_, a_); });
    const auto held = b_.acquire_up_to_blocking(9).value();
    require_violation(rule::cycle, [&] { static_cast<void>(a_.acquire_blocking_for(1, 1h)); });
    require_violation(rule::cycle, [&] { static_cast<void>(a_.acquire_up_to_blocking(1)); });
    require_violation(rule::cycle, [&] { static_cast<void>(a_.acquire_blocking(0)); });
    CPPUNIT_ASSERT_EQUAL(count_t{3}, a_.available_permits());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, held.count());
    CPPUNIT_ASSERT(!a_.has_waiters());
  }

  void who_holds_permits_does_not_wait_for_more() {
    auto held = a_.acquire_blocking().value();
    require_violation(rule::recursion, [&] { static_cast<void>(a_.acquire_blocking()); });
    CPPUNIT_ASSERT_EQUAL(count_t{2}, a_.available_permits());
    held.release();
    CPPUNIT_ASSERT(a_.acquire_blocking(3).has_value());
  }

  void a_task_is_convicted() {
    const auto both = [](semaphore& first, semaphore& second) -> pawl::task<> {
      const auto a = co_await first.acquire();
      co_await pawl::this_task::reschedule();
      const auto b = co_await second.acquire_for(2, 1h);
      CPPUNIT_ASSERT_EQUAL(count_t{2}, b->count());
    };
    pawl::sync_wait(both(a_, b_));
    require_violation(rule::cycle, [&] { pawl::sync_wait(both(b_, a_)); });
    require_violation(rule::recursion, [&] { pawl::sync_wait(both(a_, a_)); });
    CPPUNIT_ASSERT_EQUAL(count_t{3}, a_.available_permits());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, b_.available_permits());
  }

  void many_hold_permits() {
    const auto mine = a_.acquire_blocking().value();
    std::optional<ordered_permit> other;
    pawl::thread([&] {
      other = a_.acquire_blocking(2).value();
      CPPUNIT_ASSERT((held() == names{"upper"}));
    }).join();
    CPPUNIT_ASSERT((held() == names{"upper"}));
    other.reset();
    CPPUNIT_ASSERT((held() == names{"upper"}));
  }

  void none_is_no_lock() {
    const auto none = a_.acquire_blocking(0).value();
    CPPUNIT_ASSERT(none && held().empty());
    CPPUNIT_ASSERT(a_.acquire_blocking().has_value());
  }

  void what_is_split_is_held_twice() {
    auto all = a_.acquire_blocking(3).value();
    auto part = all.split(1).value();
    CPPUNIT_ASSERT((held() == names{"upper", "upper"}));
    all.release();
    CPPUNIT_ASSERT((held() == names{"upper"}));
    auto rest = part.split(1).value();  // of which nothing is left
    CPPUNIT_ASSERT((held() == names{"upper"} && part.count() == 0 && rest.count() == 1));
    const auto none = rest.split(0);
    CPPUNIT_ASSERT((held() == names{"upper"} && none->count() == 0));
  }

  void what_is_merged_is_held_once() {
    auto all = a_.acquire_blocking(3).value();
    auto part = all.split(2).value();
    all.merge(std::move(part));
    CPPUNIT_ASSERT((held() == names{"upper"} && all.count() == 3));
    part = all.split(3).value();
    all.merge(std::move(part));
    CPPUNIT_ASSERT((held() == names{"upper"} && all.count() == 3));
    all.release();
    CPPUNIT_ASSERT(held().empty());
  }

  void what_can_t_be_split_or_merged_stays() {
    auto mine = a_.acquire_blocking(2).value();
    CPPUNIT_ASSERT(mine.split(3).error().code == errc::exceeds_limit);
    auto foreign = b_.acquire_blocking().value();
    CPPUNIT_ASSERT_THROW(mine.merge(std::move(foreign)), std::invalid_argument);
    CPPUNIT_ASSERT((held() == names{"lower", "upper"}));
    CPPUNIT_ASSERT(mine.count() == 2 && foreign.count() == 1);
  }

  void a_signal_is_held_by_nobody() {
    semaphore signal(upper_, 0);
    signal.release();
    CPPUNIT_ASSERT_EQUAL(count_t{1}, signal.acquire_blocking().value().forget());
    CPPUNIT_ASSERT(held().empty());
    signal.release();
    CPPUNIT_ASSERT(signal.acquire_blocking().has_value());
  }

  void tries_are_not_checked() {
    nest(a_, b_);
    const auto b = b_.try_acquire(2);
    const auto more = b_.try_acquire_up_to(2);
    const auto a = a_.acquire_all();
    CPPUNIT_ASSERT(b && more && a && order_.violations().empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, held().size());
    CPPUNIT_ASSERT(!a_.acquire_all() && held().size() == 3);
  }

  void a_wait_may_end_without_permits() {
    std::optional<ordered_permit> other;
    pawl::thread([&] { other = a_.acquire_blocking(3).value(); }).join();
    pawl::stop_source stop;
    stop.request_stop();
    CPPUNIT_ASSERT(a_.acquire_blocking(1, stop.get_token()).error().code == errc::cancelled);
    CPPUNIT_ASSERT(a_.acquire_blocking_for(1, 1ns).error().code == errc::timed_out);
    CPPUNIT_ASSERT(a_.try_acquire().error().code == errc::would_block);
    CPPUNIT_ASSERT(a_.acquire_blocking(semaphore::max_permits + 1).error().code ==
                   errc::exceeds_limit);
    a_.close();
    CPPUNIT_ASSERT(a_.acquire_blocking().error().code == errc::closed && a_.is_closed());
    CPPUNIT_ASSERT(held().empty());
  }

  void a_permit_is_handed_over() {
    auto taken = a_.acquire_blocking().value();
    pawl::thread([&] {
      taken.hand_over(lock_holder::this_thread());
      require_violation(rule::recursion, [&] { static_cast<void>(a_.acquire_blocking()); });
    }).join();
    CPPUNIT_ASSERT(held().empty());
    CPPUNIT_ASSERT(a_.acquire_blocking(2).has_value());
  }

  void does_what_a_semaphore_does() {
    CPPUNIT_ASSERT_EQUAL(count_t{1}, a_.forget_permits(1));
    a_.shrink(1);
    a_.release(2);
    CPPUNIT_ASSERT(a_.try_release(1).has_value());
    CPPUNIT_ASSERT_EQUAL(count_t{4}, a_.available_permits());
    a_.poison();
    CPPUNIT_ASSERT(a_.is_poisoned() && &a_.kind() == &upper_);
  }

  void without_checking_it_is_a_semaphore() {
    pawl::ordered_semaphore<pawl::lock_checking::off> s(upper_, 2);
    const auto first = s.try_acquire();
    const auto second = s.acquire_blocking();
    CPPUNIT_ASSERT(first && second && held().empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ordered_semaphore_test);

}  // namespace
