// What the mutex costs, beside the limit (one compare-and-swap each way: a lock that is first in,
// first out must look before it takes) and beside std::mutex, which keeps no order.

#include <pawl/sync/mutex.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/thread_pool.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "workloads.hpp"

namespace {

using namespace workloads;
using counter = pawl::mutex<std::uint64_t>;

struct std_counter {
  std::mutex lock;
  std::uint64_t value = 0;
};

void count_up(counter& m) { ++**m.lock_blocking(); }
void count_up(std_counter& m) {
  const std::lock_guard held(m.lock);
  ++m.value;
}

// ---- one thread ---------------------------------------------------------------------------------

pawl::task<> lock_repeatedly(State& state, counter& m) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await m.lock();
      ++**held;
    }
  }
}

void co_await_lock(State& state) {
  counter m;
  pawl::sync_wait(lock_repeatedly(state, m));
}

void try_lock(State& state) {
  counter m;
  repeat(state, [&] { ++**m.try_lock(); });
}

template <class Counter>
void lock_blocking(State& state) {
  Counter m;
  repeat(state, [&] { count_up(m); });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(co_await_lock)->Name("uncontended/co_await");
BENCHMARK(try_lock)->Name("uncontended/try_lock");
BENCHMARK(lock_blocking<counter>)->Name("uncontended/lock_blocking");
BENCHMARK(lock_blocking<std_counter>)->Name("uncontended/std");

// ---- two threads --------------------------------------------------------------------------------

// Whoever finds it locked waits in turn, so that every lock may be a change of threads; std::mutex
// lets the same thread in again and again.
template <class Counter>
void contended(State& state) {
  static Counter m;
  repeat(state, [&] { count_up(m); });
}

BENCHMARK(contended_lock_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(contended<counter>)->Name("contended/lock_blocking")->Threads(2)->UseRealTime();
BENCHMARK(contended<std_counter>)->Name("contended/std")->Threads(2)->UseRealTime();

// ---- tasks --------------------------------------------------------------------------------------

// Two tasks that hand the lock to each other: whoever unlocks finds it taken when he locks again.
pawl::task<> lock_in_turn(State& state, counter& m, bool& ends) {
  auto held = co_await m.lock();
  co_await pawl::this_task::reschedule();  // the other one gets in line
  for ([[maybe_unused]] auto _ : state) {
    held->unlock();
    auto again = co_await m.lock();
    held = std::move(again);
  }
  ends = true;
}
pawl::task<> lock_in_turn(counter& m, const bool& ends) {
  while (!ends) {
    const auto held = co_await m.lock();
    ++**held;
  }
}

void hand_over(State& state) {
  counter m;
  bool ends = false;
  run_together(lock_in_turn(state, m, ends), lock_in_turn(m, ends));
}

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

pawl::task<> lock_often(counter& m, int times) {
  for (int i = 0; i < times; ++i) {
    const auto held = co_await m.lock();
    ++**held;
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
    for (int i = 0; i < tasks; ++i) running.push_back(pawl::spawn(pool, lock_often(m, times)));
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
  counter m;
  const auto held = m.try_lock();
  cancel_one(state, [&](source& stop) { return wait_until_stopped(m, stop); });
}

BENCHMARK(cancel_one_waiter)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
