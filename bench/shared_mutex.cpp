// What the shared mutex costs, beside the limit (one compare-and-swap each way) and beside
// std::shared_mutex, which keeps no order.

#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/thread_pool.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "workloads.hpp"

namespace {

using namespace workloads;
using counter = pawl::shared_mutex<std::uint64_t>;

struct std_counter {
  std::shared_mutex lock;
  std::uint64_t value = 0;
};

void count_up(counter& m) { ++**m.lock_blocking(); }
void count_up(std_counter& m) {
  const std::lock_guard held(m.lock);
  ++m.value;
}
std::uint64_t look(counter& m) { return **m.lock_shared_blocking(); }
std::uint64_t look(std_counter& m) {
  const std::shared_lock held(m.lock);
  return m.value;
}

// ---- one thread ---------------------------------------------------------------------------------

pawl::task<> read_repeatedly(State& state, counter& m) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await m.lock_shared();
      benchmark::DoNotOptimize(**held);
    }
  }
}

void co_await_lock_shared(State& state) {
  counter m;
  pawl::sync_wait(read_repeatedly(state, m));
}

template <class Counter>
void write(State& state) {
  Counter m;
  repeat(state, [&] { count_up(m); });
}
template <class Counter>
void read(State& state) {
  Counter m;
  repeat(state, [&] { benchmark::DoNotOptimize(look(m)); });
}

// Look, upgrade, downgrade, unlock: four read-modify-writes.
void upgrade(State& state) {
  counter m;
  repeat(state, [&] {
    auto held = m.try_lock_upgrade();
    auto alone = held->try_upgrade();
    ++**alone;
    benchmark::DoNotOptimize(*std::move(*alone).downgrade());
  });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(co_await_lock_shared)->Name("uncontended/co_await_shared");
BENCHMARK(read<counter>)->Name("uncontended/lock_shared_blocking");
BENCHMARK(read<std_counter>)->Name("uncontended/std_shared");
BENCHMARK(write<counter>)->Name("uncontended/lock_blocking");
BENCHMARK(write<std_counter>)->Name("uncontended/std");
BENCHMARK(upgrade)->Name("uncontended/upgrade_and_downgrade");

// ---- two threads --------------------------------------------------------------------------------

// One operation in 64 writes.
template <class Counter>
void reader_heavy(State& state) {
  static Counter m;
  unsigned i = 0;
  repeat(state, [&] {
    if (i++ % 64 == 0) {
      count_up(m);
    } else {
      benchmark::DoNotOptimize(look(m));
    }
  });
}

template <class Counter>
void contended(State& state) {
  static Counter m;
  repeat(state, [&] { count_up(m); });
}

BENCHMARK(reader_heavy<counter>)->Name("reader_heavy/lock_blocking")->Threads(2)->UseRealTime();
BENCHMARK(reader_heavy<std_counter>)->Name("reader_heavy/std")->Threads(2)->UseRealTime();
BENCHMARK(contended<counter>)->Name("contended/lock_blocking")->Threads(2)->UseRealTime();
BENCHMARK(contended<std_counter>)->Name("contended/std")->Threads(2)->UseRealTime();

// ---- tasks --------------------------------------------------------------------------------------

pawl::task<> use_often(counter& m, int times) {
  for (int i = 0; i < times; ++i) {
    if (i % 64 == 0) {
      const auto held = co_await m.lock();
      ++**held;
    } else {
      const auto held = co_await m.lock_shared();
      benchmark::DoNotOptimize(**held);
    }
  }
}

// 64 tasks on two threads; the time is that of one lock.
void many_tasks(State& state) {
  constexpr int tasks = 64;
  constexpr int times = 64;
  pawl::thread_pool pool(2);
  counter m;
  while (state.KeepRunningBatch(tasks * times)) {
    std::vector<pawl::join_handle<void>> running;
    running.reserve(tasks);
    for (int i = 0; i < tasks; ++i) running.push_back(pawl::spawn(pool, use_often(m, times)));
    for (auto& each : running) static_cast<void>(std::move(each).join_blocking());
  }
}

BENCHMARK(many_tasks)->Name("tasks/64_on_2_threads")->UseRealTime();

// ---- many waiters -------------------------------------------------------------------------------

resumed_in_place wait_until_stopped(counter& m, source& stop) {
  for (;;) {
    stop.emplace();
    const auto refused = co_await m.lock(stop->get_token());
    co_await std::suspend_always();
  }
}

void cancel_one_waiter(State& state) {
  counter m({.policy = pawl::lock_policy::writer_preferring});
  const auto held = m.try_lock_shared();
  const auto waiters = static_cast<std::size_t>(state.range(0));
  cancel_one(state, waiters, [&](source& stop) { return wait_until_stopped(m, stop); });
}

BENCHMARK(cancel_one_waiter)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
