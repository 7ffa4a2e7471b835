// A thread that waits for a blocking lock it has itself. Built with PAWL_DEBUG.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/once.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <mutex>
#include <stdexcept>

namespace {

using pawl::blocking::condition_variable;
using pawl::blocking::fair_mutex;
using pawl::blocking::mutex;
using pawl::blocking::shared_mutex;

static_assert(sizeof(mutex) == 1 && sizeof(shared_mutex) == 8, "nothing grows by the switch");

// Fails unless the calling thread is refused, and the lock is as it was.
template <class Lock>
void check_refused(Lock& lock) {
  CPPUNIT_ASSERT_THROW(lock.lock(), std::logic_error);
  CPPUNIT_ASSERT(lock.is_locked() && !lock.has_waiters());
}

// Fails unless the lock is free, and can be had again.
template <class Lock>
void check_free(Lock& lock) {
  CPPUNIT_ASSERT(!lock.is_locked() && !lock.has_waiters());
  const std::lock_guard again(lock);
  check_refused(lock);
}

class own_lock_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(own_lock_test);
  CPPUNIT_TEST(locking_again_is_refused);
  CPPUNIT_TEST(whichever_way_it_was_locked);
  CPPUNIT_TEST(what_ends_by_itself_is_no_mistake);
  CPPUNIT_TEST(another_thread_waits);
  CPPUNIT_TEST(another_thread_may_unlock);
  CPPUNIT_TEST(what_an_ended_thread_left_locked_is_not_the_next_ones);
  CPPUNIT_TEST(who_is_notified_has_it_again);
  CPPUNIT_TEST(a_writer_waits_for_no_lock_of_its_own);
  CPPUNIT_TEST(a_downgraded_writer_reads);
  CPPUNIT_TEST(an_upgraded_reader_writes);
  CPPUNIT_TEST(a_reader_waits_for_no_lock_of_its_own);
  CPPUNIT_TEST(one_upgradable_reader_is_enough);
  CPPUNIT_TEST(who_reads_too_does_not_upgrade);
  CPPUNIT_TEST(another_thread_may_unlock_for_a_reader);
  CPPUNIT_TEST(what_is_done_once_does_not_wait_for_itself);
  CPPUNIT_TEST(many_locks_are_too_many);
  CPPUNIT_TEST_SUITE_END();

  mutex m_;
  shared_mutex s_;

  void locking_again_is_refused() {
    m_.lock();
    check_refused(m_);
    m_.unlock();
    check_free(m_);
    fair_mutex fair;
    fair.lock();
    check_refused(fair);
    fair.unlock();
    check_free(fair);
  }

  void whichever_way_it_was_locked() {
    CPPUNIT_ASSERT(m_.try_lock());
    check_refused(m_);
    m_.unlock_fair();
    CPPUNIT_ASSERT(m_.try_lock_for(std::chrono::hours(1)));
    check_refused(m_);
    m_.unlock();
    pawl::stop_source stop;
    CPPUNIT_ASSERT(m_.lock(stop.get_token()));
    check_refused(m_);
    m_.unlock();
    check_free(m_);
  }

  void what_ends_by_itself_is_no_mistake() {
    const std::lock_guard held(m_);
    CPPUNIT_ASSERT(!m_.try_lock());
    CPPUNIT_ASSERT(!m_.try_lock_for(std::chrono::milliseconds(1)));
    const std::lock_guard writes(s_);
    CPPUNIT_ASSERT(!s_.try_lock_shared_for(std::chrono::milliseconds(1)));
  }

  void another_thread_waits() {
    m_.lock();
    pawl::thread other([this] {
      m_.lock();
      check_refused(m_);
      m_.unlock();
    });
    while (!m_.has_waiters()) pawl::this_thread::yield();
    m_.unlock_fair();
    other.join();
    check_free(m_);
  }

  void another_thread_may_unlock() {
    m_.lock();
    pawl::thread other([this] { m_.unlock(); });
    other.join();
    check_free(m_);
  }

  void what_an_ended_thread_left_locked_is_not_the_next_ones() {
    pawl::thread first([this] { m_.lock(); });
    first.join();
    bool is_refused = false;
    pawl::thread next([&] {
      try {
        const std::lock_guard held(m_);
      } catch (const std::logic_error&) {
        is_refused = true;
      }
    });
    const auto patience = pawl::steady_clock::now() + std::chrono::milliseconds(100);
    while (!m_.has_waiters() && pawl::steady_clock::now() < patience) pawl::this_thread::yield();
    m_.unlock();
    next.join();
    CPPUNIT_ASSERT(!is_refused);
    check_free(m_);
  }

  void who_is_notified_has_it_again() {
    condition_variable changed;
    bool is_changed = false;
    pawl::thread other([&] {
      std::unique_lock lock(m_);
      changed.wait(lock, [&] { return is_changed; });
      check_refused(m_);
    });
    {
      const std::lock_guard held(m_);
      is_changed = true;
      check_refused(m_);
    }
    while (changed.notify_one()) {}
    other.join();
    check_free(m_);
  }

