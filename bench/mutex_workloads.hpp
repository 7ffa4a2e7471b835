#pragma once
// What is measured of our mutex, beside what threads do with any (locked_counter.hpp).

#include <pawl/interop/sender.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "locked_counter.hpp"
#include "workloads.hpp"

namespace workloads::mutexes {

struct counter : pawl::mutex<std::uint64_t> {
  void count_up() { ++**lock_blocking(); }
};

// ---- one thread ---------------------------------------------------------------------------------

inline pawl::task<> lock_repeatedly(State& state, counter& m) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await m.lock();
      ++**held;
    }
  }
}

inline void co_await_lock(State& state) {
  counter m;
  pawl::sync_wait(lock_repeatedly(state, m));
}

// Unlocks at once.
struct count_when_told {
  void set_value(counter::guard held) && noexcept { ++*held; }
  void set_stopped() && noexcept {}
  void set_error(const pawl::error&) && noexcept {}
};

inline void sender_lock(State& state) {
  counter m;
  repeat(state, [&] {
    auto op = pawl::as_sender([&m]() noexcept { return m.lock(); }).connect(count_when_told());
    op.start();
  });
}

// ---- tasks --------------------------------------------------------------------------------------

// Two tasks that hand the lock to each other: whoever unlocks finds it taken when he locks again.
inline pawl::task<> lock_in_turn(State& state, counter& m, bool& ends) {
  auto held = co_await m.lock();
  co_await pawl::this_task::reschedule();  // the other one gets in line
  for ([[maybe_unused]] auto _ : state) {
    held->unlock();
    auto again = co_await m.lock();
    held = std::move(again);
  }
  ends = true;
}
inline pawl::task<> lock_in_turn(counter& m, const bool& ends) {
  while (!ends) {
    const auto held = co_await m.lock();
    ++**held;
  }
}

inline void hand_over(State& state) {
  counter m;
  bool ends = false;
  run_together(lock_in_turn(state, m, ends), lock_in_turn(m, ends));
}

inline pawl::task<> lock_often(counter& m, int times) {
  for (int i = 0; i < times; ++i) {
    const auto held = co_await m.lock();
    ++**held;
  }
}

// 64 tasks on two threads; the time is that of one lock.
inline void many_tasks(State& state) {
  counter m;
  run_64(state, [&](int times) { return lock_often(m, times); });
}

// ---- many waiters -------------------------------------------------------------------------------

inline void cancel_one_waiter(State& state, std::size_t waiters) {
  counter m;
  const auto held = m.try_lock();
  cancel_one_of(state, waiters, [&m](pawl::stop_token t) { return m.lock(t); });
}

}  // namespace workloads::mutexes
