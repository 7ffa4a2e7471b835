// What the blocking locks cost, beside the limit (a compare-and-swap each way) and beside those of
// std.

#include <pawl/blocking/mutex.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <mutex>

#include "workloads.hpp"

namespace {

using namespace workloads;

// ---- mutex --------------------------------------------------------------------------------------

template <class Mutex>
struct counter {
  Mutex lock;
  std::uint64_t value = 0;

  void count_up() {
    const std::lock_guard held(lock);
    ++value;
  }
};

template <class Mutex>
void uncontended(State& state) {
  counter<Mutex> m;
  repeat(state, [&] { m.count_up(); });
}

template <class Mutex>
void contended(State& state) {
  static counter<Mutex> m;
  repeat(state, [&] { m.count_up(); });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(uncontended<pawl::blocking::mutex>)->Name("uncontended/mutex");
BENCHMARK(uncontended<std::mutex>)->Name("uncontended/std_mutex");

BENCHMARK(contended_lock_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(contended<pawl::blocking::mutex>)->Name("contended/mutex")->Threads(2)->UseRealTime();
BENCHMARK(contended<std::mutex>)->Name("contended/std_mutex")->Threads(2)->UseRealTime();
BENCHMARK(contended<pawl::blocking::mutex>)->Name("crowded/mutex")->Threads(8)->UseRealTime();
BENCHMARK(contended<std::mutex>)->Name("crowded/std_mutex")->Threads(8)->UseRealTime();

}  // namespace