  void a_writer_waits_for_no_lock_of_its_own() {
    s_.lock();
    check_refused(s_);
    CPPUNIT_ASSERT_THROW(s_.lock_shared(), std::logic_error);
    CPPUNIT_ASSERT_THROW(s_.lock_shared_recursive(), std::logic_error);
    CPPUNIT_ASSERT_THROW(s_.lock_upgrade(), std::logic_error);
    check_refused(s_);
    s_.unlock();
    check_free(s_);
  }

  void a_downgraded_writer_reads() {
    s_.lock();
    s_.unlock_and_lock_shared();
    CPPUNIT_ASSERT_NO_THROW(s_.lock_shared());
    s_.unlock_shared();
    s_.unlock_shared();
    check_free(s_);
  }

  void an_upgraded_reader_writes() {
    s_.lock_upgrade();
    s_.unlock_upgrade_and_lock();
    check_refused(s_);
    s_.unlock_and_lock_upgrade();
    CPPUNIT_ASSERT(s_.try_unlock_upgrade_and_lock());
    check_refused(s_);
    s_.unlock();
    check_free(s_);
  }

  void a_reader_waits_for_no_lock_of_its_own() {
    s_.lock_shared();
    CPPUNIT_ASSERT_THROW(s_.lock(), std::logic_error);
    CPPUNIT_ASSERT(!s_.is_locked() && !s_.has_waiters());
    CPPUNIT_ASSERT(s_.try_lock_shared());
    s_.unlock_shared();
    CPPUNIT_ASSERT_THROW(s_.lock(), std::logic_error);
    CPPUNIT_ASSERT_NO_THROW(s_.lock_upgrade());
    s_.unlock_shared();
    s_.unlock_upgrade();
    s_.lock_shared_recursive();
    CPPUNIT_ASSERT_THROW(s_.lock(), std::logic_error);
    s_.unlock_shared();
    check_free(s_);
  }

  void one_upgradable_reader_is_enough() {
    s_.lock_upgrade();
    CPPUNIT_ASSERT_THROW(s_.lock_upgrade(), std::logic_error);
    CPPUNIT_ASSERT_THROW(s_.lock(), std::logic_error);
    CPPUNIT_ASSERT_NO_THROW(s_.lock_shared());
    s_.unlock_shared();
    s_.unlock_upgrade_and_lock_shared();
    CPPUNIT_ASSERT_NO_THROW(s_.lock_upgrade());
    s_.unlock_shared();
    s_.unlock_upgrade();
    check_free(s_);
  }

  void who_reads_too_does_not_upgrade() {
    s_.lock_upgrade();
    s_.lock_shared();
    CPPUNIT_ASSERT_THROW(s_.unlock_upgrade_and_lock(), std::logic_error);
    CPPUNIT_ASSERT(!s_.try_unlock_upgrade_and_lock());
    s_.unlock_shared();
    s_.unlock_upgrade_and_lock();
    check_refused(s_);
    s_.unlock();
    check_free(s_);
  }

  // Whose share that was, nobody knows.
  void another_thread_may_unlock_for_a_reader() {
    s_.lock_shared();
    s_.lock_upgrade();
    pawl::thread other([this] {
      while (!s_.has_waiters()) pawl::this_thread::yield();
      s_.unlock_shared();
    });
    CPPUNIT_ASSERT_THROW(s_.unlock_upgrade_and_lock(), std::logic_error);
    CPPUNIT_ASSERT(s_.try_unlock_upgrade_and_lock_for(std::chrono::hours(1)));
    other.join();
    s_.unlock();
    pawl::thread([this] { s_.lock_shared(); }).join();
    s_.unlock_shared();
    check_free(s_);
  }

  void what_is_done_once_does_not_wait_for_itself() {
    pawl::blocking::once once;
    unsigned refused = 0;
    const auto again = [&] {
      try {
        once.wait();
      } catch (const std::logic_error&) {
        ++refused;
      }
      CPPUNIT_ASSERT(!once.wait_for(std::chrono::milliseconds(1)));
      once.call([] { CPPUNIT_FAIL("it ran inside itself"); });
    };
    CPPUNIT_ASSERT_THROW(once.call(again), std::logic_error);
    CPPUNIT_ASSERT(refused == 1 && !once.is_done());
    CPPUNIT_ASSERT(once.call([] {}));
    CPPUNIT_ASSERT_NO_THROW(once.wait());
    CPPUNIT_ASSERT(!once.call(again));
  }

  // Of those that the table has no room for, nothing is known; it is as good as new afterwards.
  void many_locks_are_too_many() {
    std::deque<mutex> many(300);
    for (mutex& each : many) each.lock();
    check_refused(many.front());
    for (mutex& each : many) each.unlock();
    check_free(many.back());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(own_lock_test);

}  // namespace
