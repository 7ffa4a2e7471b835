#pragma once
// What is done with cancellation trees and stop callbacks, and with those of std, where a callback
// that stops another source makes a child of it.

#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/stop_token.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>

#include "workloads.hpp"

namespace workloads::cancellations {

using pawl::cancellation_source;

// ---- looking ------------------------------------------------------------------------------------

inline void look_limit(State& state) {
  std::atomic<bool> stopped{false};
  repeat(state, [&] { benchmark::DoNotOptimize(stopped.load(std::memory_order_acquire)); });
}

template <class Source>
void look(State& state) {
  Source source;
  const auto token = source.get_token();
  repeat(state, [&] { benchmark::DoNotOptimize(token.stop_requested()); });
}

// ---- what comes and goes ------------------------------------------------------------------------

// Two locks and two unlocks.
inline void come_and_go_limit(State& state) {
  std::atomic<bool> locked{false};
  repeat(state, [&] {
    for (int i = 0; i < 2; ++i) {
      benchmark::DoNotOptimize(locked.exchange(true, std::memory_order_acquire));
      locked.store(false, std::memory_order_release);
    }
  });
}

struct std_child {
  explicit std_child(const std::stop_token& parent)
      : link(parent, [this] { source.request_stop(); }) {}

  std::stop_source source;
  std::stop_callback<std::function<void()>> link;
};

template <class Source, class Child>
void child_comes_and_goes(State& state) {
  Source parent;
  repeat(state, [&] {
    Child child(parent.get_token());
    benchmark::DoNotOptimize(&child);
  });
}

template <class Source, template <class F> class Callback>
void callback_comes_and_goes(State& state) {
  Source source;
  bool called = false;
  const auto call = [&called]() noexcept { called = true; };
  repeat(state, [&] {
    Callback<decltype(call)> callback(source.get_token(), call);
    benchmark::DoNotOptimize(&callback);
  });
}

// ---- cancelling ---------------------------------------------------------------------------------

// The time is that of a root with n children, made, cancelled and destroyed.
template <class Source, class Child>
void cancel_family(State& state, std::size_t n) {
  for ([[maybe_unused]] auto _ : state) {
    Source root;
    std::deque<Child> children;
    for (std::size_t i = 0; i < n; ++i) children.emplace_back(root.get_token());
    root.request_stop();
  }
}

// Two tasks wait for each other to cancel a source, which they make anew each time.
using fresh_source = std::optional<cancellation_source>;

inline pawl::task<> cancel_first(State& state, bool& is_over, fresh_source& mine,
                                 fresh_source& others) {
  for ([[maybe_unused]] auto _ : state) {
    others->request_stop();
    benchmark::DoNotOptimize(co_await mine->get_token().cancelled());
    mine.emplace();
  }
  is_over = true;
  others->request_stop();
}
inline pawl::task<> cancel_each(const bool& is_over, fresh_source& mine, fresh_source& others) {
  for (;;) {
    benchmark::DoNotOptimize(co_await mine->get_token().cancelled());
    if (is_over) break;
    mine.emplace();
    others->request_stop();
  }
}

inline void hand_over(State& state) {
  fresh_source ping(std::in_place), pong(std::in_place);
  bool is_over = false;
  run_together(cancel_each(is_over, ping, pong), cancel_first(state, is_over, pong, ping));
}

// ---- waiting ------------------------------------------------------------------------------------

inline void give_up_one(State& state, std::size_t waiters) {
  cancellation_source source;
  cancel_one_of(state, waiters,
                [token = source.get_token()](pawl::stop_token t) { return token.cancelled(t); });
}

}  // namespace workloads::cancellations
