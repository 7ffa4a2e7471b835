#include "skipped_reads.hpp"

#include <algorithm>

namespace pawl::check::engine {

skipped_reads::place* skipped_reads::find(thread_index t, const hashed_state& state) {
  const auto [first, last] = by_hash_.equal_range(state.hash);
  for (auto i = first; i != last; ++i)
    if (place& p = *i->second; p.thread == t && std::ranges::equal(p.state, state.bytes)) return &p;
  return nullptr;
}

void skipped_reads::skip(thread_index t, const hashed_state& from,
                         std::span<const plain_bytes> data) {
  if (data.empty()) return;
  place* p = find(t, from);
  if (p == nullptr) {
    places_.push_back({t, {from.bytes.begin(), from.bytes.end()}, {}});
    p = &places_.back();
    by_hash_.emplace(from.hash, p);
  }
  for (const plain_bytes& read : data) {
    if (std::ranges::find(p->data, read) != p->data.end()) continue;
    p->data.push_back(read);
    new_data_.emplace(t, read);
  }
}

bool skipped_reads::drop(thread_index t, std::span<const plain_bytes> data) {
  const auto is_written = [&](const plain_bytes& read) { return others_write(t, read); };
  if (std::ranges::any_of(data, is_written)) return false;
  for (const plain_bytes& read : data) new_data_.emplace(t, read);
  return true;
}

void skipped_reads::stand(thread_index t, const hashed_state& state, std::uint16_t executed) {
  if (places_.empty()) return;
  if (const place* const p = find(t, state)) stands_.push_back({p, executed});
}

bool skipped_reads::is_contested(std::span<const plain_bytes> data) const {
  return std::ranges::any_of(data, [&](const plain_bytes& read) {
    return std::ranges::any_of(contested_, [&](const plain_bytes& c) { return c.meets(read); });
  });
}

bool skipped_reads::others_write(thread_index t, plain_bytes read) const {
  for (std::uintptr_t word = read.begin / 8; word <= (read.end - 1) / 8; ++word)
    if (const auto w = written_.find(word); w != written_.end() && (w->second & ~(1u << t)) != 0)
      return true;
  return false;
}

bool skipped_reads::end_search() {
  return std::ranges::any_of(std::exchange(new_data_, {}), [&](const auto& read) {
    return others_write(read.first, read.second);
  });
}

}  // namespace pawl::check::engine
