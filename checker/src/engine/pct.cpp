#include "pct.hpp"

#include <algorithm>

namespace pawl::check::engine {

void pct_sampler::prepare() {
  priorities_.fill(0);
  step_ = 0;
  weak_ = false;
  points_.clear();
  if (longest_ == 0) return;
  for (unsigned i = 1; i < program().asked().depth; ++i) {
    const std::size_t step = 1 + below(longest_);
    points_.push_back({step, !interleaves() && below(2) == 1});
  }
}

// A thread that appears takes a place in a random order of all; change points lie below it.
std::uint64_t pct_sampler::priority(thread_index t) {
  if (priorities_[t] == 0) priorities_[t] = draw_word() | std::uint64_t{1} << 63;
  return priorities_[t];
}

int pct_sampler::next(const std::vector<thread_index>& enabled) {
  thread_index first = enabled.front();
  for (const thread_index t : enabled)
    if (priority(t) > priority(first)) first = t;
  ++step_;
  weak_ = false;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].step != step_) continue;
    if (points_[i].weak)
      weak_ = true;
    else
      priorities_[first] = i + 1;
  }
  return first;
}

std::size_t pct_sampler::select(event_id, const std::vector<alternative>& all,
                                const std::function<bool(std::size_t)>& allowed) {
  return std::exchange(weak_, false) ? draw(1, all, allowed) : 0;
}

void pct_sampler::end() { longest_ = std::max(longest_, step_); }

}  // namespace pawl::check::engine
