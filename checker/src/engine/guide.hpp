// Executions that are prescribed: by a graph to be re-enacted, or by a replay token.
#pragma once

#include <fmt/format.h>

#include <map>

#include "linearize.hpp"
#include "runtime.hpp"
#include "token.hpp"

namespace pawl::check::engine {

/// Re-enacts the events of a graph in a given order, and notes the steps for a token.
class reenactment final : public selector, public thread_selector {
 public:
  reenactment(const graph& g, std::vector<event_id> order) : order_(std::move(order)) {
    for (location_id l = 0; l < g.location_count(); ++l) {
      std::uint32_t rank = 0;
      for (event_id s = g.mo_next(l, initial_store); s != no_event; s = g.at(s).mo_after)
        ranks_[key(s)] = ++rank;
    }
    for (const event_id id : order_) wanted_.push_back(g.at(id));
  }

  int next(const std::vector<thread_index>&) override {
    moving_ = steps.size() < order_.size();
    if (!moving_) return -1;
    steps.push_back({static_cast<std::uint8_t>(order_[steps.size()].thread), 0});
    return steps.back().thread;
  }

  std::size_t select(event_id id, const std::vector<alternative>& all,
                     const std::function<bool(std::size_t)>&) override {
    if (!moving_) return 0;  // A wait that is blocked at the end.
    moving_ = false;
    const event& e = wanted_[steps.size() - 1];
    std::size_t i = 0;
    if (e.reads) {
      while (i < all.size() && !(all[i].store == e.source && all[i].spurious == e.spurious)) ++i;
    } else {  // Behind the newest store that precedes it in the whole graph.
      while (i < all.size() && !all[i].store.initial() &&
             ranks_[key(all[i].store)] > ranks_[key(id)])
        ++i;
    }
    return steps.back().alternative = static_cast<std::uint32_t>(i < all.size() ? i : 0);
  }

  std::uint32_t choose(event_id, std::uint32_t) override {
    return steps.back().alternative = static_cast<std::uint32_t>(wanted_[steps.size() - 1].read);
  }

  /// The steps with threads numbered in the order in which they start, as in a process that has
  /// seen no other execution. `stalled` is renumbered, too.
  [[nodiscard]] std::vector<prescribed_step> portable_steps(int& stalled) const {
    std::map<unsigned, unsigned> number{{0, 0}};
    std::vector<prescribed_step> out = steps;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].thread = static_cast<std::uint8_t>(number.at(out[i].thread));
      if (wanted_[i].op == operation::spawn)
        number.try_emplace(static_cast<unsigned>(wanted_[i].read),
                           static_cast<unsigned>(number.size()));
    }
    if (stalled >= 0) {
      const auto known = number.find(static_cast<unsigned>(stalled));
      stalled = known != number.end() ? static_cast<int>(known->second) : rt::max_threads - 1;
    }
    return out;
  }

  std::vector<prescribed_step> steps;

 private:
  static std::uint32_t key(event_id e) {
    return static_cast<std::uint32_t>(e.thread) << 16 | e.index;
  }

  bool moving_ = false;
  std::vector<event_id> order_;
  std::vector<event> wanted_;
  std::map<std::uint32_t, std::uint32_t> ranks_;
};

/// Follows a token; `mismatch` says where the program did not offer what the token prescribes.
class token_guide final : public selector, public thread_selector {
 public:
  explicit token_guide(const token& t) : token_(t) {}

  int next(const std::vector<thread_index>&) override {
    moving_ = at_ < token_.steps.size() && mismatch.empty();
    if (moving_) return token_.steps[at_++].thread;
    if (mismatch.empty()) mismatch = "its execution goes on where that of the token failed";
    return -1;
  }
  void refused(thread_index t) override {
    mismatch = fmt::format("step {} wants thread {} to move, which can't", at_, t);
  }
  std::size_t select(event_id, const std::vector<alternative>& all,
                     const std::function<bool(std::size_t)>&) override {
    return taken(all.size());
  }
  std::uint32_t choose(event_id, std::uint32_t n) override {
    return static_cast<std::uint32_t>(taken(n));
  }

  std::string mismatch;

 private:
  std::size_t taken(std::size_t n) {
    if (!moving_) return 0;  // A wait that is blocked at the end.
    moving_ = false;
    const std::size_t i = token_.steps[at_ - 1].alternative;
    if (i < n) return i;
    mismatch = fmt::format("step {} takes alternative {} of {}", at_, i + 1, n);
    return 0;
  }

  const token& token_;
  std::size_t at_ = 0;
  bool moving_ = false;
};

}  // namespace pawl::check::engine
