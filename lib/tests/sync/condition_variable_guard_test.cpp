// With which guards a condition variable can be waited on, and what becomes of them.
#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

namespace {

using pawl::condition_variable;
using pawl::errc;
using namespace std::chrono_literals;
using number = pawl::mutex<int>;

static_assert(pawl::whole_guard<pawl::owned_mutex_guard<int>>);
static_assert(pawl::whole_guard<pawl::upgradable_guard<int>>);
static_assert(!pawl::whole_guard<pawl::mapped_mutex_guard<int>>);
static_assert(!pawl::whole_guard<pawl::permit>);

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
};

CPPUNIT_TEST_SUITE_REGISTRATION(condition_variable_guard_test);

}  // namespace
