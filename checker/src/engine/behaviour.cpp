#include "behaviour.hpp"

#include <algorithm>
#include <cstring>

namespace pawl::check::engine {

state_id behaviour::learn(const step& s, const thread_state& t, std::uint64_t same_as) {
  auto to = static_cast<state_id>(states_.size());
  if (same_as != 0) to = named_.try_emplace(same_as, to).first->second;
  if (to == states_.size()) states_.push_back(t);
  if (2 * ++edge_count_ > edges_.size()) {
    std::vector<edge> former(2 * edges_.size());
    former.swap(edges_);
    for (const edge& e : former)
      if (e.to != 0) insert(e);
  }
  insert({s, to});
  return to;
}

void behaviour::insert(const edge& e) {
  std::size_t i = hash(e.by) & (edges_.size() - 1);
  while (edges_[i].to != 0) i = (i + 1) & (edges_.size() - 1);
  edges_[i] = e;
}

void effect_watch::begin(const std::vector<piece>& memory) {
  bytes_.clear();
  sizes_.clear();
  for (const piece& p : memory) {
    bytes_.insert(bytes_.end(), p.from, p.from + p.size);
    sizes_.push_back(p.size);
  }
}

effect_watch::effect effect_watch::end(const std::vector<piece>& memory, piece stack) const {
  effect out;
  const auto first = reinterpret_cast<std::uintptr_t>(stack.from);
  const auto note = [&](const std::byte* at, std::size_t size) {
    word w = 0;
    std::memcpy(&w, at, size);
    out.name = mix(mix(out.name + 1, reinterpret_cast<std::uintptr_t>(at)), w);
    out.hands_out_stack = out.hands_out_stack || w - first < stack.size;
  };
  const std::byte* before = bytes_.data();
  for (std::size_t n = 0; n < memory.size(); ++n) {
    const piece p = memory[n];
    const std::size_t known = n < sizes_.size() ? std::min(sizes_[n], p.size) : 0;
    const bool same = known == p.size && (known == 0 || std::memcmp(before, p.from, known) == 0);
    for (std::size_t i = 0; !same && i < p.size; i += sizeof(word)) {
      const std::size_t size = std::min(sizeof(word), p.size - i);
      if (i + size > known || std::memcmp(before + i, p.from + i, size) != 0)
        note(p.from + i, size);
    }
    if (n < sizes_.size()) before += sizes_[n];
  }
  return out;
}

}  // namespace pawl::check::engine
