#include <allocations.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/parking_table.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace {

using pawl::blocking::mutex;
using namespace std::chrono_literals;

static_assert(sizeof(mutex) == 1);
static_assert(!std::is_copy_constructible_v<mutex> && !std::is_move_assignable_v<mutex>);

constinit mutex of_static_storage;

void wait_for_waiter(const mutex& m) {
  while (!m.has_waiters()) pawl::this_thread::yield();
}

class blocking_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocking_mutex_test);
  CPPUNIT_TEST(locks_and_unlocks);
  CPPUNIT_TEST(works_with_the_locks_of_std);
  CPPUNIT_TEST(blocks_who_comes_second);
  CPPUNIT_TEST(wakes_in_the_order_of_arrival);
  CPPUNIT_TEST(a_fair_unlock_hands_over);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_before_the_call_prevails);
  CPPUNIT_TEST(who_leaves_the_queue_leaves_the_others_in_order);
  CPPUNIT_TEST(unlocking_what_is_free_is_refused);
  CPPUNIT_TEST(may_be_unlocked_by_another_thread);
  CPPUNIT_TEST(objects_of_one_bucket_are_told_apart);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST(counts_right_under_load);
  CPPUNIT_TEST_SUITE_END();

 public:
  void locks_and_unlocks() {
    mutex m;
    m.lock();
    CPPUNIT_ASSERT(m.is_locked() && !m.has_waiters());
    CPPUNIT_ASSERT(!m.try_lock());
    m.unlock();
    CPPUNIT_ASSERT(!m.is_locked());
    CPPUNIT_ASSERT(m.try_lock());
    m.unlock_fair();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void works_with_the_locks_of_std() {
    mutex other;
    const std::scoped_lock both(of_static_storage, other);
    std::unique_lock timed(other, std::defer_lock);
    CPPUNIT_ASSERT(!timed.try_lock_for(1ms) && !timed.try_lock());
  }

  void blocks_who_comes_second() {
    mutex m;
    int value = 0;
    m.lock();
    pawl::thread second([&] {
      m.lock();
      value = value * 10 + 2;
      m.unlock();
    });
    wait_for_waiter(m);
    value = 1;
    m.unlock();
    second.join();
    CPPUNIT_ASSERT_EQUAL(12, value);
    CPPUNIT_ASSERT(!m.is_locked() && !m.has_waiters());
  }

  void wakes_in_the_order_of_arrival() {
    mutex m;
    std::vector<int> order;
    m.lock();
    std::vector<pawl::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.push_back(queued(m, i, order));
    }
    // Each unlocks only when he has the lock, so nobody overtakes.
    m.unlock_fair();
    for (auto& each : threads) each.join();
    CPPUNIT_ASSERT((order == std::vector{0, 1, 2, 3}));
  }

  void a_fair_unlock_hands_over() {
    mutex m;
    std::vector<int> order;
    m.lock();
    pawl::thread waiting = queued(m, 1, order);
    m.unlock_fair();
    CPPUNIT_ASSERT_MESSAGE("it is the other one's, or he is through",
                           !m.try_lock() || !order.empty());
    waiting.join();
  }

  void a_deadline_ends_the_wait() {
    mutex m;
    m.lock();
    const auto start = pawl::steady_clock::now();
    CPPUNIT_ASSERT(!m.try_lock_for(5ms));
    CPPUNIT_ASSERT(pawl::steady_clock::now() - start >= 5ms);
    CPPUNIT_ASSERT(m.is_locked() && !m.has_waiters());
    m.unlock();
    CPPUNIT_ASSERT(m.try_lock_until(start));
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    mutex m;
    CPPUNIT_ASSERT(m.try_lock_for(-1h));
    CPPUNIT_ASSERT(!m.try_lock_for(0ms));
    m.unlock();
    CPPUNIT_ASSERT(m.try_lock_for(pawl::steady_clock::duration::max()));
  }

  void a_stop_ends_the_wait() {
    mutex m;
    pawl::stop_source stop;
    bool locked = true;
    m.lock();
    pawl::thread waiting([&] { locked = m.lock(stop.get_token()); });
    wait_for_waiter(m);
    stop.request_stop();
    waiting.join();
    CPPUNIT_ASSERT(!locked && !m.has_waiters() && m.is_locked());
    m.unlock();
  }

  void a_stop_before_the_call_prevails() {
    mutex m;
    pawl::stop_source stop;
    CPPUNIT_ASSERT(m.lock(stop.get_token()));
    m.unlock();
    stop.request_stop();
    CPPUNIT_ASSERT(!m.lock(stop.get_token()) && !m.is_locked());
  }

  void who_leaves_the_queue_leaves_the_others_in_order() {
    mutex m;
    std::vector<int> order;
    pawl::stop_source stop;
    m.lock();
    pawl::thread first = queued(m, 1, order);
    bool locked = true;
    pawl::thread second([&] { locked = m.lock(stop.get_token()); });
    pawl::thread third = queued(m, 3, order);
    stop.request_stop();
    second.join();
    CPPUNIT_ASSERT(!locked && m.has_waiters());
    m.unlock_fair();
    first.join();
    third.join();
    CPPUNIT_ASSERT((order == std::vector{1, 3}));
  }

  void unlocking_what_is_free_is_refused() {
    mutex m;
    CPPUNIT_ASSERT_THROW(m.unlock(), std::logic_error);
    CPPUNIT_ASSERT_THROW(m.unlock_fair(), std::logic_error);
    CPPUNIT_ASSERT(!m.is_locked());
    CPPUNIT_ASSERT(m.try_lock());
  }

  void may_be_unlocked_by_another_thread() {
    mutex m;
    m.lock();
    pawl::thread([&] { m.unlock(); }).join();
    CPPUNIT_ASSERT(m.try_lock());
  }

  // More mutexes than the table has buckets, so that some share one.
  void objects_of_one_bucket_are_told_apart() {
    static mutex many[(1u << pawl::limits::parking_bits) + 1];
    mutex* other = &many[1];
    while (!pawl::detail::share_bucket(&many[0], other)) ++other;
    many[0].lock();
    other->lock();
    std::vector<int> order;
    pawl::thread a = queued(many[0], 1, order);
    pawl::thread b = queued(*other, 2, order);
    other->unlock();
    b.join();
    CPPUNIT_ASSERT(many[0].has_waiters() && !other->has_waiters());
    many[0].unlock();
    a.join();
    CPPUNIT_ASSERT((order == std::vector{2, 1}));
  }

  void waiting_allocates_nothing() {
    mutex m;
    m.lock();
    std::uint64_t made = 1;
    pawl::thread waiting([&] {
      const std::uint64_t before = allocations();
      m.lock();
      m.unlock();
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
    constexpr unsigned threads = 4, rounds = 20'000;
    mutex m;
    std::uint64_t value = 0;
    std::vector<pawl::thread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        pawl::stop_source never;
        for (unsigned n = 0; n < rounds; ++n) {
          const bool locked = i == 0   ? m.try_lock_for(1h)
                              : i == 1 ? m.lock(never.get_token())
                                       : (m.lock(), true);
          if (!locked) continue;
          ++value;
          n % 16 == 0 ? m.unlock_fair() : m.unlock();
        }
      });
    }
    for (auto& each : all) each.join();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{threads} * rounds, value);
    CPPUNIT_ASSERT(!m.is_locked() && !m.has_waiters());
  }

 private:
  // Returns: a thread that is queued for the lock, as the last one, and then notes its name.
  static pawl::thread queued(mutex& m, int name, std::vector<int>& order) {
    const auto length = [&m] {
      const pawl::detail::parking_bucket here(&m);
      int n = 0;
      for (auto* each = here.first(&m); each != nullptr; each = here.behind(*each, &m)) ++n;
      return n;
    };
    const int before = length();
    pawl::thread thread([&m, name, &order] {
      m.lock();
      order.push_back(name);
      m.unlock_fair();
    });
    while (length() == before) pawl::this_thread::yield();
    return thread;
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocking_mutex_test);

}  // namespace
