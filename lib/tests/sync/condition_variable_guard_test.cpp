// With which guards a condition variable can be waited on, and what becomes of them.
#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/tracked.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using pawl::condition_variable;
using pawl::errc;
using namespace std::chrono_literals;
using number = pawl::mutex<int>;

static_assert(pawl::whole_guard<pawl::owned_mutex_guard<int>>);
static_assert(pawl::whole_guard<pawl::upgradable_guard<int>>);
static_assert(!pawl::whole_guard<pawl::mapped_mutex_guard<int>>);
static_assert(!pawl::whole_guard<pawl::permit>);
static_assert(pawl::whole_guard<pawl::ordered_read_guard<int>>);
static_assert(pawl::whole_guard<pawl::tracked<pawl::owned_ordered_mutex_guard<int>>>);
static_assert(!pawl::whole_guard<pawl::ordered_guard<pawl::mapped_mutex_guard<int>>>);
static_assert(!pawl::whole_guard<pawl::tracked<pawl::permit>>);

void check_error(errc code, const pawl::result<void>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

// Waits with a guard that was made before.
template <class Guard>
call start_with(condition_variable& changed, Guard made, waiting& out) {
  Guard held = std::move(made);  // a parameter would live as long as the coroutine
  const auto notified = co_await changed.wait(held);
  const bool is_poisoned = !notified && notified.error().code == errc::poisoned;
  CPPUNIT_ASSERT_EQUAL(!is_poisoned, static_cast<bool>(held));
  out.end(notified);
}

class condition_variable_guard_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(condition_variable_guard_test);
  CPPUNIT_TEST(a_shared_mutex_will_do);
  CPPUNIT_TEST(an_owned_guard_keeps_the_mutex);
  CPPUNIT_TEST(poison_leaves_no_lock);
  CPPUNIT_TEST(there_must_be_a_lock);
  CPPUNIT_TEST(who_waits_does_not_hold_it_in_the_order);
  CPPUNIT_TEST(an_inner_lock_is_not_held_meanwhile);
  CPPUNIT_TEST(a_task_is_checked_too);
  CPPUNIT_TEST(a_guard_that_was_handed_over_comes_back_so);
  CPPUNIT_TEST(an_upgradable_of_an_order_waits);
  CPPUNIT_TEST(an_obligation_lasts_through_the_wait);
  CPPUNIT_TEST(what_is_lost_by_poison_is_owed_no_more);
  CPPUNIT_TEST(an_ordered_one_is_tracked_as_well);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_shared_mutex_will_do() {
    condition_variable changed;
    pawl::shared_mutex<int> m(0);
    waiting outs[4];
    {
      const call a = start_with(changed, std::move(*m.try_lock_shared()), outs[0]);
      const call b = start_with(changed, std::move(*m.try_lock_upgrade()), outs[1]);
      const call c = start_with(changed, std::move(*m.try_lock_shared()), outs[2]);
      CPPUNIT_ASSERT(!m.is_locked());
      const call d = start_with(changed, std::move(*m.try_lock()), outs[3]);
      auto held = m.try_lock();
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{4}, changed.notify_all());
      for (const waiting& each : outs) CPPUNIT_ASSERT(each.is_pending());
      held->unlock();
    }
    for (const waiting& each : outs) CPPUNIT_ASSERT(each.is_granted());
    CPPUNIT_ASSERT(!m.is_locked());
    auto shared = m.try_lock_shared();
    check_error(errc::timed_out, changed.wait_blocking_for(*shared, 1us));
    CPPUNIT_ASSERT(*shared && m.readers() == 1);
  }

  void an_owned_guard_keeps_the_mutex() {
    condition_variable changed;
    auto m = std::make_shared<number>(5);
    const std::weak_ptr<number> observed = m;
    waiting out;
    {
      const call a = start_with(changed, std::move(*pawl::try_lock_owned(std::move(m))), out);
      CPPUNIT_ASSERT(!observed.expired() && out.is_pending());
      CPPUNIT_ASSERT(changed.notify_one() && out.is_granted());
    }
    CPPUNIT_ASSERT(observed.expired());
  }

  void poison_leaves_no_lock() {
    condition_variable changed;
    number m(0);
    waiting told, late;
    const call a = start_with(changed, std::move(*m.try_lock()), told);
    const call b = start_with(changed, std::move(*m.try_lock()), late);
    auto held = m.try_lock();
    changed.notify_one();
    m.poison();
    CPPUNIT_ASSERT(told.failed_with(errc::poisoned));
    held->unlock();
    changed.notify_one();
    CPPUNIT_ASSERT(late.failed_with(errc::poisoned));
    auto repair = m.clear_poison();
    CPPUNIT_ASSERT(**repair == 0);
  }

  void there_must_be_a_lock() {
    condition_variable changed;
    number m(0);
    number::guard none;
    CPPUNIT_ASSERT_THROW((void)changed.wait_blocking(none), std::logic_error);
    CPPUNIT_ASSERT_THROW((void)changed.wait_blocking(none, [] { return true; }), std::logic_error);
    const auto wait = [&]() -> pawl::task<pawl::result<void>> {
      const auto notified = co_await changed.wait(none);
      co_return notified;
    };
    CPPUNIT_ASSERT_THROW((void)pawl::sync_wait(wait()), std::logic_error);
    CPPUNIT_ASSERT(!changed.has_waiters());
  }

  using checked = pawl::ordered_mutex<int>;
  using names = std::vector<std::string_view>;
  static constexpr auto release = pawl::on_unwind::release;

  condition_variable changed_;
  pawl::lock_order order_;
  pawl::lock_kind outer_{order_, "outer"}, inner_{order_, "inner"};
  // (A violation unwinds through the guards that are held.)
  checked a_{outer_, 0, release}, b_{inner_, 0, release};
  pawl::obligation_ledger ledger_;

  names held() const { return order_.held_by(pawl::lock_holder::this_thread()); }

  void who_waits_does_not_hold_it_in_the_order() {
    waiting out;
    const call c = start_with(changed_, *a_.try_lock(), out);
    CPPUNIT_ASSERT(!a_.is_locked() && held().empty());
    auto mine = a_.lock_blocking().value();
    changed_.notify_one();
    mine.unlock();
    CPPUNIT_ASSERT(out.is_granted() && held().empty());
    auto again = a_.lock_blocking().value();
    check_error(errc::timed_out, changed_.wait_blocking_for(again, 1us));
    CPPUNIT_ASSERT((held() == names{"outer"}));
    CPPUNIT_ASSERT_EQUAL(0, (*again)++);
  }

  // Whoever locks `outer` again with `inner` held waits for one who has them in order.
  void an_inner_lock_is_not_held_meanwhile() {
    auto outer = a_.lock_blocking().value();
    auto inner = b_.lock_blocking().value();
    CPPUNIT_ASSERT_THROW((void)changed_.wait_blocking(outer), pawl::lock_order_violation);
    CPPUNIT_ASSERT(outer && a_.is_locked() && (held() == names{"inner", "outer"}));
    check_error(errc::timed_out, changed_.wait_blocking_for(inner, 1us));
    CPPUNIT_ASSERT(inner && (held() == names{"inner", "outer"}));
    inner.unlock();
    check_error(errc::timed_out, changed_.wait_blocking_for(outer, 1us));
    pawl::stop_source stop;
    stop.request_stop();
    inner = b_.lock_blocking().value();
    check_error(errc::cancelled, changed_.wait_blocking(outer, stop.get_token()));
  }

  void a_task_is_checked_too() {
    const auto wait = [&](bool lets_go) -> pawl::task<errc> {
      auto outer = co_await a_.lock();
      auto inner = co_await b_.lock();
      if (lets_go) inner->unlock();
      const auto notified = co_await changed_.wait_for(*outer, 1us, [] { return false; });
      CPPUNIT_ASSERT(*outer && a_.is_locked());
      co_return notified.error().code;
    };
    CPPUNIT_ASSERT(pawl::sync_wait(wait(true)) == errc::timed_out);
    CPPUNIT_ASSERT_THROW((void)pawl::sync_wait(wait(false)), pawl::lock_order_violation);
    CPPUNIT_ASSERT(!a_.is_locked() && !b_.is_locked() && !changed_.has_waiters());
  }

  void a_guard_that_was_handed_over_comes_back_so() {
    auto guard = a_.lock_blocking().value();
    pawl::lock_holder other;
    pawl::thread([&] { other = pawl::lock_holder::this_thread(); }).join();
    guard.hand_over(other);
    check_error(errc::timed_out, changed_.wait_blocking_for(guard, 1us));
    CPPUNIT_ASSERT(held().empty() && (order_.held_by(other) == names{"outer"}));
  }

  void an_upgradable_of_an_order_waits() {
    auto s = std::make_shared<pawl::ordered_shared_mutex<int>>(outer_, 0);
    auto guard = s->lock_upgrade_blocking().value();
    check_error(errc::timed_out, changed_.wait_blocking_for(guard, 1us));
    CPPUNIT_ASSERT(s->readers() == 1 && (held() == names{"outer"}));
    CPPUNIT_ASSERT(guard.try_upgrade().has_value());
  }

  void an_obligation_lasts_through_the_wait() {
    number m(0);
    waiting out;
    {
      const call c = start_with(changed_, pawl::track(ledger_, *m.try_lock(), "stock"), out);
      CPPUNIT_ASSERT(!m.is_locked());
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, std::uint64_t{ledger_.count_pending()});
      changed_.notify_one();
      CPPUNIT_ASSERT(out.is_granted());
    }
    {
      const call c = start_with(changed_, pawl::track(ledger_, *m.try_lock(), "stock"), out);
      CPPUNIT_ASSERT(!ledger_.is_clean());
    }
    CPPUNIT_ASSERT(!m.is_locked() && ledger_.is_clean());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, std::uint64_t{ledger_.stats().committed});
  }

  void what_is_lost_by_poison_is_owed_no_more() {
    number m(0);
    auto guard = pawl::track(ledger_, *m.try_lock(), "stock");
    pawl::thread poisoner([&] {
      while (!changed_.has_waiters()) pawl::this_thread::yield();
      m.poison();
      changed_.notify_one();
    });
    check_error(errc::poisoned, changed_.wait_blocking(guard));
    poisoner.join();
    CPPUNIT_ASSERT(!guard && ledger_.is_clean());
  }

  void an_ordered_one_is_tracked_as_well() {
    auto guard = pawl::track(ledger_, *a_.try_lock(), "stock");
    check_error(errc::timed_out, changed_.wait_blocking_for(guard, 1us));
    CPPUNIT_ASSERT(guard && (held() == names{"outer"}) && !ledger_.is_clean());
    const auto inner = b_.lock_blocking().value();
    CPPUNIT_ASSERT_THROW((void)changed_.wait_blocking(guard), pawl::lock_order_violation);
    guard.give_back();
    CPPUNIT_ASSERT((held() == names{"inner"}) && ledger_.is_clean() && !a_.is_locked());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(condition_variable_guard_test);

}  // namespace
