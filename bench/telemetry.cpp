// What it costs that a call is watched: a permit that is free, and a look at many primitives.

#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/telemetry.hpp>
#include <pawl/sync/telemetry_probe.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <deque>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::probing;

template <probing Mode>
using probe = pawl::telemetry_probe<pawl::semaphore, Mode>;

void plain_try(State& state) {
  pawl::semaphore s(1);
  repeat(state, [&] { benchmark::DoNotOptimize(s.try_acquire()); });
}

template <probing Mode>
void watched_try(State& state) {
  pawl::telemetry all;
  pawl::semaphore s(1);
  probe<Mode> watch(all, "s", s);
  repeat(state,
         [&] { benchmark::DoNotOptimize(watch.watch_blocking([&] { return s.try_acquire(); })); });
}

template <probing Mode>
pawl::task<> acquire_repeatedly(State& state, probe<Mode>& watch, pawl::semaphore& s) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await watch.watch([&] { return s.acquire(); });
    }
  }
}

template <probing Mode>
void watched_acquire(State& state) {
  pawl::telemetry all;
  pawl::semaphore s(1);
  probe<Mode> watch(all, "s", s);
  pawl::sync_wait(acquire_repeatedly<Mode>(state, watch, s));
}

// An operation is a look at one primitive of them.
void look_at(State& state, std::size_t primitives) {
  pawl::telemetry all;
  pawl::semaphore s(1);
  std::deque<probe<probing::on>> probes;
  for (std::size_t i = 0; i < primitives; ++i) probes.emplace_back(all, "s", s);
  const auto n = static_cast<benchmark::IterationCount>(primitives);
  while (state.KeepRunningBatch(n)) benchmark::DoNotOptimize(all.snapshot());
}

BENCHMARK(plain_try)->Name("try/plain");
BENCHMARK(watched_try<probing::off>)->Name("try/off");
BENCHMARK(watched_try<probing::on>)->Name("try/on");
BENCHMARK(watched_acquire<probing::off>)->Name("acquire/off");
BENCHMARK(watched_acquire<probing::on>)->Name("acquire/on");
BENCHMARK_CAPTURE(look_at, 10, 10)->Name("look/10");
BENCHMARK_CAPTURE(look_at, 1000, 1000)->Name("look/1000");

}  // namespace
