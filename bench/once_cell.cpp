// What once_cell costs when its value is there, beside the limit (one load that acquires) and
// beside std::call_once; and when it is not.

#include <pawl/sync/auto_reset_event.hpp>

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

// ---- many waiters -------------------------------------------------------------------------------

void leave(State& state) {
  pawl::once_cell<int> c;
  cancel_one_of(state, [&c](pawl::stop_token t) { return c.wait(t); });
}

pawl::task<int> make_when(pawl::auto_reset_event& asked) {
  static_cast<void>(co_await asked.wait());
  co_return make();
}
resumed_in_place init_when(pawl::once_cell<int>& c, pawl::auto_reset_event& asked) {
  static_cast<void>(co_await c.get_or_init([&asked] { return make_when(asked); }));
}

// They wait for the right to make the value, which somebody else has; each in a frame of its own.
void leave_line(State& state) {
  pawl::once_cell<int> c;
  pawl::auto_reset_event asked;
  const auto first = init_when(c, asked);
  cancel_one_of(state, [&c](pawl::stop_token t) { return c.get_or_init(t, &make); });
}

BENCHMARK(leave)->Name("cancel_one_of/wait")->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(leave_line)->Name("cancel_one_of/get_or_init")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
