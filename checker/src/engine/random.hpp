// Executions drawn at random: the next thread and the source or place of each event, uniformly.
#pragma once

#include <numeric>
#include <random>

#include "runtime.hpp"

namespace pawl::check::engine {

class random_selector final : public selector, public thread_selector {
 public:
  /// The n-th execution of a seed is the same on every machine.
  void seed(std::uint64_t seed, std::uint64_t n) {
    generator_.seed(seed * 0x9e3779b97f4a7c15u + n * 0xbf58476d1ce4e5b9u + 1);
  }

  int next(const std::vector<thread_index>& enabled) override {
    return enabled[below(enabled.size())];
  }

  std::size_t select(event_id, const std::vector<alternative>& all,
                     const std::function<bool(std::size_t)>& allowed) override {
    order_.resize(all.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    for (std::size_t n = all.size(); n > 1; --n) {
      std::swap(order_[n - 1], order_[below(n)]);
      if (allowed(order_[n - 1])) return order_[n - 1];
    }
    return order_[0];
  }

  std::uint32_t choose(event_id, std::uint32_t n) override {
    return static_cast<std::uint32_t>(below(n));
  }

 private:
  std::size_t below(std::size_t n) { return generator_() % n; }

  std::mt19937_64 generator_;
  std::vector<std::size_t> order_;
};

}  // namespace pawl::check::engine
