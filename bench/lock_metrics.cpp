// What metering costs: a mutex without, with it switched off, and with it; beside the clock, which
// it looks at twice.

#include <pawl/sync/metered_mutex.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>

#include "workloads.hpp"

namespace {

using namespace workloads;

void plain(State& state) {
  pawl::mutex<std::uint64_t> m;
  repeat(state, [&] { ++**m.lock_blocking(); });
}

template <pawl::metering Mode>
void metered(State& state) {
  pawl::metered_mutex<std::uint64_t, Mode> m("bench");
  repeat(state, [&] { ++**m.lock_blocking(); });
}

void clock_twice(State& state) {
  repeat(state, [&] {
    benchmark::DoNotOptimize(pawl::steady_clock::now());
    benchmark::DoNotOptimize(pawl::steady_clock::now());
  });
}

template <pawl::metering Mode>
void contended(State& state) {
  static pawl::metered_mutex<std::uint64_t, Mode> m("bench");
  repeat(state, [&] { ++**m.lock_blocking(); });
}

void snapshot(State& state) {
  pawl::metered_mutex<> m("bench");
  static_cast<void>(m.try_lock());
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(m.snapshot());
}

using pawl::metering;

BENCHMARK(clock_twice)->Name("uncontended/limit");
BENCHMARK(plain)->Name("uncontended/mutex");
BENCHMARK(metered<metering::off>)->Name("uncontended/off");
BENCHMARK(metered<metering::on>)->Name("uncontended/on");
BENCHMARK(contended<metering::off>)->Name("contended/off")->Threads(2)->UseRealTime();
BENCHMARK(contended<metering::on>)->Name("contended/on")->Threads(2)->UseRealTime();
BENCHMARK(snapshot)->Name("snapshot/on");

}  // namespace
