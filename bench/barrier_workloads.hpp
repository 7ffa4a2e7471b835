#pragma once
// What is measured of barriers: ours, and those of the standard's shape.

#include <pawl/sync/barrier.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "workloads.hpp"

namespace workloads::barriers {

inline pawl::task<> meet_while(State& state, bool& is_over, pawl::barrier& b) {
  for ([[maybe_unused]] auto _ : state) static_cast<void>(co_await b.arrive_and_wait());
  is_over = true;
  b.arrive_and_drop();
}

inline pawl::task<> meet_until(const bool& is_over, pawl::barrier& b) {
  while (!is_over) static_cast<void>(co_await b.arrive_and_wait());
}

inline void two_tasks_meet(State& state) {
  pawl::barrier b(2);
  bool is_over = false;
  run_together(meet_until(is_over, b), meet_while(state, is_over, b));
}

template <class Barrier, class Meet>
void threads_meet(State& state, Meet meet) {
  Barrier b(2);
  std::atomic<bool> is_over{false};
  std::thread other([&] {
    while (!is_over.load(std::memory_order_relaxed)) meet(b);
  });
  for ([[maybe_unused]] auto _ : state) meet(b);
  is_over.store(true, std::memory_order_relaxed);
  static_cast<void>(b.arrive_and_drop());
  other.join();
}

inline void two_threads_meet(State& state) {
  threads_meet<pawl::barrier>(state,
                              [](auto& b) { static_cast<void>(b.arrive_and_wait_blocking()); });
}

inline void two_threads_meet_std(State& state) {
  threads_meet<std::barrier<>>(state, [](auto& b) { b.arrive_and_wait(); });
}

}  // namespace workloads::barriers
