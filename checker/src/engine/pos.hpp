// Partial order sampling (Yuan, Yang, Gu: "Partial Order Aware Concurrency Sampling", CAV 2018).
//
// Each operation that a thread stands before has a random priority, and the enabled one of the
// highest priority is performed. Then the priorities of those that race with it — accesses to the
// same location, one of which may write — are drawn anew: the order of two racing operations is a
// fair draw wherever they meet, however many others are around. A random walk needs luck at each
// step to keep a thread back; here one draw does.
//
// Under sc, loads read the newest store, so that an execution is its interleaving; where memory is
// weaker, sources and places are drawn uniformly among those that are allowed.
#pragma once

#include <array>

#include "sampler.hpp"

namespace pawl::check::engine {

class pos_sampler final : public sampler {
 public:
  using sampler::sampler;

  int next(const std::vector<thread_index>& enabled) override;
  std::size_t select(event_id, const std::vector<alternative>&,
                     const std::function<bool(std::size_t)>& allowed) override;

 private:
  struct pending_event {
    std::uint16_t index = 0;  // 0: the thread has none.
    std::uint64_t priority = 0;
  };

  void prepare() override { pending_ = {}; }

  std::array<pending_event, rt::max_threads> pending_{};
};

}  // namespace pawl::check::engine
