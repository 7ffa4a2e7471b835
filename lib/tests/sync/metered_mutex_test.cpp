#include <pawl/sync/metered_mutex.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "allocations.hpp"

using namespace std::chrono_literals;

namespace {

using pawl::errc;
using counter = pawl::metered_mutex<int>;
using unmetered = pawl::metered_mutex<int, pawl::metering::off>;

pawl::task<bool> count_up(counter& m) {
  const auto held = co_await m.lock();
  if (held) ++**held;
  co_return held.has_value();
}

pawl::task<pawl::result<int>> wait_until_stopped(counter& m) {
  const auto stop = co_await pawl::this_task::get_stop_token();
  const auto held = co_await m.lock(stop);
  co_return held.map([](const counter::guard& g) { return *g; });
}

pawl::task<bool> give_up(counter& m) {
  const auto held = co_await m.lock_for(1ms);
  co_return held.has_value();
}

class metered_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(metered_mutex_test);
  CPPUNIT_TEST(nothing_is_counted_at_first);
  CPPUNIT_TEST(counts_acquisitions_however_made);
  CPPUNIT_TEST(counts_who_had_to_wait);
  CPPUNIT_TEST(a_wait_in_vain_is_no_acquisition);
  CPPUNIT_TEST(a_guard_counts_once);
  CPPUNIT_TEST(unlocking_twice_is_an_error);
  CPPUNIT_TEST(counts_the_hold_of_a_guard_that_dies);
  CPPUNIT_TEST(poison_is_no_contention);
  CPPUNIT_TEST(reset_forgets);
  CPPUNIT_TEST(times_are_those_of_the_clock);
  CPPUNIT_TEST(without_metering_it_is_a_mutex);
  CPPUNIT_TEST(nothing_is_allocated);
  CPPUNIT_TEST(threads_lose_no_count);
  CPPUNIT_TEST_SUITE_END();

  counter m_{"stock", 0};

  void nothing_is_counted_at_first() {
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT(now.name == "stock" && m_.name() == "stock");
    CPPUNIT_ASSERT(now.acquisitions() == 0 && now.contentions == 0 && now.hold.count == 0);
  }

