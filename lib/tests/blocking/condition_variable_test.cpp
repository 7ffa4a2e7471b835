#include <allocations.hpp>
#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/mutex.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace {

using pawl::blocking::condition_variable;
using pawl::blocking::fair_mutex;
using pawl::blocking::mutex;
using namespace std::chrono_literals;

static_assert(sizeof(condition_variable) == sizeof(void*));

constinit condition_variable of_static_storage;

class blocking_condition_variable_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocking_condition_variable_test);
  CPPUNIT_TEST(notifies_nobody_if_nobody_waits);
  CPPUNIT_TEST(a_notification_ends_the_wait_that_began_first);
  CPPUNIT_TEST(a_notification_to_all_ends_all_waits);
  CPPUNIT_TEST(works_with_a_fair_mutex);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_that_came_before_prevails);
  CPPUNIT_TEST(a_condition_that_holds_needs_no_wait);
  CPPUNIT_TEST(a_condition_is_looked_at_last);
  CPPUNIT_TEST(an_exception_of_the_condition_leaves_the_lock);
  CPPUNIT_TEST(waiting_without_the_lock_is_refused);
  CPPUNIT_TEST(waiting_with_another_mutex_is_refused);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST(passes_on_a_queue_of_items);
  CPPUNIT_TEST_SUITE_END();

 public:
  void notifies_nobody_if_nobody_waits() {
    CPPUNIT_ASSERT(!of_static_storage.notify_one());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, of_static_storage.notify_all());
  }

  void a_notification_ends_the_wait_that_began_first() {
    queue q;
    pawl::thread first = q.waiter(1);
    pawl::thread second = q.waiter(2);
    CPPUNIT_ASSERT(q.changed.notify_one());
    first.join();
    CPPUNIT_ASSERT(q.changed.has_waiters());
    CPPUNIT_ASSERT(q.changed.notify_one());
    second.join();
    CPPUNIT_ASSERT(!q.changed.has_waiters() && !q.changed.notify_one());
    CPPUNIT_ASSERT((q.order == std::vector{1, 2}));
  }

  void a_notification_to_all_ends_all_waits() {
    queue q;
    std::vector<pawl::thread> all;
    for (int i = 0; i < 4; ++i) all.push_back(q.waiter(i));
    q.m.lock();
    const std::size_t notified = q.changed.notify_all();
    CPPUNIT_ASSERT_MESSAGE("they wait for the mutex now", q.m.has_waiters());
    q.m.unlock();
    for (pawl::thread& each : all) each.join();
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, notified);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, q.order.size());
    CPPUNIT_ASSERT(!q.m.is_locked() && !q.m.has_waiters());
  }

  void works_with_a_fair_mutex() {
    fair_mutex m;
    condition_variable changed;
    bool is_set = false;
    pawl::thread waiting([&] {
      std::unique_lock lock(m);
      changed.wait(lock, [&] { return is_set; });
    });
    {
      const std::lock_guard lock(m);
      is_set = true;
    }
    changed.notify_all();
    waiting.join();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void a_deadline_ends_the_wait() {
    mutex m;
    std::unique_lock lock(m);
    const auto start = pawl::steady_clock::now();
    CPPUNIT_ASSERT(!of_static_storage.wait_for(lock, 5ms));
    CPPUNIT_ASSERT(pawl::steady_clock::now() - start >= 5ms);
    CPPUNIT_ASSERT(lock.owns_lock() && m.is_locked() && !of_static_storage.has_waiters());
    CPPUNIT_ASSERT(!of_static_storage.wait_until(lock, start));
    CPPUNIT_ASSERT(!of_static_storage.wait_for(lock, -1h));
  }

  void a_stop_ends_the_wait() {
    mutex m;
    condition_variable changed;
    pawl::stop_source stop;
    bool notified = true;
    pawl::thread waiting([&] {
      std::unique_lock lock(m);
      notified = changed.wait_for(lock, stop.get_token(), 1h);
    });
    while (!changed.has_waiters()) pawl::this_thread::yield();
    stop.request_stop();
    waiting.join();
    CPPUNIT_ASSERT(!notified && !changed.has_waiters() && !m.is_locked());
  }

  void a_stop_that_came_before_prevails() {
    mutex m;
    pawl::stop_source stop;
    stop.request_stop();
    std::unique_lock lock(m);
    CPPUNIT_ASSERT(!of_static_storage.wait(lock, stop.get_token()));
    CPPUNIT_ASSERT(of_static_storage.wait(lock, stop.get_token(), [] { return true; }));
    CPPUNIT_ASSERT(!of_static_storage.wait(lock, stop.get_token(), [] { return false; }));
    CPPUNIT_ASSERT(m.is_locked());
  }

  void a_condition_that_holds_needs_no_wait() {
    mutex m;
    std::unique_lock lock(m);
    of_static_storage.wait(lock, [] { return true; });
    CPPUNIT_ASSERT(of_static_storage.wait_for(lock, -1h, [] { return true; }));
  }

  void a_condition_is_looked_at_last() {
    mutex m;
    std::unique_lock lock(m);
    int looks = 0;
    CPPUNIT_ASSERT(of_static_storage.wait_for(lock, 1ms, [&] { return ++looks == 2; }));
    CPPUNIT_ASSERT(!of_static_storage.wait_for(lock, 1ms, [] { return false; }));
  }

  void an_exception_of_the_condition_leaves_the_lock() {
    mutex m;
    std::unique_lock lock(m);
    const auto fail = []() -> bool { throw std::runtime_error("thrown by a condition"); };
    CPPUNIT_ASSERT_THROW(of_static_storage.wait(lock, fail), std::runtime_error);
    CPPUNIT_ASSERT(lock.owns_lock() && m.is_locked());
  }

  void waiting_without_the_lock_is_refused() {
    mutex m;
    std::unique_lock lock(m, std::defer_lock);
    CPPUNIT_ASSERT_THROW(of_static_storage.wait(lock), std::logic_error);
    CPPUNIT_ASSERT(!m.is_locked() && !of_static_storage.has_waiters());
  }

  void waiting_with_another_mutex_is_refused() {
    queue q;
    pawl::thread waiting = q.waiter(1);
    mutex other;
    std::unique_lock lock(other);
    CPPUNIT_ASSERT_THROW(q.changed.wait(lock), std::logic_error);
    CPPUNIT_ASSERT(lock.owns_lock() && q.changed.has_waiters());
    q.changed.notify_one();
    waiting.join();
    CPPUNIT_ASSERT_MESSAGE("nobody waits any more", !q.changed.wait_for(lock, 1ms));
  }

  void waiting_allocates_nothing() {
    mutex m;
    condition_variable changed;
    std::uint64_t made = 1;
    pawl::thread waiting([&] {
      std::unique_lock lock(m);
      const std::uint64_t before = allocations();
      changed.wait(lock);
      made = allocations() - before;
    });
    while (!changed.has_waiters()) pawl::this_thread::yield();
    const std::uint64_t before = allocations();
    m.lock();
    changed.notify_all();
    m.unlock();
    const std::uint64_t after = allocations();
    waiting.join();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, made);
  }

  void passes_on_a_queue_of_items() {
    constexpr int producers = 2, consumers = 2, items = 5'000;
    mutex m;
    condition_variable filled, emptied;
    std::deque<int> waiting;
    long sum = 0;
    std::vector<pawl::thread> all;
    for (int p = 0; p < producers; ++p) {
      all.emplace_back([&] {
        for (int i = 1; i <= items; ++i) {
          std::unique_lock lock(m);
          emptied.wait(lock, [&] { return waiting.size() < 3; });
          waiting.push_back(i);
          filled.notify_one();
        }
      });
    }
    for (int c = 0; c < consumers; ++c) {
      all.emplace_back([&] {
        for (int i = 0; i < items * producers / consumers; ++i) {
          std::unique_lock lock(m);
          filled.wait(lock, [&] { return !waiting.empty(); });
          sum += waiting.front();
          waiting.pop_front();
          lock.unlock();
          emptied.notify_one();
        }
      });
    }
    for (pawl::thread& each : all) each.join();
    CPPUNIT_ASSERT_EQUAL(long{producers} * items * (items + 1) / 2, sum);
  }

 private:
  struct queue {
    mutex m;
    condition_variable changed;
    std::vector<int> order;
    int waiting = 0;

    // Returns: a thread that waits for a notification, as the last one, and then notes its name.
    pawl::thread waiter(int name) {
      const int before = waiting;
      pawl::thread thread([this, name] {
        std::unique_lock lock(m);
        ++waiting;
        changed.wait(lock);
        order.push_back(name);
      });
      for (int now = before; now == before; pawl::this_thread::yield()) {
        const std::lock_guard lock(m);
        now = waiting;
      }
      return thread;
    }
  };
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocking_condition_variable_test);

}  // namespace
