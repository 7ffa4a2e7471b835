#pragma once
// What is measured of notify, and of what does the same for threads.

#include <pawl/sync/notify.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <mutex>
#include <thread>

#include "workloads.hpp"

namespace workloads::notifies {

using pawl::notify;

// The same with a mutex and a condition variable of the standard's shape.
template <class Mutex, class Condition>
class flag_notify {
 public:
  void notify_one() {
    const std::lock_guard held(lock_);
    is_set_ = true;
    changed_.notify_one();
  }
  void wait_blocking() {
    std::unique_lock<Mutex> held(lock_);
    changed_.wait(held, [this] { return is_set_; });
    is_set_ = false;
  }

 private:
  Mutex lock_;
  Condition changed_;
  bool is_set_ = false;
};

inline void wait_blocking(notify& n) { benchmark::DoNotOptimize(n.wait_blocking()); }
template <class Mutex, class Condition>
void wait_blocking(flag_notify<Mutex, Condition>& n) {
  n.wait_blocking();
}

// ---- one thread ---------------------------------------------------------------------------------

inline pawl::task<> notify_and_wait(State& state, notify& n) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      n.notify_one();
      benchmark::DoNotOptimize(co_await n.wait());
    }
  }
}

inline void co_await_stored(State& state) {
  notify n;
  pawl::sync_wait(notify_and_wait(state, n));
}

template <class Notify>
void stored(State& state) {
  Notify n;
  repeat(state, [&] {
    n.notify_one();
    wait_blocking(n);
  });
}

// ---- two threads --------------------------------------------------------------------------------

template <class Notify>
void ping_pong(State& state) {
  Notify ping, pong;
  bool ends = false;
  std::thread other([&] {
    for (;;) {
      wait_blocking(ping);
      if (ends) return;
      pong.notify_one();
    }
  });
  for ([[maybe_unused]] auto _ : state) {
    ping.notify_one();
    wait_blocking(pong);
  }
  ends = true;
  ping.notify_one();
  other.join();
}

// ---- tasks --------------------------------------------------------------------------------------

inline pawl::task<> serve(State& state, notify& ping, notify& pong, bool& ends) {
  for ([[maybe_unused]] auto _ : state) {
    ping.notify_one();
    benchmark::DoNotOptimize(co_await pong.wait());
  }
  ends = true;
  ping.notify_one();
}
inline pawl::task<> answer(notify& ping, notify& pong, const bool& ends) {
  while (!ends) {
    benchmark::DoNotOptimize(co_await ping.wait());
    pong.notify_one();
  }
}

inline void hand_over(State& state) {
  notify ping, pong;
  bool ends = false;
  run_together(serve(state, ping, pong, ends), answer(ping, pong, ends));
}

// What is sent goes round.
inline pawl::task<> pass_on(notify& n, int times) {
  for (int i = 0; i < times; ++i) {
    benchmark::DoNotOptimize(co_await n.wait());
    n.notify_one();
  }
}

// 64 tasks on two threads, one notification; the time is that of one wait.
inline void many_tasks(State& state) {
  notify n;
  n.notify_one();
  run_64(state, [&](int times) { return pass_on(n, times); });
}

// ---- many waiters -------------------------------------------------------------------------------

inline void cancel_one_waiter(State& state, std::size_t waiters) {
  notify n;
  cancel_one_of(state, waiters, [&n](pawl::stop_token t) { return n.wait(t); });
}

}  // namespace workloads::notifies
