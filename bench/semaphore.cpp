// What the semaphore costs, beside the limit (one compare-and-swap each way: a semaphore that is
// first in, first out must look before it takes) and beside std::counting_semaphore.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <semaphore>
#include <utility>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::semaphore;

// ---- one thread ---------------------------------------------------------------------------------

// Cheaper still, but adding without a look would pass those that wait.
void fetch_add(State& state) {
  std::atomic<std::uint64_t> word{1};
  repeat(state, [&] {
    word.fetch_sub(1, std::memory_order_acquire);
    word.fetch_add(1, std::memory_order_release);
  });
}

// What is left of an acquire and a release that must look before they change the word.
void compare_and_swap(State& state) {
  std::atomic<std::uint64_t> word{1};
  repeat(state, [&] {
    auto now = word.load(std::memory_order_relaxed);
    if (now == 0 || !word.compare_exchange_strong(now, now - 1, std::memory_order_acquire,
                                                  std::memory_order_relaxed))
      std::abort();
    now = word.load(std::memory_order_relaxed);
    if (!word.compare_exchange_strong(now, now + 1, std::memory_order_release,
                                      std::memory_order_relaxed))
      std::abort();
  });
}

pawl::task<> acquire_repeatedly(State& state, semaphore& s) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await s.acquire(1);
    }
  }
}

void co_await_acquire(State& state) {
  semaphore s(1);
  pawl::sync_wait(acquire_repeatedly(state, s));
}

void try_acquire(State& state) {
  semaphore s(1);
  repeat(state, [&] { const auto held = s.try_acquire(1); });
}

void acquire_blocking(State& state) {
  semaphore s(1);
  repeat(state, [&] { const auto held = s.acquire_blocking(1); });
}

void std_acquire(State& state) {
  std::counting_semaphore<> s(1);
  repeat(state, [&] {
    s.acquire();
    s.release();
  });
}

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(fetch_add)->Name("uncontended/fetch_add");
BENCHMARK(compare_and_swap)->Name("uncontended/compare_and_swap");
BENCHMARK(co_await_acquire)->Name("uncontended/co_await");
BENCHMARK(try_acquire)->Name("uncontended/try_acquire");
BENCHMARK(acquire_blocking)->Name("uncontended/acquire_blocking");
BENCHMARK(std_acquire)->Name("uncontended/std");

// ---- two threads --------------------------------------------------------------------------------

void contended_limit(State& state) {
  static std::atomic<std::uint64_t> word{2};
  repeat(state, [&] {
    word.fetch_sub(1, std::memory_order_acquire);
    word.fetch_add(1, std::memory_order_release);
  });
}

// There is a permit for each, so they only fight for the word.
void contended(State& state) {
  static semaphore s(2);
  repeat(state, [&] { const auto held = s.acquire_blocking(1); });
}

void std_contended(State& state) {
  static std::counting_semaphore<> s(2);
  repeat(state, [&] {
    s.acquire();
    s.release();
  });
}

void take(semaphore& s) { std::move(*s.acquire_blocking(1)).forget(); }
void take(std::counting_semaphore<>& s) { s.acquire(); }

// They wake each other in turn. (Two threads and one permit would measure how seldom the system
// runs them at the same time.)
template <class Semaphore>
void wake_in_turn(State& state) {
  static Semaphore ping(0);
  static Semaphore pong(0);
  const bool serves = state.thread_index() == 0;
  repeat(state, [&] {
    if (serves) ping.release();
    take(serves ? pong : ping);
    if (!serves) pong.release();
  });
}

BENCHMARK(contended_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(contended)->Name("contended/acquire_blocking")->Threads(2)->UseRealTime();
BENCHMARK(std_contended)->Name("contended/std")->Threads(2)->UseRealTime();
BENCHMARK(wake_in_turn<semaphore>)->Name("wake_in_turn/blocking")->Threads(2)->UseRealTime();
BENCHMARK(wake_in_turn<std::counting_semaphore<>>)
    ->Name("wake_in_turn/std")
    ->Threads(2)
    ->UseRealTime();

// ---- two tasks on one loop ----------------------------------------------------------------------

pawl::task<> serve(semaphore& ping, semaphore& pong) {
  for (;;) {
    auto served = co_await ping.acquire(1);
    if (!served) co_return;
    std::move(*served).forget();
    pong.release(1);
  }
}

pawl::task<> play(State& state, semaphore& ping, semaphore& pong) {
  for ([[maybe_unused]] auto _ : state) {
    ping.release(1);
    auto returned = co_await pong.acquire(1);
    std::move(*returned).forget();
  }
  ping.close();
}

void hand_over(State& state) {
  semaphore ping(0);
  semaphore pong(0);
  run_together(serve(ping, pong), play(state, ping, pong));
}

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

// ---- many tasks ---------------------------------------------------------------------------------

pawl::task<> acquire_often(semaphore& s, int times) {
  for (int i = 0; i < times; ++i) {
    const auto held = co_await s.acquire(1);
  }
}

void many_tasks(State& state) {
  semaphore s(4);
  run_64(state, [&](int times) { return acquire_often(s, times); });
}

BENCHMARK(many_tasks)->Name("tasks/64_on_2_threads")->UseRealTime();

// ---- many waiters -------------------------------------------------------------------------------

void cancel_one_waiter(State& state) {
  semaphore s(0);
  cancel_one_of(state, [&s](pawl::stop_token t) { return s.acquire(1, t); });
}

BENCHMARK(cancel_one_waiter)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
