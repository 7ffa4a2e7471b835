// What the condition variable costs, beside that of std.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/task.hpp>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::condition_variable;
using pawl::mutex;

// A turn of two: threads that use what std has, or the same here.
struct std_turn {
  std::mutex m;
  std::condition_variable changed;

  auto lock() { return std::unique_lock(m); }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate pred) {
    changed.wait(lock, pred);
  }
};
struct turn {
  mutex<> m;
  condition_variable changed;

  auto lock() { return std::move(m.lock_blocking()).value(); }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate pred) {
    benchmark::DoNotOptimize(changed.wait_blocking(lock, pred));
  }
};

// ---- one thread ---------------------------------------------------------------------------------

template <class Condition>
void notify_nobody(State& state) {
  Condition changed;
  repeat(state, [&] { changed.notify_one(); });
}

BENCHMARK(notify_nobody<condition_variable>)->Name("uncontended/notify");
BENCHMARK(notify_nobody<std::condition_variable>)->Name("uncontended/std_notify");

// ---- two threads --------------------------------------------------------------------------------

template <class Turn>
void round_trip(State& state) {
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

BENCHMARK(round_trip<turn>)->Name("threads/round_trip")->UseRealTime();
BENCHMARK(round_trip<std_turn>)->Name("threads/std_round_trip")->UseRealTime();

// ---- tasks --------------------------------------------------------------------------------------

enum class whose { first, second, nobody };

pawl::task<> serve(State& state, condition_variable& changed, mutex<whose>& turn) {
  auto held = co_await turn.lock();
  for ([[maybe_unused]] auto _ : state) {
    **held = whose::second;
    changed.notify_one();
    benchmark::DoNotOptimize(co_await changed.wait(*held, [&] { return **held == whose::first; }));
  }
  **held = whose::nobody;
  changed.notify_one();
}
pawl::task<> answer(condition_variable& changed, mutex<whose>& turn) {
  auto held = co_await turn.lock();
  for (;;) {
    benchmark::DoNotOptimize(co_await changed.wait(*held, [&] { return **held != whose::first; }));
    if (**held == whose::nobody) break;
    **held = whose::first;
    changed.notify_one();
  }
}

void hand_over(State& state) {
  condition_variable changed;
  mutex<whose> turn(whose::first);
  run_together(serve(state, changed, turn), answer(changed, turn));
}

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

// ---- many waiters -------------------------------------------------------------------------------

resumed_in_place wait_again_and_again(condition_variable& changed, mutex<>& m) {
  auto held = co_await m.lock();
  for (;;) benchmark::DoNotOptimize(co_await changed.wait(*held));
}

// The time is that of all.
void broadcast(State& state) {
  condition_variable changed;
  mutex<> m;
  std::vector<resumed_in_place> waiters;
  for (int i = 0; i < state.range(0); ++i) waiters.push_back(wait_again_and_again(changed, m));
  for ([[maybe_unused]] auto _ : state) changed.notify_all();
}

BENCHMARK(broadcast)->Name("broadcast_to")->Arg(10)->Arg(1000)->Arg(100000);

resumed_in_place wait_until_stopped(condition_variable& changed, mutex<>& m, source& stop) {
  for (;;) {
    stop.emplace();
    {
      auto held = co_await m.lock();
      benchmark::DoNotOptimize(co_await changed.wait(*held, stop->get_token()));
    }
    co_await std::suspend_always();
  }
}

void cancel_one_waiter(State& state) {
  condition_variable changed;
  mutex<> m;
  cancel_one(state, static_cast<std::size_t>(state.range(0)),
             [&](source& stop) { return wait_until_stopped(changed, m, stop); });
}

BENCHMARK(cancel_one_waiter)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
