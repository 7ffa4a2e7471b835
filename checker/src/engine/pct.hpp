// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010).
//
// Threads have random priorities, and the enabled thread of the highest one moves. At d - 1 of the
// k steps, drawn uniformly, the thread that moves gets a priority below all others. A bug that d
// ordering constraints make happen is found with probability at least 1/(n·k^(d-1)) a run, for n
// threads. k is the length of the longest execution so far; the first one, which has no change
// points, finds it out.
//
// Loads read the newest store and stores come last in mo, so that an execution is its interleaving.
// Where memory is weaker than sc, half of the change points do something else: the event of their
// step takes another source or place, uniformly among those that are allowed. A bug that s switches
// and w such choices among at most a alternatives make happen, s + w = d - 1, is found with
// probability at least 1/(n·(2k)^(d-1)·a^w).
#pragma once

#include <array>

#include "sampler.hpp"

namespace pawl::check::engine {

class pct_sampler final : public sampler {
 public:
  using sampler::sampler;

  int next(const std::vector<thread_index>& enabled) override;
  std::size_t select(event_id, const std::vector<alternative>&,
                     const std::function<bool(std::size_t)>& allowed) override;
  void end() override;

 private:
  struct change_point {
    std::size_t step;
    bool weak;  // The event takes another alternative; otherwise its thread falls back.
  };

  void prepare() override;
  std::uint64_t priority(thread_index);

  std::array<std::uint64_t, rt::max_threads> priorities_{};  // 0: not drawn yet.
  std::vector<change_point> points_;
  std::size_t step_ = 0, longest_ = 0;
  bool weak_ = false;
};

}  // namespace pawl::check::engine
