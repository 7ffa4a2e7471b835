// What the blocking locks cost, beside the limit (a compare-and-swap each way) and beside those of
// std.

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <thread>

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
BENCHMARK(uncontended<pawl::blocking::fair_mutex>)->Name("uncontended/fair_mutex");
BENCHMARK(uncontended<std::mutex>)->Name("uncontended/std_mutex");
BENCHMARK(uncontended<pawl::blocking::recursive_mutex>)->Name("uncontended/recursive_mutex");
BENCHMARK(uncontended<std::recursive_mutex>)->Name("uncontended/std_recursive_mutex");

BENCHMARK(contended_lock_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(contended<pawl::blocking::mutex>)->Name("contended/mutex")->Threads(2)->UseRealTime();
BENCHMARK(contended<std::mutex>)->Name("contended/std_mutex")->Threads(2)->UseRealTime();
BENCHMARK(contended<pawl::blocking::mutex>)->Name("crowded/mutex")->Threads(8)->UseRealTime();
BENCHMARK(contended<std::mutex>)->Name("crowded/std_mutex")->Threads(8)->UseRealTime();

// ---- shared_mutex -------------------------------------------------------------------------------

template <class Mutex>
void read_alone(State& state) {
  Mutex m;
  repeat(state, [&] { const std::shared_lock held(m); });
}

template <class Mutex>
void read_together(State& state) {
  static Mutex m;
  repeat(state, [&] { const std::shared_lock held(m); });
}

// One in 64 writes.
template <class Mutex>
void read_mostly(State& state) {
  static counter<Mutex> m;
  unsigned n = 0;
  repeat(state, [&] {
    if (++n % 64 == 0) {
      m.count_up();
    } else {
      const std::shared_lock held(m.lock);
      benchmark::DoNotOptimize(m.value);
    }
  });
}

using pawl::blocking::shared_mutex;
BENCHMARK(read_alone<shared_mutex>)->Name("uncontended/read");
BENCHMARK(read_alone<std::shared_mutex>)->Name("uncontended/std_read");
BENCHMARK(uncontended<shared_mutex>)->Name("uncontended/write");
BENCHMARK(uncontended<std::shared_mutex>)->Name("uncontended/std_write");
BENCHMARK(read_together<shared_mutex>)->Name("contended/read")->Threads(2)->UseRealTime();
BENCHMARK(read_together<std::shared_mutex>)->Name("contended/std_read")->Threads(2)->UseRealTime();
BENCHMARK(read_mostly<shared_mutex>)->Name("contended/read_mostly")->Threads(2)->UseRealTime();
BENCHMARK(read_mostly<std::shared_mutex>)
    ->Name("contended/std_read_mostly")
    ->Threads(2)
    ->UseRealTime();

// ---- condition_variable -------------------------------------------------------------------------

template <class Mutex, class Condition>
void notify_nobody(State& state) {
  Condition changed;
  repeat(state, [&] { changed.notify_one(); });
}

// Two threads wake each other in turn.
template <class Mutex, class Condition>
void round_trip(State& state) {
  Mutex m;
  Condition changed;
  enum { mine, others, none } turn = mine;
  std::thread other([&] {
    std::unique_lock lock(m);
    for (;;) {
      changed.wait(lock, [&] { return turn != mine; });
      if (turn == none) return;
      turn = mine;
      changed.notify_one();
    }
  });
  std::unique_lock lock(m);
  for ([[maybe_unused]] auto _ : state) {
    turn = others;
    changed.notify_one();
    changed.wait(lock, [&] { return turn == mine; });
  }
  turn = none;
  changed.notify_one();
  lock.unlock();
  other.join();
}

using pawl::blocking::condition_variable;
BENCHMARK((notify_nobody<pawl::blocking::mutex, condition_variable>))->Name("uncontended/notify");
BENCHMARK((notify_nobody<std::mutex, std::condition_variable>))->Name("uncontended/std_notify");
BENCHMARK((round_trip<pawl::blocking::mutex, condition_variable>))
    ->Name("hand_over/round_trip")
    ->UseRealTime();
BENCHMARK((round_trip<std::mutex, std::condition_variable>))
    ->Name("hand_over/std_round_trip")
    ->UseRealTime();

}  // namespace
