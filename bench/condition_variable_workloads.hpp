#pragma once
// What threads do with a condition variable of the standard's shape.

#include <benchmark/benchmark.h>

#include <mutex>
#include <thread>

#include "workloads.hpp"

namespace workloads {

template <class Condition>
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

}  // namespace workloads
