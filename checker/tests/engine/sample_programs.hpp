// Programs whose searches are divided and interrupted.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

#include "models.hpp"

namespace pawl::check::tests {

template <class Body>
inline void on_threads(std::size_t n, const Body& body) {
  std::array<thread, 8> threads;
  for (std::size_t i = 0; i < n; ++i) threads[i] = thread([&body, i] { body(i); });
  for (std::size_t i = 0; i < n; ++i) threads[i].join();
}

inline void increments() {  // Backward revisits.
  atomic<int> x{0};
  on_threads(7, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
}

inline void waits() {
  atomic<int> flag{0}, x{0};
  on_threads(6, [&](std::size_t i) {
    if (i < 2) {
      if (x.fetch_add(1, memory_order_relaxed) == 3) flag.store(1, memory_order_relaxed);
    } else if (i == 2) {
      flag.store(1, memory_order_relaxed);
    } else if (i == 3) {
      spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
    } else {
      x.fetch_add(1, memory_order_relaxed);
    }
  });
}

inline void threads_that_depend_on_the_execution() {
  atomic<int> x{0};
  on_threads(3, [&](std::size_t i) {
    if (x.fetch_add(1, memory_order_relaxed) != static_cast<int>(i)) return;
    on_threads(2, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
  });
}

// A thread spins in one order of increments, which is below the roots.
inline void spins_late() {
  atomic<int> x{0};
  std::array<int, 7> before{};
  on_threads(7, [&](std::size_t i) { before[i] = x.fetch_add(1, memory_order_relaxed); });
  if (before != std::array{6, 4, 5, 3, 2, 1, 0}) return;
  atomic<int> flag{0};
  thread other([&] { flag.store(1, memory_order_release); });
  while (flag.load(memory_order_acquire) == 0) this_thread::yield();
  other.join();
}

// The wait and the stores that nothing orders are in different parts.
inline void waits_and_unordered_stores_apart() {
  atomic<int> flag{0};
  constexpr unsigned parts = 20'000, waiting = 4000, unordered = 17'001;
  const unsigned first = choose(2u), part = first == 0 ? 0 : choose(parts);
  (void)choose(2u);
  on_threads(2, [&](std::size_t i) {
    if (part == waiting && i == 0)
      spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
    else if (part == unordered || (part == waiting && i == 1))
      flag.store(1, memory_order_release);
  });
}

inline std::string totals(const report& r) {
  return fmt::format("{} complete, {} blocked, {} pruned", r.complete, r.blocked, r.pruned);
}

}  // namespace pawl::check::tests
