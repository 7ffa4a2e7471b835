#include <pawl/sync/barrier.hpp>
#include <pawl/sync/latch.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/telemetry.hpp>
#include <pawl/sync/telemetry_probe.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "call.hpp"

using namespace std::chrono_literals;

namespace {

using pawl::telemetry;
using pawl::telemetry_probe;
using pawl::telemetry_snapshot;
using slots_probe = telemetry_probe<pawl::semaphore>;
using unprobed = telemetry_probe<pawl::semaphore, pawl::probing::off>;

pawl::task<bool> take(slots_probe& probe, pawl::semaphore& s) {
  const auto stop = co_await pawl::this_task::get_stop_token();
  const auto taken = co_await probe.watch([&] { return s.acquire(1, stop); });
  co_return taken.has_value();
}

pawl::task<bool> take_unwatched(unprobed& probe, pawl::semaphore& s) {
  const auto taken = co_await probe.watch([&] { return s.acquire(1); });
  co_return taken.has_value();
}

pawl::task<int> make(telemetry_probe<pawl::once_cell<int>>& probe, pawl::once_cell<int>& cell) {
  const auto made = co_await probe.watch([&] { return cell.get_or_init([] { return 3; }); });
  co_return **made;
}

// Waits until it is destroyed.
call wait_watched(slots_probe& probe, pawl::semaphore& s) {
  const auto taken = co_await probe.watch([&] { return s.acquire(); });
  CPPUNIT_ASSERT(!taken);
}

class telemetry_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(telemetry_test);
  CPPUNIT_TEST(lists_who_takes_part);
  CPPUNIT_TEST(tells_what_a_semaphore_says);
  CPPUNIT_TEST(tells_what_locks_say);
  CPPUNIT_TEST(tells_what_barriers_and_events_say);
  CPPUNIT_TEST(counts_calls);
  CPPUNIT_TEST(counts_who_gives_up);
  CPPUNIT_TEST(counts_who_is_destroyed);
  CPPUNIT_TEST(a_failure_is_neither);
  CPPUNIT_TEST(any_operation_can_be_watched);
  CPPUNIT_TEST(kinds_of_ones_own);
  CPPUNIT_TEST(off_it_is_nothing);
  CPPUNIT_TEST(threads_lose_no_count);
  CPPUNIT_TEST_SUITE_END();

  telemetry all_;
  pawl::semaphore s_{2};

