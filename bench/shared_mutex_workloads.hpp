#pragma once
// What is measured of our shared mutex, beside what threads do with any (locked_counter.hpp).

#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "locked_counter.hpp"
#include "workloads.hpp"

namespace workloads::shared_mutexes {

struct shared_counter : pawl::shared_mutex<std::uint64_t> {
  using shared_mutex::shared_mutex;
  void count_up() { ++**lock_blocking(); }
  std::uint64_t look() { return **lock_shared_blocking(); }
};

// ---- one thread ---------------------------------------------------------------------------------

inline pawl::task<> read_repeatedly(State& state, shared_counter& m) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await m.lock_shared();
      benchmark::DoNotOptimize(**held);
    }
  }
}

inline void co_await_lock_shared(State& state) {
  shared_counter m;
  pawl::sync_wait(read_repeatedly(state, m));
}

inline pawl::task<> write_repeatedly(State& state, shared_counter& m) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await m.lock();
      ++**held;
    }
  }
}

inline void co_await_lock_alone(State& state) {
  shared_counter m;
  pawl::sync_wait(write_repeatedly(state, m));
}

// ---- tasks --------------------------------------------------------------------------------------

inline pawl::task<> use_often(shared_counter& m, int times) {
  for (int i = 0; i < times; ++i) {
    if (static_cast<unsigned>(i) % reads_and_a_write == 0) {
      const auto held = co_await m.lock();
      ++**held;
    } else {
      const auto held = co_await m.lock_shared();
      benchmark::DoNotOptimize(**held);
    }
  }
}

// 64 tasks on two threads; the time is that of one lock.
inline void readers_tasks(State& state) {
  shared_counter m;
  run_64(state, [&](int times) { return use_often(m, times); });
}

// ---- many waiters -------------------------------------------------------------------------------

inline void cancel_one_waiter(State& state, std::size_t waiters) {
  shared_counter m({.policy = pawl::lock_policy::writer_preferring});
  const auto held = m.try_lock_shared();
  cancel_one_of(state, waiters, [&m](pawl::stop_token t) { return m.lock(t); });
}

}  // namespace workloads::shared_mutexes
