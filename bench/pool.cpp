// What a use of a pool costs, beside the limit (two read-modify-writes each way: a permit and the
// lists) and beside a pool made of a std::mutex, a std::condition_variable and a std::vector.

#include <pawl/sync/pool.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "workloads.hpp"

namespace {

using namespace workloads;

struct maker {
  int operator()() const { return 1; }
};
using pool = pawl::pool<int, maker>;

constexpr int size = 4;

// What the pool of std has: neither limits of time nor metrics.
pawl::pool_config plain() {
  return {.max_size = size,
          .acquire_timeout = pawl::pool_config::unlimited,
          .idle_timeout = pawl::pool_config::unlimited,
          .max_lifetime = pawl::pool_config::unlimited,
          .metered = false};
}

class std_pool {
 public:
  std_pool() : free_{1, 2, 3, 4} {}

  int acquire() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty(); });
    const int one = free_.back();
    free_.pop_back();
    return one;
  }
  void release(int one) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(one);
    }
    returned_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<int> free_;
};

void limit(State& state) {
  std::atomic<std::uint64_t> permits{4}, lists{0};
  repeat(state, [&] {
    permits.fetch_sub(1, std::memory_order_acquire);
    if (lists.exchange(1, std::memory_order_acquire) != 0) std::abort();
    lists.store(0, std::memory_order_release);
    if (lists.exchange(1, std::memory_order_acquire) != 0) std::abort();
    lists.store(0, std::memory_order_release);
    permits.fetch_add(1, std::memory_order_release);
  });
}

pawl::task<> use_repeatedly(State& state, pool& p) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto one = co_await p.acquire();
      benchmark::DoNotOptimize(**one);
    }
  }
}

void co_await_plain(State& state) {
  pool p(maker(), plain());
  pawl::sync_wait(use_repeatedly(state, p));
}

void co_await_timed(State& state) {
  pool p(maker(), {.max_size = size});
  pawl::sync_wait(use_repeatedly(state, p));
}

void blocking_plain(State& state) {
  pool p(maker(), plain());
  repeat(state, [&] { benchmark::DoNotOptimize(**p.acquire_blocking()); });
}

void try_plain(State& state) {
  pool p(maker(), plain());
  repeat(state, [&] { benchmark::DoNotOptimize(**p.try_acquire()); });
}

void std_plain(State& state) {
  std_pool p;
  repeat(state, [&] {
    const int one = p.acquire();
    benchmark::DoNotOptimize(one);
    p.release(one);
  });
}

// All are in use.
void leave(State& state) {
  pool p(maker(), plain());
  std::vector<decltype(p.try_acquire())> used;
  for (int i = 0; i < size; ++i) used.push_back(p.try_acquire());
  cancel_one_of(state, [&p](pawl::stop_token t) { return p.acquire(t); });
}

BENCHMARK(leave)->Name("cancel_one_of")->Arg(10)->Arg(1000)->Arg(100000);

BENCHMARK(limit)->Name("uncontended/limit");
BENCHMARK(co_await_plain)->Name("uncontended/co_await");
BENCHMARK(co_await_timed)->Name("uncontended/co_await_timed");
BENCHMARK(blocking_plain)->Name("uncontended/blocking");
BENCHMARK(try_plain)->Name("uncontended/try");
BENCHMARK(std_plain)->Name("uncontended/std");

}  // namespace
