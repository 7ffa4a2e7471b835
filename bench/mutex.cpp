// What the mutex costs, beside the limit (one compare-and-swap each way: a lock that is first in,
// first out must look before it takes) and beside std::mutex, which keeps no order.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "mutex_workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::mutexes;
using std_counter = locked_counter<std::mutex>;

void try_lock(State& state) {
  counter m;
  repeat(state, [&] { ++**m.try_lock(); });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(co_await_lock)->Name("uncontended/co_await");
BENCHMARK(sender_lock)->Name("uncontended/sender");
BENCHMARK(try_lock)->Name("uncontended/try_lock");
BENCHMARK(count_alone<counter>)->Name("uncontended/lock_blocking");
BENCHMARK(count_alone<std_counter>)->Name("uncontended/std");

BENCHMARK(contended_lock_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(count_together<counter>)->Name("contended/lock_blocking")->Threads(2)->UseRealTime();
BENCHMARK(count_together<std_counter>)->Name("contended/std")->Threads(2)->UseRealTime();

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

BENCHMARK(many_tasks)->Name("tasks/64_on_2_threads")->UseRealTime();

void cancel(State& state) { cancel_one_waiter(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(cancel)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
