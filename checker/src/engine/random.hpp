// Executions drawn at random: the next thread, uniformly; where that does not decide, the source or
// place of each event, too.
#pragma once

#include "sampler.hpp"

namespace pawl::check::engine {

class random_sampler final : public sampler {
 public:
  using sampler::sampler;

  int next(const std::vector<thread_index>& enabled) override { return draw(enabled); }

  std::size_t select(event_id, const std::vector<alternative>& all,
                     const std::function<bool(std::size_t)>& allowed) override {
    return draws_order_alone() ? 0 : draw(0, all, allowed);
  }
};

}  // namespace pawl::check::engine
