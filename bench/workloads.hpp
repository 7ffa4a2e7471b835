#pragma once
// What the benchmarks of several primitives do.

#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stop_token>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace workloads {

using benchmark::State;

// Operations between two looks at the state, which would count for much beside a few nanoseconds.
inline constexpr int batch = 256;

template <class Operation>
void repeat(State& state, Operation operation) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) operation();
  }
}

// The two operations that taking and giving back execute, bare: the word's value is known.
inline void uncontended_limit(State& state) {
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

// The same by several threads, which wait for nothing but the cache line.
inline void contended_lock_limit(State& state) {
  static std::atomic<std::uint64_t> word{0};
  repeat(state, [&] {
    word.fetch_add(1, std::memory_order_acquire);
    word.fetch_add(1, std::memory_order_release);
  });
}

// They start in order.
template <class... Tasks>
void run_together(Tasks... tasks) {
  pawl::run_loop loop;
  const std::tuple handles{pawl::spawn(loop, std::move(tasks))...};
  loop.finish();
  loop.run();
}

// 64 tasks on two threads, each of which does something so often: make(times) is one. The time is
// that of doing it once.
template <class Make>
void run_64(State& state, Make make) {
  constexpr int tasks = 64;
  constexpr int times = 64;
  pawl::thread_pool pool(2);
  while (state.KeepRunningBatch(tasks * times)) {
    std::vector<pawl::join_handle<void>> running;
    running.reserve(tasks);
    for (int i = 0; i < tasks; ++i) running.push_back(pawl::spawn(pool, make(times)));
    for (auto& each : running) static_cast<void>(std::move(each).join_blocking());
  }
}

inline pawl::task<> take_turns(State& state) {
  for ([[maybe_unused]] auto _ : state) {
    co_await pawl::this_task::reschedule();
    co_await pawl::this_task::reschedule();
  }
}

// A round trip between two tasks is two turns of their loop; here they are all there is to it.
inline void hand_over_limit(State& state) { run_together(take_turns(state)); }

// Others who compute on all processors, as long as it lives.
class busy_processors {
 public:
  busy_processors() {
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
      threads_.emplace_back([](const std::stop_token& end) {
        while (!end.stop_requested()) {}
      });
  }

 private:
  std::vector<std::jthread> threads_;
};

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

// One of n waiters leaves, out of the middle, and joins again. `wait(source&)` is a coroutine that
// makes the source, waits until it is stopped, suspends, and begins again when it is resumed.
template <class Wait>
void cancel_one(State& state, std::size_t n, Wait wait) {
  std::vector<source> sources(n);
  std::vector<resumed_in_place> waiters;
  waiters.reserve(n);
  for (source& each : sources) waiters.push_back(wait(each));
  const std::size_t stride = n * 3 / 5 + 1;
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    sources[i]->request_stop();
    waiters[i].resume();
    i = (i + stride) % n;
  }
}

template <class Begin>
resumed_in_place wait_until_stopped(Begin begin, source& stop) {
  for (;;) {
    stop.emplace();
    const auto ended = co_await begin(stop->get_token());
    static_cast<void>(ended);
    co_await std::suspend_always();
  }
}

// The same, of waits that begin(token) gives.
template <class Begin>
void cancel_one_of(State& state, std::size_t n, Begin begin) {
  cancel_one(state, n, [begin](source& stop) { return wait_until_stopped(begin, stop); });
}
template <class Begin>
void cancel_one_of(State& state, Begin begin) {
  cancel_one_of(state, static_cast<std::size_t>(state.range(0)), begin);
}

}  // namespace workloads
