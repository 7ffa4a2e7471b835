// Locks with a place in an order, of callers that share them.
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>
#include <pawl/sync/ordered_acquire_owned.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pawl::count_t;
using pawl::lock_checking;
using pawl::lock_holder;
using pawl::lock_order_violation;
using names = std::vector<std::string_view>;
using mutex = pawl::ordered_mutex<int>;
using shared_mutex = pawl::ordered_shared_mutex<int>;
using semaphore = pawl::ordered_semaphore<>;
constexpr auto release = pawl::on_unwind::release;

// What does not compile otherwise: an ordered lock that is not checked has the plain owners.
using off_mutex = pawl::ordered_mutex<int, lock_checking::off>;
using off_shared = pawl::ordered_shared_mutex<int, lock_checking::off>;
using off_semaphore = pawl::ordered_semaphore<lock_checking::off>;
static_assert(std::is_same_v<off_mutex::owned_guard, pawl::owned_mutex_guard<int>>);

// Awaits an operation that is made where it is awaited.
template <class Make>
auto await(Make make) {
  using grant = decltype(make().operator co_await().await_resume());
  return pawl::sync_wait([](Make make) -> pawl::task<grant> {
    auto granted = co_await make();
    co_return std::move(granted);
  }(std::move(make)));
}

template <class Lock>
call start_lock(std::shared_ptr<Lock> m, std::optional<typename Lock::owned_guard>& out) {
  auto locked = co_await pawl::lock_owned(std::move(m));
  if (locked) out.emplace(*std::move(locked));
}

