#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pawl::errc;
using pawl::lock_holder;
using pawl::lock_order_violation;
using rule = pawl::lock_order_rule;
using names = std::vector<std::string_view>;

struct pair {
  int first = 1, second = 2;
};
using shared = pawl::ordered_shared_mutex<pair>;
using mutex = pawl::ordered_mutex<int>;
using unchecked = pawl::ordered_shared_mutex<int, pawl::lock_checking::off>;
constexpr pawl::shared_mutex_options release{.unwinding = pawl::on_unwind::release};

template <class F>
void require_violation(rule expected, F f) {
  try {
    f();
    CPPUNIT_FAIL("no violation");
  } catch (const lock_order_violation& e) {
    CPPUNIT_ASSERT(e.rule() == expected);
  }
}

class ordered_shared_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ordered_shared_mutex_test);
  CPPUNIT_TEST(each_way_is_checked);
  CPPUNIT_TEST(each_way_is_held);
  CPPUNIT_TEST(who_has_it_in_any_way_does_not_wait_for_it);
  CPPUNIT_TEST(several_readers_are_in_the_books);
  CPPUNIT_TEST(an_upgrade_is_checked_against_what_else_is_held);
  CPPUNIT_TEST(an_upgrade_beside_one_s_own_reading_is_recursion);
  CPPUNIT_TEST(an_upgrade_that_fails_leaves_the_books_as_they_were);
  CPPUNIT_TEST(a_task_upgrades);
  CPPUNIT_TEST(what_is_downgraded_or_mapped_is_held);
  CPPUNIT_TEST(who_can_t_map_has_the_guard);
  CPPUNIT_TEST(what_is_forgotten_is_held_by_nobody);
  CPPUNIT_TEST(tries_are_not_checked);
  CPPUNIT_TEST(a_moved_guard_is_in_the_books_once);
  CPPUNIT_TEST(a_wait_may_end_without_a_lock);
  CPPUNIT_TEST(a_mutex_maps_and_is_unlocked_by_force);
  CPPUNIT_TEST(guards_that_hold_nothing_say_so);
  CPPUNIT_TEST(without_checking_it_is_a_shared_mutex);
  CPPUNIT_TEST_SUITE_END();

  pawl::lock_order order_;
  pawl::lock_kind upper_{order_, "upper"}, lower_{order_, "lower"};
  // (A violation unwinds through the guards that are held.)
  shared s_{upper_, release};
  mutex m_{lower_, 0, pawl::on_unwind::release};

  names held() const { return order_.held_by(lock_holder::this_thread()); }

  void each_way_is_checked() {
    {
      const auto s = s_.lock_blocking().value();
      ++*m_.lock_blocking().value();
    }
    const auto m = m_.lock_blocking().value();
    require_violation(rule::cycle, [&] { static_cast<void>(s_.lock_blocking()); });
    require_violation(rule::cycle, [&] { static_cast<void>(s_.lock_shared_blocking()); });
    require_violation(rule::cycle, [&] { static_cast<void>(s_.lock_shared_blocking_for(1h)); });
    require_violation(rule::cycle, [&] { static_cast<void>(s_.lock_upgrade_blocking()); });
    CPPUNIT_ASSERT(!s_.is_locked() && !s_.has_waiters());
  }

  void each_way_is_held() {
    {
      const auto reading = s_.lock_shared_blocking().value();
      CPPUNIT_ASSERT((held() == names{"upper"} && reading->first == 1));
    }
    {
      const auto upgradable = s_.lock_upgrade_blocking().value();
      CPPUNIT_ASSERT((held() == names{"upper"}));
    }
    const auto writing = s_.lock_blocking().value();
    CPPUNIT_ASSERT((held() == names{"upper"}));
  }

  void who_has_it_in_any_way_does_not_wait_for_it() {
    const auto wait_in_all_ways = [&] {
      require_violation(rule::recursion, [&] { static_cast<void>(s_.lock_blocking()); });
      require_violation(rule::recursion, [&] { static_cast<void>(s_.lock_shared_blocking()); });
      require_violation(rule::recursion, [&] { static_cast<void>(s_.lock_upgrade_blocking()); });
    };
    {
      const auto reading = s_.lock_shared_blocking().value();
      wait_in_all_ways();
    }
    {
      const auto upgradable = s_.lock_upgrade_blocking().value();
      wait_in_all_ways();
    }
    const auto writing = s_.lock_blocking().value();
    wait_in_all_ways();
  }

  void several_readers_are_in_the_books() {
    auto mine = s_.lock_shared_blocking().value();
    std::optional<shared::shared_guard> other;
    pawl::thread([&] {
      other = s_.lock_shared_blocking().value();
      CPPUNIT_ASSERT((held() == names{"upper"}));
    }).join();
    CPPUNIT_ASSERT((held() == names{"upper"}));
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s_.readers());
    mine.unlock();
    CPPUNIT_ASSERT(held().empty());
    other->hand_over(lock_holder::this_thread());
    CPPUNIT_ASSERT((held() == names{"upper"}));
    other.reset();
    CPPUNIT_ASSERT(held().empty() && !s_.is_locked());
  }

  void an_upgrade_is_checked_against_what_else_is_held() {
    auto upgradable = s_.lock_upgrade_blocking().value();
    const auto m = m_.lock_blocking().value();
    require_violation(rule::cycle, [&] { static_cast<void>(upgradable.upgrade_blocking()); });
    CPPUNIT_ASSERT(upgradable && !s_.is_locked_exclusively());
    CPPUNIT_ASSERT((held() == names{"lower", "upper"}));
    CPPUNIT_ASSERT(upgradable.try_upgrade().has_value());
    CPPUNIT_ASSERT((held() == names{"lower"}));
  }

  void an_upgrade_beside_one_s_own_reading_is_recursion() {
    auto upgradable = s_.lock_upgrade_blocking().value();
    const auto reading = s_.try_lock_shared().value();
    require_violation(rule::recursion, [&] { static_cast<void>(upgradable.upgrade_blocking()); });
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, held().size());
  }

  void an_upgrade_that_fails_leaves_the_books_as_they_were() {
    auto upgradable = s_.lock_upgrade_blocking().value();
    std::optional<shared::shared_guard> other;
    pawl::thread([&] { other = s_.lock_shared_blocking().value(); }).join();
    CPPUNIT_ASSERT(upgradable.upgrade_blocking_for(1ns).error().code == errc::timed_out);
    CPPUNIT_ASSERT(upgradable.try_upgrade().error().code == errc::would_block);
    CPPUNIT_ASSERT((held() == names{"upper"}));
    other.reset();
    const auto writing = upgradable.upgrade_blocking();
    CPPUNIT_ASSERT(!upgradable && writing && s_.is_locked_exclusively());
    CPPUNIT_ASSERT((held() == names{"upper"}));
  }

  void a_task_upgrades() {
    const auto change = [](shared& s, mutex& m) -> pawl::task<> {
      {
        auto locked = co_await s.lock_upgrade();
        auto upgraded = co_await locked->upgrade();
        (*upgraded)->first = 7;
        const auto counting = co_await m.lock();
        ++**counting;
      }
      auto locked = co_await s.lock_upgrade_for(1h);
      const auto counting = co_await m.lock_for(1h);
      static_cast<void>(co_await locked->upgrade_for(1h));
    };
    require_violation(rule::cycle, [&] { pawl::sync_wait(change(s_, m_)); });
    CPPUNIT_ASSERT(!s_.is_locked() && !m_.is_locked() && held().empty());
    CPPUNIT_ASSERT_EQUAL(7, s_.unguarded().first);
  }

  void what_is_downgraded_or_mapped_is_held() {
    auto part = s_.lock_blocking().value().map([](pair& p) -> int& { return p.second; });
    *part = 5;
    CPPUNIT_ASSERT((held() == names{"upper"}));
    part.unlock();
    CPPUNIT_ASSERT(held().empty());
    auto upgradable = s_.lock_blocking().value().downgrade_to_upgradable();
    auto reading = std::move(upgradable).downgrade();
    CPPUNIT_ASSERT((held() == names{"upper"} && reading->second == 5));
    reading.unlock();
    const auto seen = s_.lock_blocking().value().downgrade_map(
        [](const pair& p) -> const int& { return p.first; });
    CPPUNIT_ASSERT((held() == names{"upper"} && *seen == 1 && !s_.is_locked_exclusively()));
  }

  void who_can_t_map_has_the_guard() {
    const auto nothing = [](auto&) -> int* { return nullptr; };
    const auto second = [](pair& p) { return &p.second; };
    auto kept = s_.lock_blocking().value().try_map(nothing);
    CPPUNIT_ASSERT((!kept && kept.error() && held() == names{"upper"}));
    auto part = std::move(kept.error()).try_map(second);
    CPPUNIT_ASSERT((part && **part == 2 && held() == names{"upper"}));
    part->unlock();
    const auto none = [](const pair&) -> const int* { return nullptr; };
    auto writing = s_.lock_blocking().value().try_downgrade_map(none);
    CPPUNIT_ASSERT(!writing && writing.error() && s_.is_locked_exclusively());
  }

  void what_is_forgotten_is_held_by_nobody() {
    s_.lock_shared_blocking().value().forget();
    CPPUNIT_ASSERT(held().empty());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s_.readers());
    s_.force_unlock_shared();
    CPPUNIT_ASSERT(!s_.is_locked());
  }

  void tries_are_not_checked() {
    const auto m = m_.lock_blocking().value();
    const auto first = s_.try_lock_shared();
    const auto second = s_.try_lock_upgrade();
    CPPUNIT_ASSERT(first && second && held().size() == 3);
    CPPUNIT_ASSERT(order_.edges().empty() && order_.violations().empty());
  }

  void a_moved_guard_is_in_the_books_once() {
    auto first = s_.lock_shared_blocking().value();
    auto second = std::move(first);
    first = std::move(second);
    CPPUNIT_ASSERT((held() == names{"upper"} && first && !second));
    first = shared::shared_guard();
    CPPUNIT_ASSERT(held().empty() && !s_.is_locked());
  }

  void a_wait_may_end_without_a_lock() {
    std::optional<shared::guard> other;
    pawl::thread([&] { other = s_.lock_blocking().value(); }).join();
    pawl::stop_source stop;
    stop.request_stop();
    CPPUNIT_ASSERT(s_.lock_shared_blocking(stop.get_token()).error().code == errc::cancelled);
    CPPUNIT_ASSERT(s_.lock_shared_blocking_for(1ns).error().code == errc::timed_out);
    CPPUNIT_ASSERT(s_.try_lock().error().code == errc::would_block);
    s_.poison();
    CPPUNIT_ASSERT(s_.lock_upgrade_blocking().error().code == errc::poisoned);
    CPPUNIT_ASSERT(held().empty() && s_.is_poisoned());
    other.reset();
    CPPUNIT_ASSERT((s_.clear_poison().has_value() && !s_.is_poisoned()));
  }

  void a_mutex_maps_and_is_unlocked_by_force() {
    pawl::ordered_mutex<pair> m(lower_);
    {
      auto part = m.lock_blocking().value().map([](pair& p) -> int& { return p.first; });
      CPPUNIT_ASSERT((held() == names{"lower"} && *part == 1));
      require_violation(rule::recursion, [&] { static_cast<void>(m.lock_blocking()); });
      const auto same = std::move(part).map([](int& i) -> int& { return i; });
      CPPUNIT_ASSERT((held() == names{"lower"} && !part));
    }
    m.lock_blocking().value().forget();
    CPPUNIT_ASSERT(held().empty() && m.is_locked());
    m.force_unlock();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void guards_that_hold_nothing_say_so() {
    auto upgradable = s_.lock_upgrade_blocking().value();
    upgradable.unlock();
    CPPUNIT_ASSERT_THROW(upgradable.unlock(), std::logic_error);
    CPPUNIT_ASSERT_THROW(static_cast<void>(upgradable.upgrade()), std::logic_error);
    CPPUNIT_ASSERT_THROW(static_cast<void>(upgradable.upgrade_blocking()), std::logic_error);
    CPPUNIT_ASSERT_THROW(static_cast<void>(upgradable.try_upgrade()), std::logic_error);
    CPPUNIT_ASSERT_THROW(static_cast<void>(std::move(upgradable).downgrade()), std::logic_error);
    CPPUNIT_ASSERT(held().empty());
  }

  void without_checking_it_is_a_shared_mutex() {
    unchecked m(upper_, 7);
    const auto first = m.try_lock_shared(), second = m.try_lock_shared();
    CPPUNIT_ASSERT(**first + **second == 14 && held().empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ordered_shared_mutex_test);

}  // namespace
