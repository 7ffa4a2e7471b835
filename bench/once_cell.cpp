// What once_cell costs when its value is there, beside the limit (one load that acquires) and
// beside std::call_once; and when it is not.

#include <pawl/sync/once_cell.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <mutex>

#include "workloads.hpp"

namespace {

using namespace workloads;

int make() { return 7; }

void there_limit(State& state) {
  std::atomic<const int*> value{nullptr};
  const int seven = 7;
  value = &seven;
  repeat(state, [&] { benchmark::DoNotOptimize(*value.load(std::memory_order_acquire)); });
}

pawl::task<> get_repeatedly(State& state, pawl::once_cell<int>& c) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto value = co_await c.get_or_init(&make);
      benchmark::DoNotOptimize(**value);
    }
  }
}

void co_await_there(State& state) {
  pawl::once_cell<int> c;
  pawl::sync_wait(get_repeatedly(state, c));
}

void blocking_there(State& state) {
  pawl::once_cell<int> c;
  repeat(state, [&] { benchmark::DoNotOptimize(**c.get_or_init_blocking(&make)); });
}

void std_there(State& state) {
  std::once_flag once;
  int value = 0;
  repeat(state, [&] {
    std::call_once(once, [&] { value = make(); });
    benchmark::DoNotOptimize(value);
  });
}

BENCHMARK(there_limit)->Name("there/limit");
BENCHMARK(co_await_there)->Name("there/co_await");
BENCHMARK(blocking_there)->Name("there/blocking");
BENCHMARK(std_there)->Name("there/std");

void blocking_made(State& state) {
  repeat(state, [&] {
    pawl::once_cell<int> c;
    benchmark::DoNotOptimize(**c.get_or_init_blocking(&make));
  });
}

void std_made(State& state) {
  repeat(state, [&] {
    std::once_flag once;
    int value = 0;
    std::call_once(once, [&] { value = make(); });
    benchmark::DoNotOptimize(value);
  });
}

BENCHMARK(blocking_made)->Name("made/blocking");
BENCHMARK(std_made)->Name("made/std");

}  // namespace