class ordered_owned_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ordered_owned_test);
  CPPUNIT_TEST(every_way_to_lock_gives_an_owner);
  CPPUNIT_TEST(so_it_is_for_readers);
  CPPUNIT_TEST(so_it_is_for_permits);
  CPPUNIT_TEST(all_that_may_wait_are_checked);
  CPPUNIT_TEST(a_task_is_convicted);
  CPPUNIT_TEST(nothing_is_refused);
  CPPUNIT_TEST(the_guard_may_be_the_last_owner);
  CPPUNIT_TEST(so_may_the_call);
  CPPUNIT_TEST(so_may_one_that_is_refused);
  CPPUNIT_TEST(an_owner_changes_what_he_may_do);
  CPPUNIT_TEST(without_checking_they_are_plain);
  CPPUNIT_TEST_SUITE_END();

  pawl::lock_order order_;
  pawl::lock_kind upper_{order_, "upper"}, lower_{order_, "lower"};
  pawl::stop_source stop_;
  const pawl::steady_clock::time_point late_ = pawl::steady_clock::now() + 1h;
  // (A violation unwinds through the guards that are held.)
  std::shared_ptr<mutex> m_ = std::make_shared<mutex>(upper_, 0, release);
  std::shared_ptr<shared_mutex> s_ =
      std::make_shared<shared_mutex>(upper_, 0, pawl::shared_mutex_options{.unwinding = release});
  std::shared_ptr<semaphore> p_ = std::make_shared<semaphore>(upper_, 3, release);

  names held() const { return order_.held_by(lock_holder::this_thread()); }

  // Of what was granted to the calling thread.
  template <class Grant>
  Grant check_held(pawl::result<Grant> granted) {
    CPPUNIT_ASSERT(granted.has_value() && static_cast<bool>(*granted));
    CPPUNIT_ASSERT((held() == names{"upper"}));
    return *std::move(granted);
  }

  void every_way_to_lock_gives_an_owner() {
    const auto check = [&](mutex::owned_guard g) {
      CPPUNIT_ASSERT(m_.use_count() == 2 && m_->is_locked());
      ++*g;
    };
    check(check_held(pawl::lock_owned_blocking(m_)));
    check(check_held(pawl::lock_owned_blocking(m_, stop_.get_token())));
    check(check_held(pawl::lock_owned_blocking_until(m_, late_)));
    check(check_held(pawl::lock_owned_blocking_for(m_, 1h)));
    check(check_held(pawl::try_lock_owned(m_)));
    check(await([&] { return pawl::lock_owned(m_); }).value());
    check(await([&] { return pawl::lock_owned(m_, stop_.get_token()); }).value());
    check(await([&] { return pawl::lock_owned_until(m_, late_); }).value());
    check(await([&] { return pawl::lock_owned_for(m_, 1h); }).value());
    m_->poison();
    check(check_held(pawl::clear_poison_owned(m_)));
    CPPUNIT_ASSERT_EQUAL(1L, m_.use_count());
    CPPUNIT_ASSERT_EQUAL(10, m_->unguarded());
    CPPUNIT_ASSERT(held().empty());
  }

  void so_it_is_for_readers() {
    const auto check = [&](auto g) { CPPUNIT_ASSERT(s_.use_count() == 2 && *g == 0); };
    check(check_held(pawl::lock_shared_owned_blocking(s_)));
    check(check_held(pawl::lock_shared_owned_blocking(s_, stop_.get_token())));
    check(check_held(pawl::lock_shared_owned_blocking_for(s_, 1h)));
    check(check_held(pawl::try_lock_shared_owned(s_)));
    check(await([&] { return pawl::lock_shared_owned(s_); }).value());
    check(await([&] { return pawl::lock_shared_owned(s_, stop_.get_token()); }).value());
    check(await([&] { return pawl::lock_shared_owned_for(s_, 1h); }).value());
    check(check_held(pawl::lock_upgrade_owned_blocking(s_)));
    check(check_held(pawl::lock_upgrade_owned_blocking(s_, stop_.get_token())));
    check(check_held(pawl::lock_upgrade_owned_blocking_for(s_, 1h)));
    check(check_held(pawl::try_lock_upgrade_owned(s_)));
    check(await([&] { return pawl::lock_upgrade_owned(s_); }).value());
    check(await([&] { return pawl::lock_upgrade_owned(s_, stop_.get_token()); }).value());
    check(await([&] { return pawl::lock_upgrade_owned_for(s_, 1h); }).value());
    check(check_held(pawl::lock_owned_blocking(s_)));
    check(await([&] { return pawl::lock_owned(s_); }).value());
    CPPUNIT_ASSERT(!s_->is_locked() && s_.use_count() == 1);
  }

  void so_it_is_for_permits() {
    const auto check = [&](count_t n, pawl::owned_ordered_permit g) {
      CPPUNIT_ASSERT(p_.use_count() == 2);
      CPPUNIT_ASSERT_EQUAL(n, g.count());
      CPPUNIT_ASSERT_EQUAL(3 - n, p_->available_permits());
    };
    check(1, check_held(pawl::acquire_owned_blocking(p_)));
    check(2, check_held(pawl::acquire_owned_blocking(p_, 2, stop_.get_token())));
    check(2, check_held(pawl::acquire_owned_blocking_until(p_, 2, late_)));
    check(2, check_held(pawl::acquire_owned_blocking_for(p_, 2, 1h)));
    check(2, check_held(pawl::try_acquire_owned(p_, 2)));
    check(1, await([&] { return pawl::acquire_owned(p_); }).value());
    check(2, await([&] { return pawl::acquire_owned(p_, 2, stop_.get_token()); }).value());
    check(2, await([&] { return pawl::acquire_owned_until(p_, 2, late_); }).value());
    check(2, await([&] { return pawl::acquire_owned_for(p_, 2, 1h); }).value());
    check(3, check_held(pawl::acquire_owned_up_to_blocking(p_, 9)));
    check(3, check_held(pawl::acquire_owned_up_to_blocking(p_, 9, stop_.get_token())));
    check(3, check_held(pawl::acquire_owned_up_to_blocking_until(p_, 9, late_)));
    check(3, check_held(pawl::acquire_owned_up_to_blocking_for(p_, 9, 1h)));
    check(3, check_held(pawl::try_acquire_owned_up_to(p_, 9)));
    check(3, await([&] { return pawl::acquire_owned_up_to(p_, 9); }).value());
    check(3, await([&] { return pawl::acquire_owned_up_to(p_, 9, stop_.get_token()); }).value());
    check(3, await([&] { return pawl::acquire_owned_up_to_until(p_, 9, late_); }).value());
    check(3, await([&] { return pawl::acquire_owned_up_to_for(p_, 9, 1h); }).value());
    CPPUNIT_ASSERT_EQUAL(1L, p_.use_count());
  }

  void all_that_may_wait_are_checked() {
    const auto mutex_held = m_->try_lock().value();
    CPPUNIT_ASSERT_THROW((void)pawl::lock_owned_blocking(m_), lock_order_violation);
    CPPUNIT_ASSERT_THROW((void)pawl::lock_owned_blocking_for(m_, 1h), lock_order_violation);
    const auto read = s_->try_lock_shared().value();
    CPPUNIT_ASSERT_THROW((void)pawl::lock_shared_owned_blocking(s_), lock_order_violation);
    CPPUNIT_ASSERT_THROW((void)pawl::lock_upgrade_owned_blocking(s_), lock_order_violation);
    CPPUNIT_ASSERT(pawl::try_lock_shared_owned(s_).has_value());
    const auto permits = p_->try_acquire().value();
    CPPUNIT_ASSERT_THROW((void)pawl::acquire_owned_blocking(p_), lock_order_violation);
    CPPUNIT_ASSERT_THROW((void)pawl::acquire_owned_up_to_blocking(p_, 1), lock_order_violation);
    CPPUNIT_ASSERT(pawl::try_acquire_owned(p_).has_value());
    CPPUNIT_ASSERT(m_.use_count() == 1 && s_.use_count() == 1 && p_.use_count() == 1);
    CPPUNIT_ASSERT(!m_->has_waiters() && !s_->has_waiters() && !p_->has_waiters());
  }

  void a_task_is_convicted() {
    const auto again = [](std::shared_ptr<mutex> m) -> pawl::task<> {
      const auto held = co_await pawl::lock_owned(m);
      CPPUNIT_ASSERT(held.has_value());
      const auto second = co_await pawl::lock_owned(m);
      CPPUNIT_FAIL("it waited for itself");
    };
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(again(m_)), lock_order_violation);
    CPPUNIT_ASSERT(!m_->is_locked() && m_.use_count() == 1);
  }

  void nothing_is_refused() {
    const std::shared_ptr<mutex> none;
    CPPUNIT_ASSERT_THROW((void)pawl::lock_owned(none), std::invalid_argument);
    CPPUNIT_ASSERT_THROW((void)pawl::lock_owned_blocking(none), std::invalid_argument);
    CPPUNIT_ASSERT_THROW((void)pawl::try_lock_owned(none), std::invalid_argument);
    const std::shared_ptr<semaphore> nobody;
    CPPUNIT_ASSERT_THROW((void)pawl::acquire_owned(nobody), std::invalid_argument);
    CPPUNIT_ASSERT_THROW((void)pawl::acquire_owned_blocking(nobody), std::invalid_argument);
    CPPUNIT_ASSERT_THROW((void)pawl::try_acquire_owned(nobody), std::invalid_argument);
  }

  void the_guard_may_be_the_last_owner() {
    const std::weak_ptr<mutex> watch = m_;
    auto locked = pawl::lock_owned_blocking(std::move(m_));
    auto part = std::move(*locked).map([](int& i) -> int& { return i; });
    CPPUNIT_ASSERT(!watch.expired());
    part.unlock();
    CPPUNIT_ASSERT(watch.expired() && held().empty());
  }

  void so_may_the_call() {
    const std::weak_ptr<mutex> watch = m_;
    mutex& at = *m_;
    std::move(*at.try_lock()).forget();
    std::optional<mutex::owned_guard> out;
    const call c = start_lock(std::move(m_), out);
    CPPUNIT_ASSERT(!out);
    at.force_unlock();
    CPPUNIT_ASSERT(out && !watch.expired() && (held() == names{"upper"}));
    out.reset();
    CPPUNIT_ASSERT(watch.expired() && held().empty());
  }

  // The lock ends with the call that failed, or was destroyed.
  void so_may_one_that_is_refused() {
    const std::weak_ptr<mutex> watch = m_;
    m_->poison();
    CPPUNIT_ASSERT(!pawl::lock_owned_blocking(std::move(m_)));
    CPPUNIT_ASSERT(watch.expired());
    auto other = std::make_shared<mutex>(upper_);
    const std::weak_ptr<mutex> gone = other;
    other->poison();
    CPPUNIT_ASSERT(!await([&] { return pawl::lock_owned(std::move(other)); }));
    CPPUNIT_ASSERT(gone.expired());
    auto third = std::make_shared<mutex>(upper_);
    const std::weak_ptr<mutex> destroyed = third;
    std::move(*third->try_lock()).forget();
    std::optional<mutex::owned_guard> out;
    {
      const call c = start_lock(std::move(third), out);
      CPPUNIT_ASSERT(!destroyed.expired());
    }
    CPPUNIT_ASSERT(destroyed.expired() && held().empty());
  }

  void an_owner_changes_what_he_may_do() {
    const std::weak_ptr<shared_mutex> watch = s_;
    auto upgradable = pawl::lock_upgrade_owned_blocking(std::move(s_)).value();
    auto writer = upgradable.upgrade_blocking().value();
    *writer = 5;
    auto reader = std::move(writer).downgrade();
    CPPUNIT_ASSERT(*reader == 5 && !watch.expired() && (held() == names{"upper"}));
    reader.unlock();
    CPPUNIT_ASSERT(watch.expired() && held().empty());
  }

  void without_checking_they_are_plain() {
    const auto m = std::make_shared<off_mutex>(upper_, 7);
    CPPUNIT_ASSERT_EQUAL(7, **pawl::lock_owned_blocking(m));
    CPPUNIT_ASSERT_EQUAL(7, **pawl::try_lock_owned(m));
    CPPUNIT_ASSERT_EQUAL(7, **await([&] { return pawl::lock_owned(m); }));
    const auto s = std::make_shared<off_shared>(upper_, 7);
    CPPUNIT_ASSERT_EQUAL(7, **pawl::lock_shared_owned_blocking(s));
    CPPUNIT_ASSERT_EQUAL(7, **await([&] { return pawl::lock_upgrade_owned(s); }));
    CPPUNIT_ASSERT_EQUAL(7, **pawl::lock_owned_blocking(s));
    const auto p = std::make_shared<off_semaphore>(upper_, 2);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, pawl::acquire_owned_blocking(p, 2)->count());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, await([&] { return pawl::acquire_owned(p); })->count());
    CPPUNIT_ASSERT(held().empty() && order_.edges().empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ordered_owned_test);

}  // namespace
