// What the shared mutex costs, beside the limit (one compare-and-swap each way) and beside
// std::shared_mutex, which keeps no order.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <shared_mutex>

#include "shared_mutex_workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::shared_mutexes;
using std_counter = locked_counter<std::shared_mutex>;

// Look, upgrade, downgrade, unlock: four read-modify-writes.
void upgrade(State& state) {
  shared_counter m;
  repeat(state, [&] {
    auto held = m.try_lock_upgrade();
    auto alone = held->try_upgrade();
    ++**alone;
    benchmark::DoNotOptimize(*std::move(*alone).downgrade());
  });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(co_await_lock_shared)->Name("uncontended/co_await_shared");
BENCHMARK(look_alone<shared_counter>)->Name("uncontended/lock_shared_blocking");
BENCHMARK(look_alone<std_counter>)->Name("uncontended/std_shared");
BENCHMARK(count_alone<shared_counter>)->Name("uncontended/lock_blocking");
BENCHMARK(count_alone<std_counter>)->Name("uncontended/std");
BENCHMARK(upgrade)->Name("uncontended/upgrade_and_downgrade");

BENCHMARK(mostly_look<shared_counter>)
    ->Name("reader_heavy/lock_blocking")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(mostly_look<std_counter>)->Name("reader_heavy/std")->Threads(2)->UseRealTime();
BENCHMARK(count_together<shared_counter>)
    ->Name("contended/lock_blocking")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(count_together<std_counter>)->Name("contended/std")->Threads(2)->UseRealTime();

BENCHMARK(readers_tasks)->Name("tasks/64_on_2_threads")->UseRealTime();

void cancel(State& state) { cancel_one_waiter(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(cancel)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
