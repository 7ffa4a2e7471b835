// What notify costs, beside the limit (one compare-and-swap to send and one to take) and beside a
// std::condition_variable with its mutex and flag.

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "notify_workloads.hpp"
#include "workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::notifies;
using std_notify = flag_notify<std::mutex, std::condition_variable>;

// ---- one thread ---------------------------------------------------------------------------------

void nobody_waits(State& state) {
  notify n;
  repeat(state, [&] { n.notify_waiters(); });
}

BENCHMARK(uncontended_limit)->Name("stored/limit");
BENCHMARK(co_await_stored)->Name("stored/co_await");
BENCHMARK(stored<notify>)->Name("stored/wait_blocking");
BENCHMARK(stored<std_notify>)->Name("stored/std");
BENCHMARK(nobody_waits)->Name("notify_waiters/nobody");

// ---- two threads --------------------------------------------------------------------------------

BENCHMARK(ping_pong<notify>)->Name("threads/round_trip")->UseRealTime();
BENCHMARK(ping_pong<std_notify>)->Name("threads/std")->UseRealTime();

// ---- tasks --------------------------------------------------------------------------------------

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

BENCHMARK(many_tasks)->Name("tasks/64_on_2_threads")->UseRealTime();

// ---- many waiters -------------------------------------------------------------------------------

resumed_in_place wait_again_and_again(notify& n) {
  for (;;) benchmark::DoNotOptimize(co_await n.wait());
}

// The time is that of all.
void broadcast(State& state) {
  notify n;
  std::vector<resumed_in_place> waiters;
  for (int i = 0; i < state.range(0); ++i) waiters.push_back(wait_again_and_again(n));
  for ([[maybe_unused]] auto _ : state) n.notify_waiters();
}

BENCHMARK(broadcast)->Name("broadcast_to")->Arg(10)->Arg(1000)->Arg(100000);

void cancel(State& state) { cancel_one_waiter(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(cancel)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
