// Where a search stands in its tree, and how another explorer goes there: see checkpoint.hpp and
// division.hpp.
#include <algorithm>

#include "explorer.hpp"

namespace pawl::check::engine {

explorer::position explorer::where() const {
  position p{path_, roots_, above_roots_, top_.value(), {}};
  p.levels.reserve(levels_.size());
  for (const level& l : levels_) p.levels.push_back({l.visited, l.left, l.executions});
  return p;
}

// What was pending above is done, and left nothing behind.
bool explorer::follow(std::uint64_t below) {
  if (below < frames_.back().items || below >= items_.size()) return false;
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(below) + 1, items_.end());
  const item it = items_.back();
  items_.pop_back();
  if (it.depth != path_.size() + 1) return false;
  path_.push_back(below);
  forget_branches(it);
  depth_ = it.depth;
  (void)at_level(depth_);
  goes_on_ = apply(it) && !beyond_bound();
  return true;
}

void explorer::arrive(const position& p) {
  goes_on_ = true;
  roots_ = p.roots;
  above_roots_ = p.above_roots;
  top_ = fingerprint(p.top);
  levels_.clear();
  for (std::size_t i = 0; i < p.levels.size(); ++i) {
    const auto [visited, left, executions] = p.levels[i];
    at_level(static_cast<unsigned>(i)) = {visited, left, executions};
  }
}

// What was given away before is older, and pending work that is older is not deeper.
std::optional<gift> explorer::give(std::uint64_t most_decisions) {
  const auto from = items_.begin() + static_cast<std::ptrdiff_t>(floor_);
  const auto first = std::partition_point(from, items_.end(), [this](const item& it) {
    return it.given || it.depth <= division_->depth;
  });
  if (items_.end() - first < 2 || first->depth > most_decisions + 1) return std::nullopt;
  const auto deeper = std::partition_point(
      first, items_.end(), [&](const item& it) { return it.depth == first->depth; });
  const auto after = first + (deeper - first + 1) / 2;
  for (auto it = first; it != after; ++it) it->given = true;
  const auto path_end = path_.begin() + static_cast<std::ptrdiff_t>(first->depth - 1);
  return gift{{path_.begin(), path_end},
              static_cast<std::uint64_t>(first - items_.begin()),
              static_cast<std::uint64_t>(after - items_.begin()),
              generation_};
}

bool explorer::take(const gift& g, const position& before) {
  if (g.first < frames_.back().items || g.after > items_.size()) return false;
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(g.after), items_.end());
  floor_ = frames_.back().items = g.first;
  outermost_ = frames_.size();
  arrive(before);
  return true;
}

void explorer::add_pending(fingerprint& f) const {
  f.add_word(frames_.size());
  for (const item& it : items_) add_item(f, it);
}

}  // namespace pawl::check::engine
