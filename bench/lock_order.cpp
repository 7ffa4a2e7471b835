// What checking the order of locks costs: two locks, one taken while the other is held.

#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/ordered_semaphore.hpp>
#include <pawl/sync/ordered_shared_mutex.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::lock_checking;

template <lock_checking Mode>
void nested(State& state) {
  pawl::lock_order order;
  const pawl::lock_kind upper(order, "upper"), lower(order, "lower");
  pawl::ordered_mutex<std::uint64_t, Mode> first(upper), second(lower);
  repeat(state, [&] {
    const auto held = first.lock_blocking();
    ++**second.lock_blocking();
  });
}

void nested_mutexes(State& state) {
  pawl::mutex<std::uint64_t> first, second;
  repeat(state, [&] {
    const auto held = first.lock_blocking();
    ++**second.lock_blocking();
  });
}

// A permit while somebody reads.
template <lock_checking Mode>
void permit_in_read(State& state) {
  pawl::lock_order order;
  const pawl::lock_kind upper(order, "upper"), lower(order, "lower");
  pawl::ordered_shared_mutex<std::uint64_t, Mode> table(upper);
  pawl::ordered_semaphore<Mode> seats(lower, 1);
  repeat(state, [&] {
    const auto reading = table.lock_shared_blocking();
    benchmark::DoNotOptimize(seats.acquire_blocking());
  });
}

BENCHMARK(nested_mutexes)->Name("nested/mutex");
BENCHMARK(nested<lock_checking::off>)->Name("nested/off");
BENCHMARK(nested<lock_checking::on>)->Name("nested/on");
BENCHMARK(permit_in_read<lock_checking::off>)->Name("permit_in_read/off");
BENCHMARK(permit_in_read<lock_checking::on>)->Name("permit_in_read/on");

}  // namespace
