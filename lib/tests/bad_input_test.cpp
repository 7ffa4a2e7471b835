// What the errors of docs/bad_input.md say: what was wrong, and what to do instead.
#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>
#include <pawl/sync/barrier.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/pool_config.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/wait_group.hpp>
#include <pawl/task/thread_pool.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;

// Fails unless f() throws an error of that text.
template <class F>
void check_says(const std::string& expected, F f) {
  try {
    f();
  } catch (const std::exception& e) {
    CPPUNIT_ASSERT_EQUAL(expected, std::string(e.what()));
    return;
  }
  CPPUNIT_FAIL("accepted: " + expected);
}

class bad_input_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(bad_input_test);
  CPPUNIT_TEST(numbers_are_named_beside_their_limits);
  CPPUNIT_TEST(what_is_not_held_is_not_given_back);
  CPPUNIT_TEST(what_is_resolved_is_named);
  CPPUNIT_TEST(what_is_missing_is_said);
  CPPUNIT_TEST(waits_that_make_no_sense_say_what_does);
  CPPUNIT_TEST_SUITE_END();

  void numbers_are_named_beside_their_limits() {
    check_says("barrier: 0 parties, at least 1 is needed", [] { pawl::barrier b(0); });
    check_says("thread_pool: 0 threads asked for, at least 1 is needed",
               [] { pawl::thread_pool p(0); });
    check_says("wait_group::done(1) where 0 are left", [] { pawl::wait_group(0).done(); });
    check_says("pool_config::max_size is 0, at least 1 is needed",
               [] { pawl::detail::require_valid({.max_size = 0}, false); });
    check_says(
        "pool_config::idle_timeout is -5000000 ns, but must be above 0; for no limit, say "
        "unlimited",
        [] { pawl::detail::require_valid({.idle_timeout = -5ms}, false); });
    pawl::barrier b(1);
    (void)b.arrive_and_drop();
    check_says("barrier::arrive_and_drop() where 0 parties are left; each party drops out once",
               [&] { (void)b.arrive_and_drop(); });
    pawl::lock_order order;
    std::deque<pawl::lock_kind> kinds;
    while (kinds.size() != pawl::lock_order::most_kinds) kinds.emplace_back(order, "kind");
    check_says("lock_kind: \"last\" is one too many, an order has at most 64; use another order",
               [&] { kinds.emplace_back(order, "last"); });
  }

  void what_is_not_held_is_not_given_back() {
    check_says("unlock() of a lock that nobody has; each lock() takes one unlock()",
               [] { pawl::blocking::mutex().unlock(); });
    check_says("shared_mutex: unlock of what nobody has; each lock takes one unlock of its kind",
               [] { pawl::blocking::shared_mutex().unlock_shared(); });
    check_says(
        "recursive_mutex: unlock() by a thread that does not have it; who locked it unlocks "
        "it",
        [] { pawl::blocking::recursive_mutex().unlock(); });
    check_says(
        "deadlock_checked: unlock() by a thread that does not have it; who locked it "
        "unlocks it",
        [] { pawl::blocking::deadlock_checked<>().unlock(); });
    check_says(
        "mutex: force_unlock() while it is not locked; call it once for each forgotten "
        "guard",
        [] { pawl::mutex<>().force_unlock(); });
    check_says(
        "shared_mutex: force_unlock_shared() while it is not so locked; call it once for "
        "each forgotten guard",
        [] { pawl::shared_mutex<>().force_unlock_shared(); });
    check_says("unlock() of a guard that holds no lock; lock again first",
               [] { pawl::mutex<>::guard().unlock(); });
  }

  void what_is_resolved_is_named() {
    pawl::obligation_ledger ledger;
    check_says(
        "obligation_ledger::commit: obligation 7 is not pending here; if it may be resolved, "
        "use try_commit()",
        [&] { ledger.commit(7); });
    check_says(
        "obligation_ledger::abort: obligation 7 is not pending here; if it may be resolved, "
        "use try_abort()",
        [&] { ledger.abort(7); });
    check_says(
        "obligation::commit: it is resolved, or there is none; if it may be, use "
        "try_commit()",
        [] { pawl::obligation().commit(); });
    pawl::obligation_region region(ledger, "closed");
    CPPUNIT_ASSERT(region.close());
    check_says("obligation_region::reserve: the region is closed; if it may be, use try_reserve()",
               [&] { (void)region.reserve(pawl::obligation_kind::lease); });
  }

  void what_is_missing_is_said() {
    check_says("lock_owned: a null pointer, but there must be a mutex",
               [] { (void)pawl::lock_owned(std::shared_ptr<pawl::mutex<int>>()); });
    check_says("lock_shared_owned: a null pointer, but there must be a shared_mutex",
               [] { (void)pawl::lock_shared_owned(std::shared_ptr<pawl::shared_mutex<int>>()); });
    pawl::semaphore s(1), t(1);
    pawl::permit of_s = s.try_acquire().value(), of_t = t.try_acquire().value();
    check_says("permit::merge: the permits are of different semaphores; release each by itself",
               [&] { of_s.merge(std::move(of_t)); });
    check_says(
        "pool_config demands health checks, but the pool was given none; give it one, or "
        "leave health_check_on_acquire false and health_check_interval unlimited",
        [] { pawl::detail::require_valid({.health_check_on_acquire = true}, false); });
  }

  void waits_that_make_no_sense_say_what_does() {
    pawl::blocking::deadlock_checked<> m;
    const std::lock_guard held(m);
    try {
      m.lock();
      CPPUNIT_FAIL("locked twice");
    } catch (const std::system_error& e) {  // which adds what the code means
      const std::string text =
          "deadlock_checked: lock() would close a circle of 1 thread; unlock it first";
      CPPUNIT_ASSERT_EQUAL(text, std::string(e.what()).substr(0, text.size()));
    }
    pawl::blocking::mutex free;
    pawl::blocking::condition_variable changed;
    std::unique_lock lock(free, std::defer_lock);
    check_says("condition_variable: wait() without the lock; lock the mutex first",
               [&] { changed.wait(lock); });
    pawl::mutex<int> locked;
    const auto guard = locked.lock_blocking();
    check_says("mutex: unguarded() while it is locked; unlock it first",
               [&] { (void)locked.unguarded(); });
    pawl::blocking::shared_mutex s;
    check_says("shared_mutex: upgrade where nobody has the right to it; lock_upgrade() first",
               [&] { s.unlock_upgrade_and_lock(); });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(bad_input_test);

}  // namespace
