// What the semaphore costs, beside the limit (one compare-and-swap each way: a semaphore that is
// first in, first out must look before it takes) and beside std::counting_semaphore.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <semaphore>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using benchmark::State;
using pawl::semaphore;

// ---- one thread ---------------------------------------------------------------------------------

// Operations between two looks at the state, which would count for much beside a few nanoseconds.
constexpr int batch = 256;

template <class Operation>
void repeat(State& state, Operation operation) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) operation();
  }
}

// The two operations that an acquire and a release execute, bare: the word's value is known.
void limit(State& state) {
  std::atomic<std::uint64_t> word{1};
  repeat(state, [&] {
    std::uint64_t one = 1;
    std::uint64_t none = 0;
    if (!word.compare_exchange_strong(one, 0, std::memory_order_acquire,
                                      std::memory_order_relaxed) ||
        !word.compare_exchange_strong(none, 1, std::memory_order_release,
                                      std::memory_order_relaxed))
      std::abort();
  });
}

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

BENCHMARK(limit)->Name("uncontended/limit");
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

template <class... Tasks>
void run_together(Tasks... tasks) {
  pawl::run_loop loop;
  const auto handles = std::make_tuple(pawl::spawn(loop, std::move(tasks))...);
  loop.finish();
  loop.run();
}

// The round trip is two turns of the loop; here they are all there is to it.
pawl::task<> take_turns(State& state) {
  for ([[maybe_unused]] auto _ : state) {
    co_await pawl::this_task::reschedule();
    co_await pawl::this_task::reschedule();
  }
}

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

void hand_over_limit(State& state) { run_together(take_turns(state)); }

void hand_over(State& state) {
  semaphore ping(0);
  semaphore pong(0);
  run_together(serve(ping, pong), play(state, ping, pong));
}

BENCHMARK(hand_over_limit)->Name("hand_over/limit");
BENCHMARK(hand_over)->Name("hand_over/round_trip");

// ---- many waiters -------------------------------------------------------------------------------

// A coroutine without a scheduler, so that it is resumed by whoever ends its wait.
class resumed_in_place {
 public:
  struct promise_type {
    resumed_in_place get_return_object() {
      return resumed_in_place(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::abort(); }
  };

  resumed_in_place(resumed_in_place&& other) noexcept
      : coroutine_(std::exchange(other.coroutine_, {})) {}
  ~resumed_in_place() {
    if (coroutine_) coroutine_.destroy();
  }

  void resume() const { coroutine_.resume(); }

 private:
  explicit resumed_in_place(std::coroutine_handle<promise_type> c) : coroutine_(c) {}

  std::coroutine_handle<promise_type> coroutine_;
};

using source = std::optional<pawl::stop_source>;

resumed_in_place wait_until_stopped(semaphore& s, source& stop) {
  for (;;) {
    stop.emplace();
    const auto refused = co_await s.acquire(1, stop->get_token());
    co_await std::suspend_always();
  }
}

// One of n waiters leaves, out of the middle, and joins again.
void cancel_one(State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  semaphore s(0);
  std::vector<source> sources(n);
  std::vector<resumed_in_place> waiters;
  waiters.reserve(n);
  for (source& each : sources) waiters.push_back(wait_until_stopped(s, each));
  const std::size_t stride = n * 3 / 5 + 1;
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    sources[i]->request_stop();
    waiters[i].resume();
    i = (i + stride) % n;
  }
}

BENCHMARK(cancel_one)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