  void counts_acquisitions_however_made() {
    CPPUNIT_ASSERT(pawl::sync_wait(count_up(m_)));
    ++**m_.lock_blocking();
    ++**m_.lock_blocking(pawl::stop_token());
    ++**m_.lock_blocking_for(1s);
    ++**m_.try_lock();
    CPPUNIT_ASSERT(pawl::sync_wait(wait_until_stopped(m_)) == 5);
    CPPUNIT_ASSERT(pawl::sync_wait(give_up(m_)));
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, now.acquisitions());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, now.hold.count);
    CPPUNIT_ASSERT(now.contentions == 0 && now.wait.total == 0ns);
  }

  void counts_who_had_to_wait() {
    pawl::run_loop loop;
    auto held = m_.try_lock();
    auto waiting = pawl::spawn(loop, count_up(m_));
    CPPUNIT_ASSERT(loop.run_one());
    held->unlock();
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(*waiting.try_join());
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT(now.acquisitions() == 2 && now.contentions == 1 && now.hold.count == 2);
    CPPUNIT_ASSERT(now.wait.total > 0ns && now.wait.max == now.wait.total);
  }

  void a_wait_in_vain_is_no_acquisition() {
    pawl::stop_source stopped;
    stopped.request_stop();
    auto held = m_.try_lock();
    CPPUNIT_ASSERT(!m_.try_lock() && !m_.lock_blocking_for(1ms));
    CPPUNIT_ASSERT(!m_.lock_blocking(stopped.get_token()));
    CPPUNIT_ASSERT(!pawl::sync_wait(give_up(m_)));
    pawl::run_loop loop;
    auto waiting = pawl::spawn(loop, wait_until_stopped(m_));
    CPPUNIT_ASSERT(loop.run_one());
    waiting.abort();
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT((*waiting.try_join()).error().code == errc::cancelled);
    held->unlock();
    CPPUNIT_ASSERT(!m_.lock_blocking(stopped.get_token()));
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT(now.acquisitions() == 1 && now.contentions == 0 && now.hold.count == 1);
  }

  void a_guard_counts_once() {
    {
      auto held = *m_.try_lock();
      auto taken = std::move(held);
      CPPUNIT_ASSERT(!held && taken);
      held = std::move(taken);
      held.unlock();
      held = *m_.try_lock();
    }
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, m_.snapshot().hold.count);
    CPPUNIT_ASSERT(!m_.is_locked());
  }

  void unlocking_twice_is_an_error() {
    auto held = *m_.try_lock();
    held.unlock();
    CPPUNIT_ASSERT_THROW(held.unlock(), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, m_.snapshot().hold.count);
  }

  void die_with(counter::guard held) {
    const auto dying = std::move(held);
    throw std::runtime_error("thrown while the lock is held");
  }

  void counts_the_hold_of_a_guard_that_dies() {
    CPPUNIT_ASSERT_THROW(die_with(*m_.try_lock()), std::runtime_error);
    CPPUNIT_ASSERT(m_.is_poisoned());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, m_.snapshot().hold.count);
    CPPUNIT_ASSERT(m_.clear_poison().has_value());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, m_.snapshot().acquisitions());
  }

  void poison_is_no_contention() {
    m_.poison();
    CPPUNIT_ASSERT(!m_.lock_blocking() && !m_.try_lock() && !pawl::sync_wait(count_up(m_)));
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT(now.acquisitions() == 0 && now.contentions == 0);
  }

  void reset_forgets() {
    static_cast<void>(m_.try_lock());
    auto held = *m_.try_lock();
    m_.reset();
    CPPUNIT_ASSERT(m_.snapshot().acquisitions() == 0 && m_.snapshot().hold.count == 0);
    held.unlock();
    CPPUNIT_ASSERT(m_.snapshot().acquisitions() == 0 && m_.snapshot().hold.count == 1);
    static_cast<void>(m_.try_lock());
    CPPUNIT_ASSERT(m_.snapshot().acquisitions() == 1 && m_.snapshot().hold.count == 2);
  }

  void times_are_those_of_the_clock() {
    const auto before = pawl::steady_clock::now();
    {
      const auto held = *m_.try_lock();
      const auto since = pawl::steady_clock::now();
      while (pawl::steady_clock::now() - since < 2ms) {}
    }
    const auto all = pawl::steady_clock::now() - before;
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT(now.hold.max >= 2ms && now.hold.max <= all);
    CPPUNIT_ASSERT(now.hold.total == now.hold.max && now.hold.p95 == now.hold.max);
  }

  void without_metering_it_is_a_mutex() {
    unmetered m("stock", 7);
    CPPUNIT_ASSERT_EQUAL(7, **m.try_lock());
    m.reset();
    CPPUNIT_ASSERT(m.snapshot() == pawl::lock_metrics_snapshot{} && m.name().empty());
    CPPUNIT_ASSERT(unmetered::mode == pawl::metering::off && counter::mode == pawl::metering::on);
  }

  void nothing_is_allocated() {
    const auto before = allocations();
    ++**m_.lock_blocking();
    const auto now = m_.snapshot();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(now.acquisitions() == 1);
  }

  void threads_lose_no_count() {
    constexpr int threads = 4, times = 2000;
    std::deque<pawl::thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (int n = 0; n < times; ++n) {
          ++**m_.lock_blocking();
          if (n % 100 == 0) CPPUNIT_ASSERT(m_.snapshot().acquisitions() <= threads * times);
        }
      });
    }
    for (pawl::thread& each : all) each.join();
    const auto now = m_.snapshot();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{threads * times}, now.acquisitions());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{threads * times}, now.hold.count);
    CPPUNIT_ASSERT(now.contentions <= now.acquisitions());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(metered_mutex_test);

}  // namespace
