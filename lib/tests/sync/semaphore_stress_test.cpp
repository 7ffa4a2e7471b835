// Many threads at once: what the models prove in the small, run in the large and under sanitizers.

#include <allocations.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/thread_pool.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace {

using pawl::count_t;
using pawl::semaphore;
using namespace std::chrono_literals;

constexpr count_t permits = 5;
constexpr int rounds = 3000;

// Permits in use now, and the most there ever were.
class usage {
 public:
  void enter(count_t n) {
    const count_t now = in_use_.fetch_add(n, pawl::memory_order_relaxed) + n;
    if (now > permits) exceeded_.store(true, pawl::memory_order_relaxed);
  }
  void leave(count_t n) { in_use_.fetch_sub(n, pawl::memory_order_relaxed); }
  bool was_exceeded() const { return exceeded_.load(pawl::memory_order_relaxed); }

 private:
  pawl::atomic<count_t> in_use_{0};
  pawl::atomic<bool> exceeded_{false};
};

pawl::task<> compete(semaphore& s, usage& u, unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    const count_t n = random() % (permits + 1);
    auto held = co_await s.acquire(n);
    u.enter(n);
    u.leave(n);
    if (n > 1) {
      const auto part = held->split(1);
      held->release();
    }
  }
}

pawl::task<> compete_impatiently(semaphore& s, usage& u, unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    const auto deadline = pawl::steady_clock::now() + std::chrono::microseconds(random() % 20);
    const auto held = co_await s.acquire_until(1 + random() % permits, deadline);
    if (!held) continue;
    u.enter(held->count());
    u.leave(held->count());
  }
}

void compete_blocking(semaphore& s, usage& u, unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    const count_t n = random() % (permits + 1);
    const auto held = random() % 2 == 0 ? s.acquire_blocking(n) : s.try_acquire(n);
    if (!held) continue;
    u.enter(n);
    u.leave(n);
  }
}

pawl::task<> acquire_stoppably(semaphore& s, pawl::stop_token token, std::size_t& granted) {
  const auto held = co_await s.acquire(1, token);
  if (held) ++granted;
}

pawl::task<> acquire_owned_once(std::shared_ptr<semaphore> s) {
  const auto held = co_await pawl::acquire_owned(std::move(s));
}

pawl::task<> add_one(semaphore& s, long& sum) {
  const auto held = co_await s.acquire();
  if (held) ++sum;
}

class semaphore_stress_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(semaphore_stress_test);
  CPPUNIT_TEST(never_more_than_there_are_and_none_lost);
  CPPUNIT_TEST(stops_and_releases_race);
  CPPUNIT_TEST(close_and_poison_race);
  CPPUNIT_TEST(the_last_owner_races_with_the_release);
  CPPUNIT_TEST(one_permit_excludes);
  CPPUNIT_TEST(waiting_releasing_and_withdrawing_allocate_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void never_more_than_there_are_and_none_lost() {
    semaphore s(permits);
    usage u;
    {
      pawl::thread_pool pool(2);
      std::vector<pawl::join_handle<>> tasks;
      for (unsigned i = 1; i <= 4; ++i) tasks.push_back(pawl::spawn(pool, compete(s, u, i)));
      tasks.push_back(pawl::spawn(pool, compete_impatiently(s, u, 5)));
      tasks.push_back(pawl::spawn(pool, compete_impatiently(s, u, 6)));
      pawl::thread blocking([&] { compete_blocking(s, u, 7); });
      compete_blocking(s, u, 8);
      blocking.join();
      for (auto& task : tasks) CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
    }
    CPPUNIT_ASSERT(!u.was_exceeded());
    CPPUNIT_ASSERT(!s.has_waiters());
    CPPUNIT_ASSERT_EQUAL(permits, s.available_permits());
  }

  void stops_and_releases_race() {
    for (int i = 0; i < 300; ++i) {
      constexpr std::size_t n = 4;
      semaphore s(0);
      pawl::stop_source stop;
      std::size_t granted[n] = {};
      {
        pawl::thread_pool pool(1);
        std::vector<pawl::join_handle<>> tasks;
        for (auto& each : granted) {
          tasks.push_back(pawl::spawn(pool, acquire_stoppably(s, stop.get_token(), each)));
        }
        pawl::thread stopping([&] { stop.request_stop(); });
        s.release(2);
        stopping.join();
        for (auto& task : tasks) CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
      }
      CPPUNIT_ASSERT_EQUAL(count_t{2}, s.available_permits());
      CPPUNIT_ASSERT(!s.has_waiters());
    }
  }

  void close_and_poison_race() {
    for (int i = 0; i < 300; ++i) {
      semaphore s(1);
      long sum = 0;
      {
        pawl::thread_pool pool(2);
        std::vector<pawl::join_handle<>> tasks;
        for (int t = 0; t < 4; ++t) tasks.push_back(pawl::spawn(pool, add_one(s, sum)));
        i % 2 == 0 ? s.close() : s.poison();
        for (auto& task : tasks) CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
      }
      CPPUNIT_ASSERT(!s.has_waiters());
      CPPUNIT_ASSERT(sum <= 4);
      CPPUNIT_ASSERT(!s.try_acquire(0).has_value());
    }
  }

  void the_last_owner_races_with_the_release() {
    pawl::thread_pool pool(1);
    for (int i = 0; i < 500; ++i) {
      auto s = std::make_shared<semaphore>(1);
      auto held = pawl::try_acquire_owned(s);
      auto task = pawl::spawn(pool, acquire_owned_once(std::move(s)));
      held = pawl::failure(pawl::errc::closed);
      CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
    }
  }

  void one_permit_excludes() {
    constexpr int n = 2000;
    semaphore s(1);
    long sum = 0;
    pawl::thread_pool pool(2);
    std::vector<pawl::join_handle<>> tasks;
    for (int i = 0; i < n; ++i) tasks.push_back(pawl::spawn(pool, add_one(s, sum)));
    for (auto& task : tasks) CPPUNIT_ASSERT(std::move(task).join_blocking().has_value());
    CPPUNIT_ASSERT_EQUAL(long{n}, sum);
  }

  void waiting_releasing_and_withdrawing_allocate_nothing() {
    constexpr std::size_t n = 2 * pawl::limits::turn_limit + 1;
    semaphore s(0);
    pawl::stop_source stop;
    std::vector<outcome> outs(3 * n);
    std::vector<call> calls;
    calls.reserve(3 * n);
    static_cast<void>(pawl::timers_for(nullptr));  // exist from their first use on
    const std::uint64_t before = allocations();
    for (std::size_t i = 0; i < n; ++i) calls.push_back(start(s, 1, outs[3 * i]));
    for (std::size_t i = 0; i < n; ++i) {
      calls.push_back(start(s, 1, outs[3 * i + 1], stop.get_token()));
    }
    const auto later = pawl::steady_clock::now() + 1h;
    for (std::size_t i = 0; i < n; ++i) calls.push_back(start_until(s, 1, outs[3 * i + 2], later));
    const std::size_t frames = allocations() - before;

    const std::uint64_t with_frames = allocations();
    stop.request_stop();
    s.release(2 * n);
    static_cast<void>(s.acquire_blocking_for(1, 1us));
    s.close();
    s.poison();
    const std::uint64_t since = allocations() - with_frames;

    CPPUNIT_ASSERT_EQUAL(calls.size(), frames);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, since);
    for (const auto& out : outs) CPPUNIT_ASSERT(!out.is_pending());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(semaphore_stress_test);

}  // namespace
