// What one worker does of a search.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime.hpp"

namespace pawl::check::engine {

/// A worker's runtime and what it has counted; others may read the counts.
struct alignas(64) share {
  share(unsigned n, const options& o, const check::program& p) : number(n), program(o, p) {}

  // Only this worker writes them.
  void count(std::atomic<std::uint64_t>& what) {
    what.store(what.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t executions() const {
    return complete.load(std::memory_order_relaxed) + blocked.load(std::memory_order_relaxed);
  }
  void forget_counts() {
    complete.store(0, std::memory_order_relaxed);
    blocked.store(0, std::memory_order_relaxed);
    discarded.store(0, std::memory_order_relaxed);
    program.search.pruned = 0;
  }

  const unsigned number;
  runtime program;
  std::atomic<std::uint64_t> complete{0}, blocked{0};
  std::atomic<std::uint64_t> discarded{0};  // By an assumption, as long as none is complete.
  std::uint64_t since_gift = 0;             // Runs, since it gave work away or took some.
};

}  // namespace pawl::check::engine
