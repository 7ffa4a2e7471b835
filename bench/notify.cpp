// What notify costs, beside the limit (one compare-and-swap to send and one to take) and beside a
// std::condition_variable with its mutex and flag.

#include <pawl/sync/notify.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::notify;

// The same with what std has.
class std_notify {
 public:
  void notify_one() {
    const std::lock_guard held(lock_);
    is_set_ = true;
    changed_.notify_one();
  }
  void wait_blocking() {
    std::unique_lock held(lock_);
    changed_.wait(held, [this] { return is_set_; });
    is_set_ = false;
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool is_set_ = false;
};

void wait_blocking(notify& n) { benchmark::DoNotOptimize(n.wait_blocking()); }
void wait_blocking(std_notify& n) { n.wait_blocking(); }

// ---- one thread ---------------------------------------------------------------------------------

pawl::task<> notify_and_wait(State& state, notify& n) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      n.notify_one();
      benchmark::DoNotOptimize(co_await n.wait());
    }
  }
}

void co_await_stored(State& state) {
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

void nobody_waits(State& state) {
  notify n;
  repeat(state, [&] { n.notify_waiters(); });
}

BENCHMARK(uncontended_limit)->Name("stored/limit");
BENCHMARK(co_await_stored)->Name("stored/co_await");
BENCHMARK(stored<notify>)->Name("stored/wait_blocking");
BENCHMARK(stored<std_notify>)->Name("stored/std");
BENCHMARK(nobody_waits)->Name("notify_waiters/nobody");

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

BENCHMARK(ping_pong<notify>)->Name("threads/round_trip")->UseRealTime();
BENCHMARK(ping_pong<std_notify>)->Name("threads/std")->UseRealTime();

// ---- tasks --------------------------------------------------------------------------------------

pawl::task<> serve(State& state, notify& ping, notify& pong, bool& ends) {
  for ([[maybe_unused]] auto _ : state) {
    ping.notify_one();
    benchmark::DoNotOptimize(co_await pong.wait());
  }
  ends = true;
  ping.notify_one();
}
pawl::task<> answer(notify& ping, notify& pong, const bool& ends) {
  while (!ends) {
    benchmark::DoNotOptimize(co_await ping.wait());
    pong.notify_one();
  }
}

void hand_over(State& state) {
  notify ping, pong;
  bool ends = false;
  run_together(serve(state, ping, pong, ends), answer(ping, pong, ends));
}

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

// ---- many waiters -------------------------------------------------------------------------------

resumed_in_place wait_again_and_again(notify& n) {
  for (;;) benchmark::DoNotOptimize(co_await n.wait());
}

// The time is that of all.
void broadcast(State& state) {
  notify n;
  std::vector<resumed_in_place> waiters;
  for (int i = 0; i < state.range(0); ++i) waiters.push_back(wait_again_and_again(n));
  for ([[maybe_unused]] auto _ : state) n.notify_waiters();
}

BENCHMARK(broadcast)->Name("broadcast_to")->Arg(10)->Arg(1000)->Arg(100000);

resumed_in_place wait_until_stopped(notify& n, source& stop) {
  for (;;) {
    stop.emplace();
    benchmark::DoNotOptimize(co_await n.wait(stop->get_token()));
    co_await std::suspend_always();
  }
}

void cancel_one_waiter(State& state) {
  notify n;
  cancel_one(state, static_cast<std::size_t>(state.range(0)),
             [&](source& stop) { return wait_until_stopped(n, stop); });
}

BENCHMARK(cancel_one_waiter)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