  void lists_who_takes_part() {
    CPPUNIT_ASSERT(all_.snapshot().empty());
    const slots_probe first(all_, "slots", s_);
    pawl::mutex<> m;
    std::uint64_t id = 0;
    {
      const telemetry_probe<pawl::mutex<>> second(all_, "m", m);
      const auto now = all_.snapshot();
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, now.size());
      CPPUNIT_ASSERT(now[0].name == "m" && now[0].kind == "mutex");
      CPPUNIT_ASSERT(now[1].name == "slots" && now[1].kind == "semaphore");
      id = now[0].id;
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all_.snapshot().size());
    const telemetry_probe<pawl::mutex<>> third(all_, "m", m);
    CPPUNIT_ASSERT(all_.snapshot()[0].id > id);
  }

  void tells_what_a_semaphore_says() {
    const slots_probe probe(all_, "slots", s_);
    auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.available == 2u && !now.capacity && !now.occupied && !now.generation);
    CPPUNIT_ASSERT(now.state == "open" && !now.closed && !now.has_waiters && !now.since);
    s_.close();
    now = probe.snapshot();
    CPPUNIT_ASSERT(now.state == "closed" && now.closed);
    s_.poison();
    CPPUNIT_ASSERT(probe.snapshot().state == "poisoned" && probe.snapshot().closed);
  }

  void tells_what_locks_say() {
    pawl::mutex<> m;
    pawl::shared_mutex<> rw;
    const telemetry_probe<pawl::mutex<>> of_m(all_, "m", m);
    const telemetry_probe<pawl::shared_mutex<>> of_rw(all_, "rw", rw);
    CPPUNIT_ASSERT(of_m.snapshot().state == "unlocked" && of_m.snapshot().occupied == 0u);
    const auto held = m.try_lock();
    CPPUNIT_ASSERT(of_m.snapshot().state == "locked" && of_m.snapshot().occupied == 1u);
    CPPUNIT_ASSERT(of_m.snapshot().capacity == 1u);
    auto reader = rw.try_lock_shared();
    CPPUNIT_ASSERT(of_rw.snapshot().kind == "shared_mutex" && of_rw.snapshot().occupied == 1u);
    CPPUNIT_ASSERT(of_rw.snapshot().capacity == rw.max_readers());
    reader->unlock();
    const auto writer = rw.try_lock();
    CPPUNIT_ASSERT(of_rw.snapshot().occupied == rw.max_readers());
  }

  void tells_what_barriers_and_events_say() {
    pawl::barrier b(2);
    pawl::latch l(3);
    pawl::manual_reset_event e;
    pawl::notify n;
    const telemetry_probe<pawl::barrier> of_b(all_, "b", b);
    const telemetry_probe<pawl::latch> of_l(all_, "l", l);
    const telemetry_probe<pawl::manual_reset_event> of_e(all_, "e", e);
    const telemetry_probe<pawl::notify> of_n(all_, "n", n);
    pawl::thread other([&] { static_cast<void>(b.arrive_and_wait_blocking()); });
    while (of_b.snapshot().occupied == 0u) pawl::this_thread::yield();
    CPPUNIT_ASSERT(of_b.snapshot().capacity == 2u && of_b.snapshot().generation == 0u);
    static_cast<void>(b.arrive_and_wait_blocking());
    other.join();
    CPPUNIT_ASSERT(of_b.snapshot().occupied == 0u && of_b.snapshot().generation == 1u);
    CPPUNIT_ASSERT(of_l.snapshot().occupied == 3u);
    CPPUNIT_ASSERT(of_e.snapshot().state == "unset");
    e.set();
    CPPUNIT_ASSERT(of_e.snapshot().state == "set" && !of_e.snapshot().closed);
    CPPUNIT_ASSERT(of_n.snapshot().kind == "notify" && !of_n.snapshot().has_waiters);
  }

  void counts_calls() {
    slots_probe probe(all_, "slots", s_);
    pawl::run_loop loop;
    auto held = s_.try_acquire(2);
    const auto before = pawl::steady_clock::now();
    auto waiting = pawl::spawn(loop, take(probe, s_));
    CPPUNIT_ASSERT(loop.run_one());
    auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.waiters == 1 && now.has_waiters && now.grants == 0 && !now.since);
    held->release();
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(*waiting.try_join());
    CPPUNIT_ASSERT(probe.watch_blocking([&] { return s_.acquire_blocking(); }).has_value());
    now = probe.snapshot();
    CPPUNIT_ASSERT(now.waiters == 0 && !now.has_waiters && now.grants == 2);
    CPPUNIT_ASSERT(now.since >= before && now.since <= pawl::steady_clock::now());
    CPPUNIT_ASSERT(now.cancellations == 0);
  }

  void counts_who_gives_up() {
    slots_probe probe(all_, "slots", s_);
    const auto held = s_.try_acquire(2);
    pawl::run_loop loop;
    auto waiting = pawl::spawn(loop, take(probe, s_));
    CPPUNIT_ASSERT(loop.run_one());
    waiting.abort();
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(!*waiting.try_join());
    static_cast<void>(probe.watch_blocking([&] { return s_.acquire_blocking_for(1, 1ms); }));
    const auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.waiters == 0 && now.grants == 0 && now.cancellations == 2);
  }

  void counts_who_is_destroyed() {
    slots_probe probe(all_, "slots", s_);
    const auto held = s_.try_acquire(2);
    {
      const call waiting = wait_watched(probe, s_);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, probe.snapshot().waiters);
    }
    const auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.waiters == 0 && now.cancellations == 1 && !now.has_waiters);
  }

  void a_failure_is_neither() {
    slots_probe probe(all_, "slots", s_);
    s_.close();
    CPPUNIT_ASSERT(!pawl::sync_wait(take(probe, s_)));
    CPPUNIT_ASSERT(!probe.watch_blocking([&] { return s_.try_acquire(); }));
    const auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.waiters == 0 && now.grants == 0 && now.cancellations == 0);
  }

  void any_operation_can_be_watched() {
    pawl::once_cell<int> cell;
    telemetry_probe<pawl::once_cell<int>> probe(all_, "cell", cell);
    CPPUNIT_ASSERT(probe.snapshot().state == "empty" && probe.snapshot().kind == "once_cell");
    CPPUNIT_ASSERT_EQUAL(3, pawl::sync_wait(make(probe, cell)));
    CPPUNIT_ASSERT(probe.snapshot().state == "initialized" && probe.snapshot().grants == 1);
  }

  struct own {};

  void kinds_of_ones_own() {
    const own o;
    const telemetry_probe<own> probe(all_, "mine", o);
    const auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.kind == "object" && now.state == "open" && !now.available);
  }

  void off_it_is_nothing() {
    unprobed probe(all_, "slots", s_);
    CPPUNIT_ASSERT(all_.snapshot().empty() && sizeof(probe) == 1);
    CPPUNIT_ASSERT(pawl::sync_wait(take_unwatched(probe, s_)));
    CPPUNIT_ASSERT(probe.watch_blocking([&] { return s_.try_acquire(); }).has_value());
    CPPUNIT_ASSERT(probe.snapshot().grants == 0);
  }

  void threads_lose_no_count() {
    constexpr unsigned threads = 4, times = 1000;
    slots_probe probe(all_, "slots", s_);
    std::deque<pawl::thread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (unsigned n = 0; n < times; ++n) {
          const auto taken = probe.watch_blocking([&] { return s_.acquire_blocking(); });
          if (n % 100 == 0) CPPUNIT_ASSERT(all_.snapshot().at(0).waiters <= threads);
        }
      });
    }
    for (pawl::thread& each : all) each.join();
    const auto now = probe.snapshot();
    CPPUNIT_ASSERT(now.grants == threads * times && now.waiters == 0 && now.available == 2u);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(telemetry_test);

}  // namespace
