#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/recursive_mutex.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

using pawl::blocking::deadlock_checked;
using pawl::blocking::fair_mutex;
using pawl::blocking::recursive_mutex;
using namespace std::chrono_literals;

static_assert(sizeof(recursive_mutex) <= 16);
static_assert(sizeof(fair_mutex) == 1);

constinit recursive_mutex of_static_storage;

// Runs it on another thread. Returns: what it returns.
template <class F>
bool elsewhere(F f) {
  bool result = false;
  pawl::thread([&] { result = f(); }).join();
  return result;
}

class blocking_recursive_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocking_recursive_mutex_test);
  CPPUNIT_TEST(is_free_after_as_many_unlocks_as_locks);
  CPPUNIT_TEST(every_way_to_lock_nests);
  CPPUNIT_TEST(unlocking_what_one_does_not_have_is_refused);
  CPPUNIT_TEST(blocks_other_threads);
  CPPUNIT_TEST(a_fair_mutex_is_not_passed);
  CPPUNIT_TEST(a_checked_mutex_refuses_who_has_it);
  CPPUNIT_TEST(a_checked_mutex_refuses_to_close_a_circle);
  CPPUNIT_TEST_SUITE_END();

 public:
  void is_free_after_as_many_unlocks_as_locks() {
    recursive_mutex& m = of_static_storage;
    const std::lock_guard outer(m);
    {
      const std::lock_guard inner(m);
      CPPUNIT_ASSERT(m.is_locked() && m.is_mine());
    }
    CPPUNIT_ASSERT(m.is_mine());
    CPPUNIT_ASSERT(!elsewhere([&] { return m.try_lock() || m.is_mine(); }));
  }

  void every_way_to_lock_nests() {
    recursive_mutex m;
    pawl::stop_source stop;
    CPPUNIT_ASSERT(m.try_lock() && m.try_lock_for(-1h) && m.lock(stop.get_token()));
    m.lock();
    for (int i = 0; i < 4; ++i) m.unlock();
    CPPUNIT_ASSERT(!m.is_locked() && !m.is_mine());
    stop.request_stop();
    CPPUNIT_ASSERT(!m.lock(stop.get_token()) && !m.is_locked());
  }

  void unlocking_what_one_does_not_have_is_refused() {
    recursive_mutex m;
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
    m.lock();
    CPPUNIT_ASSERT(elsewhere([&] {
      try {
        m.unlock();
      } catch (const std::logic_error&) {
        return true;
      }
      return false;
    }));
    CPPUNIT_ASSERT(m.is_mine());
    m.unlock();
  }

  void blocks_other_threads() {
    recursive_mutex m;
    m.lock();
    m.lock();
    CPPUNIT_ASSERT(!elsewhere([&] { return m.try_lock_for(5ms); }));
    int value = 0;
    pawl::thread waiting([&] {
      const std::lock_guard lock(m);
      value = value * 10 + 2;
    });
    m.unlock();
    value = 1;
    m.unlock();
    waiting.join();
    CPPUNIT_ASSERT_EQUAL(12, value);
  }

  void a_fair_mutex_is_not_passed() {
    fair_mutex m;
    bool is_in = false;
    m.lock();
    pawl::thread waiting([&] {
      const std::lock_guard lock(m);
      is_in = true;
    });
    while (!m.has_waiters()) pawl::this_thread::yield();
    m.unlock();
    m.lock();
    const bool came_first = is_in;
    m.unlock();
    waiting.join();
    CPPUNIT_ASSERT(came_first);
    CPPUNIT_ASSERT(m.try_lock() && !m.try_lock_for(1ms));
    m.unlock();
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
  }

  void a_checked_mutex_refuses_who_has_it() {
    deadlock_checked<> m;
    m.lock();
    CPPUNIT_ASSERT_THROW(m.lock(), std::system_error);
    CPPUNIT_ASSERT(!m.try_lock() && m.is_locked() && !m.has_waiters());
    CPPUNIT_ASSERT(elsewhere([&] {
      try {
        m.unlock();
      } catch (const std::logic_error&) {
        return true;
      }
      return false;
    }));
    m.unlock();
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
  }

  void a_checked_mutex_refuses_to_close_a_circle() {
    deadlock_checked<fair_mutex> here, there;
    pawl::atomic<bool> has_there{false};
    here.lock();
    pawl::thread other([&] {
      const std::lock_guard first(there);
      has_there.store(true);
      const std::lock_guard second(here);
    });
    while (!has_there.load() || !here.has_waiters()) pawl::this_thread::yield();
    std::string why;
    try {
      there.lock();
    } catch (const std::system_error& refused) {
      why = refused.what();
    }
    here.unlock();
    other.join();
    CPPUNIT_ASSERT_MESSAGE(why, why.find("a circle of 2 threads") != std::string::npos);
    CPPUNIT_ASSERT(there.try_lock() && here.try_lock());
    there.unlock();
    here.unlock();
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocking_recursive_mutex_test);

}  // namespace
