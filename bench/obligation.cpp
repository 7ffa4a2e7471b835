// What the books cost: an obligation, and a permit without and with one.

#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/tracked.hpp>

#include <benchmark/benchmark.h>

#include "workloads.hpp"

namespace {

using namespace workloads;

void resolve(State& state) {
  pawl::obligation_ledger ledger;
  repeat(state, [&] { ledger.reserve(pawl::obligation_kind::lease).commit(); });
}

void permit(State& state) {
  pawl::semaphore s(1);
  repeat(state, [&] { benchmark::DoNotOptimize(s.try_acquire()); });
}

void tracked_permit(State& state) {
  pawl::obligation_ledger ledger;
  pawl::semaphore s(1);
  repeat(state, [&] { benchmark::DoNotOptimize(track(ledger, *s.try_acquire())); });
}

BENCHMARK(resolve)->Name("obligation/resolve");
BENCHMARK(permit)->Name("obligation/permit");
BENCHMARK(tracked_permit)->Name("obligation/tracked_permit");

}  // namespace
