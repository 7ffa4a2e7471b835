#include <allocations.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <vector>

namespace {

using pawl::blocking::shared_mutex;
using namespace std::chrono_literals;

static_assert(sizeof(shared_mutex) <= 8);

constinit shared_mutex of_static_storage;

void wait_for_waiter(const shared_mutex& m) {
  while (!m.has_waiters()) pawl::this_thread::yield();
}

void require_free(const shared_mutex& m) {
  CPPUNIT_ASSERT(!m.is_locked() && !m.is_locked_shared() && !m.has_waiters());
}

class blocking_shared_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocking_shared_mutex_test);
  CPPUNIT_TEST(works_with_the_locks_of_std);
  CPPUNIT_TEST(a_writer_excludes_all);
  CPPUNIT_TEST(readers_go_with_readers_and_one_upgrader);
  CPPUNIT_TEST(nobody_passes_who_waits);
  CPPUNIT_TEST(a_recursive_reader_passes_a_writer_that_waits);
  CPPUNIT_TEST(an_upgrade_waits_for_readers_only);
  CPPUNIT_TEST(an_upgrade_that_is_given_up_changes_nothing);
  CPPUNIT_TEST(downgrading_lets_readers_in);
  CPPUNIT_TEST(deadlines_and_stops_end_waits);
  CPPUNIT_TEST(who_waited_behind_a_writer_that_leaves_goes_on);
  CPPUNIT_TEST(unlocking_what_nobody_has_is_refused);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST(counts_right_under_load);
  CPPUNIT_TEST_SUITE_END();

 public:
  void works_with_the_locks_of_std() {
    {
      const std::shared_lock reading(of_static_storage);
      std::shared_lock also(of_static_storage, 1ms);
      CPPUNIT_ASSERT(also.owns_lock());
      const std::unique_lock writing(of_static_storage, 1ms);
      CPPUNIT_ASSERT(!writing.owns_lock());
    }
    const std::lock_guard writing(of_static_storage);
    CPPUNIT_ASSERT(of_static_storage.is_locked() && !of_static_storage.is_locked_shared());
  }

  void a_writer_excludes_all() {
    shared_mutex m;
    m.lock();
    CPPUNIT_ASSERT(!m.try_lock() && !m.try_lock_shared() && !m.try_lock_upgrade());
    CPPUNIT_ASSERT(!m.try_lock_shared_recursive());
    m.unlock();
    require_free(m);
  }

  void readers_go_with_readers_and_one_upgrader() {
    shared_mutex m;
    m.lock_shared();
    m.lock_upgrade();
    CPPUNIT_ASSERT(m.try_lock_shared() && !m.try_lock_upgrade() && !m.try_lock());
    m.unlock_shared();
    m.unlock_shared();
    CPPUNIT_ASSERT(m.is_locked_shared());
    m.unlock_upgrade();
    require_free(m);
  }

  void nobody_passes_who_waits() {
    shared_mutex m;
    std::vector<int> order;
    m.lock_shared();
    pawl::thread writer([&] {
      const std::lock_guard lock(m);
      order.push_back(1);
    });
    wait_for_waiter(m);
    CPPUNIT_ASSERT(!m.try_lock_shared() && !m.try_lock_upgrade() && !m.try_lock());
    CPPUNIT_ASSERT(!m.try_lock_shared_for(1ms));
    m.unlock_shared();
    m.lock();
    order.push_back(2);
    m.unlock();
    writer.join();
    CPPUNIT_ASSERT((order == std::vector{1, 2}));
  }

  void a_recursive_reader_passes_a_writer_that_waits() {
    shared_mutex m;
    m.lock_shared();
    pawl::thread writer([&] { const std::lock_guard lock(m); });
    wait_for_waiter(m);
    CPPUNIT_ASSERT(m.try_lock_shared_recursive());
    m.lock_shared_recursive();
    for (int i = 0; i < 3; ++i) m.unlock_shared();
    writer.join();
    require_free(m);
  }

  void an_upgrade_waits_for_readers_only() {
    shared_mutex m;
    int value = 0;
    m.lock_upgrade();
    m.lock_shared();
    pawl::thread writer([&] {
      const std::lock_guard lock(m);
      value = value * 10 + 2;
    });
    wait_for_waiter(m);
    pawl::thread reader([&] { m.unlock_shared(); });
    m.unlock_upgrade_and_lock();
    CPPUNIT_ASSERT(m.is_locked() && value == 0);
    value = 1;
    m.unlock();
    writer.join();
    reader.join();
    CPPUNIT_ASSERT_EQUAL(12, value);
    require_free(m);
  }

  void an_upgrade_that_is_given_up_changes_nothing() {
    shared_mutex m;
    pawl::stop_source stop;
    m.lock_upgrade();
    m.lock_shared();
    CPPUNIT_ASSERT(!m.try_unlock_upgrade_and_lock());
    CPPUNIT_ASSERT(!m.try_unlock_upgrade_and_lock_for(1ms));
    CPPUNIT_ASSERT(!m.has_waiters() && !m.is_locked() && !m.try_lock_upgrade());
    stop.request_stop();
    CPPUNIT_ASSERT(!m.unlock_upgrade_and_lock(stop.get_token()));
    m.unlock_shared();
    CPPUNIT_ASSERT(m.try_unlock_upgrade_and_lock());
    m.unlock();
    require_free(m);
  }

  void downgrading_lets_readers_in() {
    shared_mutex m;
    m.lock();
    pawl::thread reader([&] { const std::shared_lock lock(m); });
    wait_for_waiter(m);
    m.unlock_and_lock_upgrade();
    reader.join();
    CPPUNIT_ASSERT(m.is_locked_shared() && !m.try_lock_upgrade());
    m.unlock_upgrade_and_lock_shared();
    CPPUNIT_ASSERT(m.try_lock_upgrade());
    m.unlock_upgrade();
    m.unlock_shared();
    m.lock();
    m.unlock_and_lock_shared();
    CPPUNIT_ASSERT(m.try_lock_shared() && !m.try_lock());
    m.unlock_shared();
    m.unlock_shared();
    require_free(m);
  }

  void deadlines_and_stops_end_waits() {
    shared_mutex m;
    m.lock();
    CPPUNIT_ASSERT(!m.try_lock_for(1ms) && !m.try_lock_shared_for(1ms));
    CPPUNIT_ASSERT(!m.try_lock_upgrade_for(1ms) && !m.has_waiters());
    pawl::stop_source stop;
    bool got = true;
    pawl::thread waiting([&] { got = m.lock_shared(stop.get_token()); });
    wait_for_waiter(m);
    stop.request_stop();
    waiting.join();
    CPPUNIT_ASSERT(!got && !m.has_waiters());
    CPPUNIT_ASSERT(!m.lock(stop.get_token()) && !m.lock_upgrade(stop.get_token()));
    m.unlock();
    require_free(m);
  }

  void who_waited_behind_a_writer_that_leaves_goes_on() {
    shared_mutex m;
    pawl::stop_source stop;
    bool wrote = true;
    m.lock_shared();
    pawl::thread writer([&] { wrote = m.lock(stop.get_token()); });
    wait_for_waiter(m);
    pawl::thread reader([&] { const std::shared_lock lock(m); });
    stop.request_stop();
    writer.join();
    reader.join();
    CPPUNIT_ASSERT(!wrote && m.is_locked_shared());
    m.unlock_shared();
    require_free(m);
  }

  void unlocking_what_nobody_has_is_refused() {
    shared_mutex m;
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
    CPPUNIT_ASSERT_THROW(m.unlock_shared(), std::logic_error);
    CPPUNIT_ASSERT_THROW(m.unlock_upgrade(), std::logic_error);
    CPPUNIT_ASSERT_THROW(m.unlock_and_lock_shared(), std::logic_error);
    CPPUNIT_ASSERT_THROW(m.unlock_upgrade_and_lock(), std::logic_error);
    CPPUNIT_ASSERT_THROW((void)m.try_unlock_upgrade_and_lock(), std::logic_error);
    require_free(m);
    m.lock_shared();
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
    m.unlock_shared();
  }

  void waiting_allocates_nothing() {
    shared_mutex m;
    std::uint64_t made = 1;
    m.lock();
    pawl::thread waiting([&] {
      const std::uint64_t before = allocations();
      m.lock_shared();
      m.unlock_shared();
      made = allocations() - before;
    });
    wait_for_waiter(m);
    const std::uint64_t before = allocations();
    m.unlock();
    const std::uint64_t after = allocations();
    waiting.join();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, made);
  }

  void counts_right_under_load() {
    constexpr unsigned threads = 4, rounds = 4'000;
    shared_mutex m;
    std::uint64_t value = 0, expected = 0;
    pawl::atomic<bool> is_torn{false};
    std::vector<pawl::thread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        for (unsigned n = 0; n < rounds; ++n) {
          if ((n + i) % 4 == 0) {
            const std::lock_guard lock(m);
            ++value;
            ++expected;
          } else if ((n + i) % 4 == 1) {
            m.lock_upgrade();
            const std::uint64_t before = value;
            m.unlock_upgrade_and_lock();
            if (value != before) is_torn.store(true);
            ++value;
            ++expected;
            m.unlock_and_lock_shared();
            if (value != before + 1) is_torn.store(true);
            m.unlock_shared();
          } else {
            const std::shared_lock lock(m);
            if (value != expected) is_torn.store(true);
          }
        }
      });
    }
    for (auto& each : all) each.join();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{threads} * rounds / 2, value);
    CPPUNIT_ASSERT(!is_torn.load());
    require_free(m);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocking_shared_mutex_test);

}  // namespace
