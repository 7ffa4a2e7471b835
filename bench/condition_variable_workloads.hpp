#pragma once
// What threads and tasks do with condition variables.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/task.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>

#include "workloads.hpp"

namespace workloads {

template <class Condition>
void notify_nobody(State& state) {
  Condition changed;
  repeat(state, [&] { changed.notify_one(); });
}

// A mutex and a condition variable of the standard's shape.
template <class Mutex, class Condition>
struct turn {
  Mutex m;
  Condition changed;

  auto lock() { return std::unique_lock(m); }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate holds) {
    changed.wait(lock, holds);
  }
};

// Two threads wake each other in turn.
template <class Turn>
void take_turns_of_two(State& state) {
  Turn t;
  enum { mine, others, none } whose = mine;
  std::thread other([&] {
    auto lock = t.lock();
    for (;;) {
      t.wait(lock, [&] { return whose != mine; });
      if (whose == none) return;
      whose = mine;
      t.changed.notify_one();
    }
  });
  auto lock = t.lock();
  for ([[maybe_unused]] auto _ : state) {
    whose = others;
    t.changed.notify_one();
    t.wait(lock, [&] { return whose == mine; });
  }
  whose = none;
  t.changed.notify_one();
  lock.unlock();
  other.join();
}

template <class Mutex, class Condition>
void round_trip(State& state) {
  take_turns_of_two<turn<Mutex, Condition>>(state);
}

}  // namespace workloads

// Ours, whose waits may be those of tasks.
namespace workloads::conditions {

using pawl::condition_variable;
using pawl::mutex;

struct pawl_turn {
  mutex<> m;
  condition_variable changed;

  auto lock() { return std::move(m.lock_blocking()).value(); }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate holds) {
    benchmark::DoNotOptimize(changed.wait_blocking(lock, holds));
  }
};

enum class whose { first, second, nobody };

inline pawl::task<> serve(State& state, condition_variable& changed, mutex<whose>& turn) {
  auto held = co_await turn.lock();
  for ([[maybe_unused]] auto _ : state) {
    **held = whose::second;
    changed.notify_one();
    benchmark::DoNotOptimize(co_await changed.wait(*held, [&] { return **held == whose::first; }));
  }
  **held = whose::nobody;
  changed.notify_one();
}
inline pawl::task<> answer(condition_variable& changed, mutex<whose>& turn) {
  auto held = co_await turn.lock();
  for (;;) {
    benchmark::DoNotOptimize(co_await changed.wait(*held, [&] { return **held != whose::first; }));
    if (**held == whose::nobody) break;
    **held = whose::first;
    changed.notify_one();
  }
}

// Two tasks wake each other in turn.
inline void hand_over(State& state) {
  condition_variable changed;
  mutex<whose> turn(whose::first);
  run_together(serve(state, changed, turn), answer(changed, turn));
}

inline pawl::task<> enter_and_leave(condition_variable& left, mutex<int>& places, int times) {
  for (int i = 0; i < times; ++i) {
    {
      auto held = co_await places.lock();
      benchmark::DoNotOptimize(co_await left.wait(*held, [&] { return **held != 0; }));
      --**held;
    }
    const auto held = co_await places.lock();
    ++**held;
    left.notify_one();
  }
}

// 64 tasks on two threads, and places for 4; the time is that of entering and leaving once.
inline void many_tasks(State& state) {
  condition_variable left;
  mutex<int> places(4);
  run_64(state, [&](int times) { return enter_and_leave(left, places, times); });
}

inline resumed_in_place wait_until_stopped(condition_variable& changed, mutex<>& m, source& stop) {
  for (;;) {
    stop.emplace();
    {
      auto held = co_await m.lock();
      benchmark::DoNotOptimize(co_await changed.wait(*held, stop->get_token()));
    }
    co_await std::suspend_always();
  }
}

inline void cancel_one_waiter(State& state, std::size_t waiters) {
  condition_variable changed;
  mutex<> m;
  cancel_one(state, waiters, [&](source& stop) { return wait_until_stopped(changed, m, stop); });
}

}  // namespace workloads::conditions
