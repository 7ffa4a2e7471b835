// A thread that waits for a lock it holds itself. Built with PAWL_DEBUG.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/shared_mutex.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using pawl::mutex;
using pawl::shared_mutex;

static_assert(sizeof(pawl::mutex_guard<int>) == 16, "nothing grows by the switch");

// Fails unless the calling thread is refused, and the lock is as it was.
template <class Lock>
void check_refused(Lock& lock, const std::string& expected) {
  try {
    const auto again = lock.lock_blocking();
    CPPUNIT_FAIL("it waited for itself");
  } catch (const std::logic_error& e) {
    CPPUNIT_ASSERT_EQUAL(expected, std::string(e.what()));
  }
  CPPUNIT_ASSERT(lock.is_locked() && !lock.has_waiters() && !lock.is_poisoned());
}

void check_refused(mutex<int>& m) {
  check_refused(m, "mutex: the thread would wait for a lock that it holds; let it go first");
}
void check_refused(shared_mutex<int>& m) {
  check_refused(m, "shared_mutex: the thread would wait for a lock that it holds; let it go first");
}

// Locks in the calling thread while a guard that is not its own has the lock, which another thread
// gives back once somebody waits.
template <class Unlock>
void check_waits(mutex<int>& m, Unlock unlock) {
  pawl::thread other([&] {
    while (!m.has_waiters()) pawl::this_thread::yield();
    unlock();
  });
  CPPUNIT_ASSERT_NO_THROW(static_cast<void>(m.lock_blocking().value()));
  other.join();
}

