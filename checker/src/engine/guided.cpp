#include "guided.hpp"

#include <algorithm>

namespace pawl::check::engine {
namespace {

std::uint64_t pair(event_id load, event_id source) {
  return std::uint64_t{load.thread} << 48 | std::uint64_t{load.index} << 32 |
         std::uint64_t{source.thread} << 16 | source.index;
}

}  // namespace

bool guided_sampler::is_new(event_id load, event_id source) const {
  return !seen_.contains(pair(load, source));
}

guided_sampler::prospect guided_sampler::prospect_of(thread_index t) const {
  const request& q = *program().thread(t).pending;
  if (q.location == no_location || !reads(q.op)) return prospect::nothing;
  const graph& g = program().search.graph;
  const event_id load{t, static_cast<std::uint16_t>(program().thread(t).executed + 1)};
  for (event_id s = g.mo_last(q.location);; s = g.at(s).mo_before) {
    if (is_new(load, s)) return prospect::something_new;
    if (s.initial()) break;
  }
  if (q.location >= writers_.size()) return prospect::nothing;
  for (const event_id s : writers_[q.location])
    if (s.thread != t && s.index > g.size(s.thread) && !g.finished(s.thread) && is_new(load, s))
      return prospect::to_come;
  return prospect::nothing;
}

int guided_sampler::next(const std::vector<thread_index>& enabled) {
  if (below(8) == 0) return draw(enabled);
  first_.clear();
  last_.clear();
  for (const thread_index t : enabled) {
    const prospect p = prospect_of(t);
    if (p == prospect::something_new) first_.push_back(t);
    if (p == prospect::nothing) last_.push_back(t);
  }
  return draw(!first_.empty() ? first_ : !last_.empty() ? last_ : enabled);
}

std::size_t guided_sampler::select(event_id id, const std::vector<alternative>& all,
                                   const std::function<bool(std::size_t)>& allowed) {
  const bool reads = program().search.graph.at(id).reads;
  for (std::size_t i = 0; reads && i < all.size(); ++i)
    if (is_new(id, all[i].store) && allowed(i)) return i;
  return draw(0, all, allowed);
}

void guided_sampler::end() {
  const graph& g = program().search.graph;
  for (const event_id id : g.trail()) {
    const event& e = g.at(id);
    if (e.reads) seen_.insert(pair(id, e.source));
    if (e.writes) note_store(e.location, id);
  }
}

void guided_sampler::note_store(location_id l, event_id id) {
  if (writers_.size() <= l) writers_.resize(l + 1);
  auto& known = writers_[l];
  if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
}

}  // namespace pawl::check::engine
