#pragma once
// What is measured of what is made once, when it is there: ours, and flags with a function.

#include <pawl/sync/once_cell.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <coroutine>
#include <mutex>

#include "workloads.hpp"

namespace workloads::once_cells {

inline int make() { return 7; }

// Reads what no optimiser may leave out, and says nothing about other memory: what a coroutine has
// in its frame need not be written for it. (As the other side does it.)
inline void look(const int& value) { static_cast<void>(*static_cast<const volatile int*>(&value)); }

// Asks so by `get(cell)`, where the value is there. Four at a time: the counter is in the frame of
// the coroutine, and counting there takes longer than asking. (tokio is faster one at a time.)
template <class Get>
pawl::task<> get_repeatedly(State& state, Get get) {
  pawl::once_cell<int> cell(make());
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; i += 4) {
      look(**co_await get(cell));
      look(**co_await get(cell));
      look(**co_await get(cell));
      look(**co_await get(cell));
    }
  }
}

inline void co_await_there(State& state) {
  const auto get = [](auto& cell) { return cell.get_or_init([] { return make(); }); };
  pawl::sync_wait(get_repeatedly(state, get));
}
inline void co_await_there_or_error(State& state) {
  const auto get = [](auto& cell) {
    return cell.get_or_try_init([]() -> pawl::result<int> { return make(); });
  };
  pawl::sync_wait(get_repeatedly(state, get));
}

// The least that it could cost in a loop of a coroutine, whose variables are in memory: one load.
inline pawl::task<> load_repeatedly(State& state, const std::atomic<const int*>& c) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; i += 4) {
      co_await std::suspend_never();
      look(*c.load(std::memory_order_acquire));
      look(*c.load(std::memory_order_acquire));
      look(*c.load(std::memory_order_acquire));
      look(*c.load(std::memory_order_acquire));
    }
  }
}

inline void co_await_nothing_there(State& state) {
  const int seven = make();
  const std::atomic<const int*> c{&seven};
  pawl::sync_wait(load_repeatedly(state, c));
}

inline void blocking_there(State& state) {
  pawl::once_cell<int> c;
  repeat(state, [&] { benchmark::DoNotOptimize(**c.get_or_init_blocking(&make)); });
}

// A flag, and a function that calls another one once with it.
template <class Flag, class CallOnce>
void flag_there(State& state, CallOnce call_once) {
  Flag once{};  // boost's is an aggregate
  int value = 0;
  repeat(state, [&] {
    call_once(once, [&] { value = make(); });
    benchmark::DoNotOptimize(value);
  });
}

inline void std_there(State& state) {
  flag_there<std::once_flag>(state, [](auto& once, auto f) { std::call_once(once, f); });
}

}  // namespace workloads::once_cells
