// What taking part in the budget costs: a lock beside a lock that takes part, and turns of a loop
// beside turns that nobody counts.

#include <pawl/sync/mutex.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::task;

// Runs a coroutine on a loop, which does something so often as is asked for: round(n) is one.
template <class Round>
void repeat_in_task(State& state, Round round) {
  while (state.KeepRunningBatch(batch)) pawl::sync_wait(round(batch));
}

void lock(State& state) {
  pawl::mutex<std::uint64_t> m;
  repeat_in_task(state, [&](int times) -> task<> {
    for (int i = 0; i < times; ++i) {
      const auto held = co_await m.lock();
      ++**held;
    }
  });
}

// Others come after each 128, and there are none.
void cooperative_lock(State& state) {
  pawl::mutex<std::uint64_t> m;
  repeat_in_task(state, [&](int times) -> task<> {
    for (int i = 0; i < times; ++i) {
      const auto held = co_await pawl::cooperative(m.lock());
      ++**held;
    }
  });
}

void consume(State& state) {
  repeat_in_task(state, [](int times) -> task<> {
    for (int i = 0; i < times; ++i) co_await pawl::this_task::consume_budget();
  });
}

void turn(State& state) {
  repeat_in_task(state, [](int times) -> task<> {
    for (int i = 0; i < times; ++i) co_await pawl::this_task::reschedule();
  });
}

BENCHMARK(lock)->Name("lock/plain");
BENCHMARK(cooperative_lock)->Name("lock/cooperative");
BENCHMARK(consume)->Name("consume_budget");
BENCHMARK(turn)->Name("reschedule");

}  // namespace
