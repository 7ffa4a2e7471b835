// Executions guided by reads-from coverage (after Wolff, Zheng, Duck, Mathur, Roychoudhury:
// "Greybox Fuzzing for Concurrency Testing", ASPLOS 2024, without its mutation of schedules).
//
// What counts as seen is which load read which store, in any execution so far. A thread that can
// read a store that it has not read yet moves first, and takes that store. A thread that can't, but
// could if another one performed a store that is known from former executions, is held back. What
// this leaves open, and one step in eight, is drawn uniformly, so that every execution remains
// possible.
#pragma once

#include "sampler.hpp"

namespace pawl::check::engine {

class guided_sampler final : public sampler {
 public:
  using sampler::sampler;

  int next(const std::vector<thread_index>& enabled) override;
  std::size_t select(event_id, const std::vector<alternative>&,
                     const std::function<bool(std::size_t)>& allowed) override;
  void end() override;

 private:
  enum class prospect : std::uint8_t { something_new, to_come, nothing };

  [[nodiscard]] prospect prospect_of(thread_index) const;
  [[nodiscard]] bool is_new(event_id load, event_id source) const;
  void note_store(location_id, event_id);

  std::unordered_set<std::uint64_t> seen_;      // Pairs of a load and a store.
  std::vector<std::vector<event_id>> writers_;  // The stores of each location.
  std::vector<thread_index> first_, last_;
};

}  // namespace pawl::check::engine
