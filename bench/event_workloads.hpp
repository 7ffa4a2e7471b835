#pragma once
// What tasks and threads do with events and latches.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/wait_group.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "workloads.hpp"

namespace workloads::events {

inline void load_limit(State& state) {
  const std::atomic<bool> is_set{true};
  repeat(state, [&] { benchmark::DoNotOptimize(is_set.load(std::memory_order_acquire)); });
}

inline pawl::task<> wait_repeatedly(State& state, pawl::manual_reset_event& e) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) static_cast<void>(co_await e.wait());
  }
}

inline void wait_for_set_event(State& state) {
  pawl::manual_reset_event e(true);
  pawl::sync_wait(wait_repeatedly(state, e));
}

inline void set_and_reset(State& state) {
  pawl::manual_reset_event e;
  repeat(state, [&] {
    e.set();
    e.reset();
  });
}

inline void set_and_pass(State& state) {
  pawl::auto_reset_event e;
  repeat(state, [&] {
    e.set();
    static_cast<void>(e.try_wait());
  });
}

inline void std_release_and_acquire(State& state) {
  std::binary_semaphore s(0);
  repeat(state, [&] {
    s.release();
    static_cast<void>(s.try_acquire());
  });
}

inline void add_and_done(State& state) {
  pawl::wait_group g;
  repeat(state, [&] {
    g.add();
    g.done();
  });
}

template <class Latch>
void count_down(State& state) {
  while (state.KeepRunningBatch(batch)) {
    Latch l(batch);
    for (int i = 0; i < batch; ++i) l.count_down();
    benchmark::DoNotOptimize(l.try_wait());
  }
}

// Two threads let each other pass in turn: `set` and `wait` are those of an event.
template <class Event, class Set, class Wait>
void threads_ping_pong(State& state, Set set, Wait wait) {
  Event ping{}, pong{};
  std::atomic<bool> is_over{false};
  std::thread other([&] {
    for (;;) {
      wait(ping);
      if (is_over.load(std::memory_order_relaxed)) return;
      set(pong);
    }
  });
  for ([[maybe_unused]] auto _ : state) {
    set(ping);
    wait(pong);
  }
  is_over.store(true, std::memory_order_relaxed);
  set(ping);
  other.join();
}

inline void event_ping_pong(State& state) {
  threads_ping_pong<pawl::auto_reset_event>(
      state, [](auto& e) { e.set(); }, [](auto& e) { static_cast<void>(e.wait_blocking()); });
}

}  // namespace workloads::events
