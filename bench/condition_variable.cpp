// What the condition variable costs, beside that of std.

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "condition_variable_workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::conditions;

BENCHMARK(notify_nobody<condition_variable>)->Name("uncontended/notify");
BENCHMARK(notify_nobody<std::condition_variable>)->Name("uncontended/std_notify");

BENCHMARK(take_turns_of_two<pawl_turn>)->Name("threads/round_trip")->UseRealTime();
BENCHMARK(round_trip<std::mutex, std::condition_variable>)
    ->Name("threads/std_round_trip")
    ->UseRealTime();

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

// ---- many waiters -------------------------------------------------------------------------------

resumed_in_place wait_again_and_again(condition_variable& changed, mutex<>& m) {
  auto held = co_await m.lock();
  for (;;) benchmark::DoNotOptimize(co_await changed.wait(*held));
}

// The time is that of all.
void broadcast(State& state) {
  condition_variable changed;
  mutex<> m;
  std::vector<resumed_in_place> waiters;
  for (int i = 0; i < state.range(0); ++i) waiters.push_back(wait_again_and_again(changed, m));
  for ([[maybe_unused]] auto _ : state) changed.notify_all();
}

BENCHMARK(broadcast)->Name("broadcast_to")->Arg(10)->Arg(1000)->Arg(100000);

void leave(State& state) { cancel_one_waiter(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(leave)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
