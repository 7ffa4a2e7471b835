// Strategies that draw executions one by one instead of enumerating them.
//
// A strategy decides which thread moves next and, where memory is weak, which store a load reads
// and where a store is put. What it draws is a function of the seed, the program and the executions
// it has drawn before, on every machine; a replay token needs none of them.
#pragma once

#include <memory>
#include <random>
#include <unordered_set>
#include <vector>

#include "explorer.hpp"
#include "runtime.hpp"

namespace pawl::check::engine {

class sampler : public selector, public thread_selector {
 public:
  explicit sampler(const runtime& r) : runtime_(r) {}
  sampler(const sampler&) = delete;
  virtual ~sampler() = default;

  /// Effects: prepares for the n-th execution, from 0.
  void begin(std::uint64_t n) {
    generator_.seed(runtime_.asked().seed * 0x9e3779b97f4a7c15u + n * 0xbf58476d1ce4e5b9u + 1);
    prepare();
  }
  /// Effects: learns from the execution that has ended.
  virtual void end() {}

  /// Values that the program asks for are drawn uniformly.
  std::uint32_t choose(event_id, std::uint32_t n) override {
    return static_cast<std::uint32_t>(below(n));
  }

 protected:
  /// An alternative that is allowed, uniformly among those from `first` on; 0 if none is.
  std::size_t draw(std::size_t first, const std::vector<alternative>& all,
                   const std::function<bool(std::size_t)>& allowed);
  thread_index draw(const std::vector<thread_index>& some) { return some[below(some.size())]; }
  std::size_t below(std::size_t n) { return generator_() % n; }
  std::uint64_t draw_word() { return generator_(); }
  [[nodiscard]] const runtime& program() const { return runtime_; }
  /// True if thread `t` stands before an operation that is not performed yet.
  [[nodiscard]] bool stands(thread_index t) const {
    using state = runtime::model_thread::state;
    const state at = runtime_.thread(t).at;
    return at == state::frontier || at == state::spinning;
  }
  /// True if executions are interleavings: one that reads the newest store is drawn by its order.
  [[nodiscard]] bool interleaves() const {
    return runtime_.asked().memory_model == memory_model::sc;
  }
  /// True if nothing else is drawn.
  [[nodiscard]] bool draws_order_alone() const {
    return interleaves() && runtime_.asked().weak_cas_fails == 0;
  }

 private:
  virtual void prepare() {}

  const runtime& runtime_;
  std::mt19937_64 generator_;
  std::vector<std::size_t> order_;
};

/// The sampler of a strategy that draws (see is_drawn), which must not outlive the runtime.
[[nodiscard]] std::unique_ptr<sampler> make_sampler(const runtime&);

/// Tells execution graphs apart.
[[nodiscard]] std::uint64_t hash_of(const graph&);

/// Counts execution graphs that differ, by their hashes, up to report::most_distinct.
class distinct_graphs {
 public:
  void note(std::uint64_t hash);
  [[nodiscard]] std::uint64_t count() const { return hashes_.size(); }

 private:
  std::unordered_set<std::uint64_t> hashes_;  // Of 64 bits: two graphs in a million rarely share.
};

}  // namespace pawl::check::engine
