// What cancellation trees cost, beside the limit and beside std::stop_source, which has no children
// (a callback that stops another source makes one of it) and allocates what sources share.

#include <pawl/task/cancellation_source.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>

#include "workloads.hpp"

namespace {

using namespace workloads;
using pawl::cancellation_source;

// ---- looking ------------------------------------------------------------------------------------

void look_limit(State& state) {
  std::atomic<bool> stopped{false};
  repeat(state, [&] { benchmark::DoNotOptimize(stopped.load(std::memory_order_acquire)); });
}

void look(State& state) {
  cancellation_source source;
  const auto token = source.get_token();
  repeat(state, [&] { benchmark::DoNotOptimize(token.stop_requested()); });
}

void look_std(State& state) {
  const std::stop_source source;
  const auto token = source.get_token();
  repeat(state, [&] { benchmark::DoNotOptimize(token.stop_requested()); });
}

BENCHMARK(look_limit)->Name("look/limit");
BENCHMARK(look)->Name("look/token");
BENCHMARK(look_std)->Name("look/std");

// ---- a child comes and goes ---------------------------------------------------------------------

struct std_child {
  explicit std_child(const std::stop_token& parent)
      : link(parent, [this] { source.request_stop(); }) {}

  std::stop_source source;
  std::stop_callback<std::function<void()>> link;
};

void child(State& state) {
  cancellation_source parent;
  repeat(state, [&] {
    cancellation_source child(parent.get_token());
    benchmark::DoNotOptimize(&child);
  });
}

void child_std(State& state) {
  const std::stop_source parent;
  repeat(state, [&] {
    std_child child(parent.get_token());
    benchmark::DoNotOptimize(&child);
  });
}

// Two locks and two unlocks.
void child_limit(State& state) {
  std::atomic<bool> locked{false};
  repeat(state, [&] {
    for (int i = 0; i < 2; ++i) {
      benchmark::DoNotOptimize(locked.exchange(true, std::memory_order_acquire));
      locked.store(false, std::memory_order_release);
    }
  });
}

BENCHMARK(child_limit)->Name("child/limit");
BENCHMARK(child)->Name("child/make_and_end");
BENCHMARK(child_std)->Name("child/std");

// ---- cancelling ---------------------------------------------------------------------------------

// The time is that of a root with n children, made, cancelled and destroyed.
void cancel_all(State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto _ : state) {
    cancellation_source root;
    std::deque<cancellation_source> children;
    for (std::size_t i = 0; i < n; ++i) children.emplace_back(root.get_token());
    root.request_stop();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void cancel_all_std(State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto _ : state) {
    std::stop_source root;
    std::deque<std_child> children;
    for (std::size_t i = 0; i < n; ++i) children.emplace_back(root.get_token());
    root.request_stop();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(cancel_all)->Name("cancel_all_of")->Arg(10)->Arg(1000);
BENCHMARK(cancel_all_std)->Name("cancel_all_of_std")->Arg(10)->Arg(1000);

// ---- waiting ------------------------------------------------------------------------------------

void give_up(State& state) {
  cancellation_source source;
  cancel_one_of(state, [token = source.get_token()](pawl::stop_token t) mutable {
    return token.cancelled(t);
  });
}

BENCHMARK(give_up)->Name("give_up_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