class recursion_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(recursion_test);
  CPPUNIT_TEST(locking_again_is_refused);
  CPPUNIT_TEST(whichever_way_it_was_locked);
  CPPUNIT_TEST(a_moved_guard_has_the_lock);
  CPPUNIT_TEST(a_mapped_guard_has_the_lock);
  CPPUNIT_TEST(an_unlocked_guard_has_nothing);
  CPPUNIT_TEST(what_ends_by_itself_is_no_mistake);
  CPPUNIT_TEST(poison_ends_the_wait);
  CPPUNIT_TEST(another_thread_waits);
  CPPUNIT_TEST(a_guard_on_the_heap_is_nobodys);
  CPPUNIT_TEST(a_guard_may_be_passed_on);
  CPPUNIT_TEST(another_lock_is_another_one);
  CPPUNIT_TEST(a_writer_waits_for_no_guard_of_its_own);
  CPPUNIT_TEST(a_reader_is_not_judged);
  CPPUNIT_TEST(who_reads_too_does_not_upgrade);
  CPPUNIT_TEST(an_upgrade_is_no_recursion);
  CPPUNIT_TEST(many_guards_are_too_many);
  CPPUNIT_TEST_SUITE_END();

  mutex<int> m_{7};

  void locking_again_is_refused() {
    auto held = m_.lock_blocking().value();
    check_refused(m_);
    CPPUNIT_ASSERT_EQUAL(7, *held);
    held.unlock();
    CPPUNIT_ASSERT(m_.lock_blocking().has_value());
    CPPUNIT_ASSERT(!m_.is_locked());
  }

  void whichever_way_it_was_locked() {
    {
      const auto result = m_.lock_blocking();
      check_refused(m_);
    }
    {
      const auto tried = m_.try_lock().value();
      check_refused(m_);
    }
    const auto in_time = m_.lock_blocking_for(std::chrono::hours(1)).value();
    check_refused(m_);
  }

  void a_moved_guard_has_the_lock() {
    auto first = m_.lock_blocking().value();
    auto second = std::move(first);
    check_refused(m_);
    first = std::move(second);
    check_refused(m_);
  }

  void a_mapped_guard_has_the_lock() {
    const auto part = m_.lock_blocking().value().map([](int& i) -> int& { return i; });
    check_refused(m_);
  }

  void an_unlocked_guard_has_nothing() {
    auto held = m_.lock_blocking().value();
    std::move(held).forget();
    check_waits(m_, [this] { m_.force_unlock(); });
  }

  void what_ends_by_itself_is_no_mistake() {
    const auto held = m_.lock_blocking().value();
    const auto late = m_.lock_blocking_for(std::chrono::milliseconds(1));
    CPPUNIT_ASSERT(!late && late.error().code == pawl::errc::timed_out);
    CPPUNIT_ASSERT(m_.try_lock().error().code == pawl::errc::would_block);
  }

  void poison_ends_the_wait() {
    const auto held = m_.lock_blocking().value();
    m_.poison();
    CPPUNIT_ASSERT(m_.lock_blocking().error().code == pawl::errc::poisoned);
  }

  void another_thread_waits() {
    std::optional held(m_.lock_blocking().value());
    pawl::thread other([this] { CPPUNIT_ASSERT(m_.lock_blocking().has_value()); });
    while (!m_.has_waiters()) pawl::this_thread::yield();
    held.reset();
    other.join();
  }

  void a_guard_on_the_heap_is_nobodys() {
    auto held = std::make_unique<pawl::mutex_guard<int>>(m_.lock_blocking().value());
    check_waits(m_, [&] { held.reset(); });
  }

  void a_guard_may_be_passed_on() {
    std::vector<pawl::mutex_guard<int>> passed;
    passed.push_back(m_.lock_blocking().value());
    check_waits(m_, [&] { const auto mine = std::move(passed.back()); });
  }

  void another_lock_is_another_one() {
    const auto held = m_.lock_blocking().value();
    mutex<int> other(1);
    const auto too = other.lock_blocking().value();
    check_refused(m_);
    check_refused(other);
  }

  shared_mutex<int> s_{7};

  void a_writer_waits_for_no_guard_of_its_own() {
    {
      const auto writes = s_.lock_blocking().value();
      check_refused(s_);
      CPPUNIT_ASSERT_THROW(static_cast<void>(s_.lock_shared_blocking()), std::logic_error);
      CPPUNIT_ASSERT_THROW(static_cast<void>(s_.lock_upgrade_blocking()), std::logic_error);
    }
    {
      const auto reads = s_.lock_shared_blocking().value();
      check_refused(s_);
    }
    CPPUNIT_ASSERT(s_.lock_blocking().has_value());
  }

  void a_reader_is_not_judged() {
    const auto reads = s_.lock_shared_blocking().value();
    CPPUNIT_ASSERT(s_.lock_shared_blocking().has_value());
  }

  void who_reads_too_does_not_upgrade() {
    auto upgradable = s_.lock_upgrade_blocking().value();
    CPPUNIT_ASSERT_THROW(static_cast<void>(s_.lock_upgrade_blocking()), std::logic_error);
    {
      const auto reads = s_.lock_shared_blocking().value();
      CPPUNIT_ASSERT_THROW(static_cast<void>(upgradable.upgrade_blocking()), std::logic_error);
      CPPUNIT_ASSERT(upgradable && !s_.has_waiters());
    }
    CPPUNIT_ASSERT(upgradable.upgrade_blocking().has_value());
  }

  void an_upgrade_is_no_recursion() {
    auto reads =
        std::make_unique<pawl::shared_mutex<int>::shared_guard>(s_.lock_shared_blocking().value());
    auto upgradable = s_.lock_upgrade_blocking().value();
    pawl::thread other([&] {
      while (!s_.has_waiters()) pawl::this_thread::yield();
      reads.reset();
    });
    CPPUNIT_ASSERT(upgradable.upgrade_blocking().has_value());
    other.join();
  }

  // Of those that the table has no room for, nothing is known; it is as good as new afterwards.
  void many_guards_are_too_many() {
    std::vector<std::unique_ptr<mutex<int>>> mutexes;
    {
      std::optional<pawl::mutex_guard<int>> held[1100];
      for (auto& each : held) {
        mutexes.push_back(std::make_unique<mutex<int>>(1));
        each = mutexes.back()->lock_blocking().value();
      }
      check_refused(*mutexes.front());
    }
    const auto held = mutexes.back()->lock_blocking().value();
    check_refused(*mutexes.back());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(recursion_test);

}  // namespace
