// A call that would block a thread that runs tasks. Built with PAWL_DEBUG.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/thread_pool.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;
using pawl::mutex;
using pawl::semaphore;
using pawl::shared_mutex;
using pawl::task;

// Returns: what f() throws.
template <class F>
std::string told_by(F f) {
  try {
    f();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "nothing";
}

// Runs f in a task.
template <class F>
task<> as_task(F f) {
  f();
  co_return;
}

class blocked_tasks_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocked_tasks_test);
  CPPUNIT_TEST(a_lock_is_refused);
  CPPUNIT_TEST(so_is_each_way_to_share_one);
  CPPUNIT_TEST(so_are_permits);
  CPPUNIT_TEST(so_it_is_on_a_pool);
  CPPUNIT_TEST(what_need_not_wait_is_not_refused);
  CPPUNIT_TEST(what_has_an_end_is_not_refused);
  CPPUNIT_TEST(a_token_that_never_stops_will_do);
  CPPUNIT_TEST(what_failed_tells_why);
  CPPUNIT_TEST(a_thread_without_tasks_waits);
  CPPUNIT_TEST_SUITE_END();

  mutex<int> m_{7};
  shared_mutex<int> s_{7};
  semaphore p_{3};

  // Fails unless the call is refused in a task, and says whose it was.
  template <class F>
  static void check_refused(const std::string& name, F f) {
    std::string told;
    pawl::sync_wait(as_task([&] { told = told_by(f); }));
    CPPUNIT_ASSERT_EQUAL(name +
                             ": the call would block a thread that runs tasks; co_await it, or "
                             "give it a stop_token or a deadline",
                         told);
  }

  // Held by nobody who could be taken for the caller.
  void hold() { std::move(*m_.try_lock()).forget(); }

  void a_lock_is_refused() {
    hold();
    check_refused("mutex", [&] { (void)m_.lock_blocking(); });
    CPPUNIT_ASSERT(m_.is_locked() && !m_.has_waiters() && !m_.is_poisoned());
    m_.force_unlock();
    CPPUNIT_ASSERT_EQUAL(7, **m_.lock_blocking());
  }

  void so_is_each_way_to_share_one() {
    std::move(*s_.try_lock_upgrade()).forget();
    check_refused("shared_mutex", [&] { (void)s_.lock_blocking(); });
    check_refused("shared_mutex", [&] { (void)s_.lock_upgrade_blocking(); });
    s_.force_unlock_upgrade();
    std::move(*s_.try_lock()).forget();
    check_refused("shared_mutex", [&] { (void)s_.lock_shared_blocking(); });
    s_.force_unlock();
    std::move(*s_.try_lock_shared()).forget();
    auto upgradable = *s_.try_lock_upgrade();
    check_refused("shared_mutex", [&] { (void)upgradable.upgrade_blocking(); });
    CPPUNIT_ASSERT(upgradable && s_.readers() == 2 && !s_.has_waiters());
    s_.force_unlock_shared();
    CPPUNIT_ASSERT(upgradable.upgrade_blocking().has_value());
  }

  void so_are_permits() {
    check_refused("semaphore", [&] { (void)p_.acquire_blocking(4); });
    std::move(*p_.try_acquire(3)).forget();
    check_refused("semaphore", [&] { (void)p_.acquire_up_to_blocking(1); });
    CPPUNIT_ASSERT(!p_.has_waiters() && !p_.is_poisoned());
    p_.release(3);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, p_.acquire_blocking(3)->count());
  }

  void so_it_is_on_a_pool() {
    hold();
    pawl::thread_pool pool(1);
    std::string told;
    auto task =
        pawl::spawn(pool, as_task([&] { told = told_by([&] { (void)m_.lock_blocking(); }); }));
    CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
    CPPUNIT_ASSERT(told.starts_with("mutex: the call would block"));
  }

  void what_need_not_wait_is_not_refused() {
    pawl::sync_wait(as_task([&] {
      CPPUNIT_ASSERT_EQUAL(7, **m_.lock_blocking());
      CPPUNIT_ASSERT_EQUAL(7, **s_.lock_shared_blocking());
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, p_.acquire_up_to_blocking(5)->count());
    }));
  }

  void what_has_an_end_is_not_refused() {
    hold();
    pawl::stop_source stop;
    stop.request_stop();
    pawl::sync_wait(as_task([&] {
      CPPUNIT_ASSERT(m_.lock_blocking_for(1us).error().code == pawl::errc::timed_out);
      CPPUNIT_ASSERT(m_.lock_blocking(stop.get_token()).error().code == pawl::errc::cancelled);
      CPPUNIT_ASSERT(p_.acquire_blocking_for(4, 1us).error().code == pawl::errc::timed_out);
    }));
  }

  // Who knows that the holder does not need the thread says so by a token.
  void a_token_that_never_stops_will_do() {
    hold();
    pawl::thread other([&] {
      while (!m_.has_waiters()) pawl::this_thread::yield();
      m_.force_unlock();
    });
    pawl::sync_wait(
        as_task([&] { CPPUNIT_ASSERT_EQUAL(7, **m_.lock_blocking(pawl::stop_token())); }));
    other.join();
  }

  void what_failed_tells_why() {
    m_.poison();
    p_.close();
    pawl::sync_wait(as_task([&] {
      CPPUNIT_ASSERT(m_.lock_blocking().error().code == pawl::errc::poisoned);
      CPPUNIT_ASSERT(p_.acquire_blocking(4).error().code == pawl::errc::closed);
    }));
  }

  // Neither one that has run tasks, nor one on which a coroutine is resumed inline.
  void a_thread_without_tasks_waits() {
    pawl::sync_wait(as_task([] {}));
    hold();
    pawl::thread other([&] {
      while (!m_.has_waiters()) pawl::this_thread::yield();
      m_.force_unlock();
    });
    CPPUNIT_ASSERT_EQUAL(7, **m_.lock_blocking());
    other.join();
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocked_tasks_test);

}  // namespace
