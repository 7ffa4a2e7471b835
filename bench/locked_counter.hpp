#pragma once
// A counter that a lock protects, and what threads do with it. A counter has `count_up()`, and
// `look()` if readers can share it.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "workloads.hpp"

namespace workloads {

// The lock has the standard's shape.
template <class Lock>
class locked_counter {
 public:
  void count_up() {
    const std::lock_guard held(lock_);
    ++value_;
  }
  std::uint64_t look() {
    const std::shared_lock held(lock_);
    return value_;
  }

 private:
  Lock lock_;
  std::uint64_t value_ = 0;
};

// ---- one thread ---------------------------------------------------------------------------------

template <class Counter>
void count_alone(State& state) {
  Counter c;
  repeat(state, [&] { c.count_up(); });
}

template <class Counter>
void look_alone(State& state) {
  Counter c;
  repeat(state, [&] { benchmark::DoNotOptimize(c.look()); });
}

// ---- several ------------------------------------------------------------------------------------

// Whoever finds a lock taken that is handed over in turn waits, so that every lock may be a change
// of threads; others let the same thread in again and again.
template <class Counter>
void count_together(State& state) {
  static Counter c;
  repeat(state, [&] { c.count_up(); });
}

template <class Counter>
void look_together(State& state) {
  static Counter c;
  repeat(state, [&] { benchmark::DoNotOptimize(c.look()); });
}

// Of so many operations, where most read, one writes.
inline constexpr unsigned reads_and_a_write = 64;

template <class Counter>
void mostly_look(State& state) {
  static Counter c;
  unsigned n = 0;
  repeat(state, [&] {
    if (n++ % reads_and_a_write == 0)
      c.count_up();
    else
      benchmark::DoNotOptimize(c.look());
  });
}

}  // namespace workloads
