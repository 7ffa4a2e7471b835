// What once_cell costs when its value is there, beside the limit (one load that acquires) and
// beside std::call_once; and when it is not.

#include <benchmark/benchmark.h>

#include <atomic>
#include <mutex>

#include "once_workloads.hpp"
#include "workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::once_cells;

void there_limit(State& state) {
  std::atomic<const int*> value{nullptr};
  const int seven = 7;
  value = &seven;
  repeat(state, [&] { benchmark::DoNotOptimize(*value.load(std::memory_order_acquire)); });
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
