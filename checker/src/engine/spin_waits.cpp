#include "spin_waits.hpp"

#include <algorithm>

namespace pawl::check::engine {
namespace {

std::uint64_t key_of(const hashed_state& state, const void* object) {
  return state.hash ^ reinterpret_cast<std::uintptr_t>(object);
}

}  // namespace

spin_waits::values* spin_waits::find(const hashed_state& state, const void* object) {
  if (places_.empty()) return nullptr;
  const auto [first, last] = by_hash_.equal_range(key_of(state, object));
  for (auto i = first; i != last; ++i)
    if (place& p = *i->second; p.object == object && std::ranges::equal(p.state, state.bytes))
      return &p.spun;
  return nullptr;
}

spin_waits::values& spin_waits::learn(const hashed_state& state, const void* object,
                                      rt::word value) {
  values* spun = find(state, object);
  if (spun == nullptr) {
    places_.push_back({{state.bytes.begin(), state.bytes.end()}, object, {}});
    by_hash_.emplace(key_of(state, object), &places_.back());
    spun = &places_.back().spun;
  }
  if (std::ranges::find(*spun, value) == spun->end()) spun->push_back(value);
  return *spun;
}

rt::predicate spin_waits::others_than(const values& spun) {
  return {[](const rt::word* captured, rt::word v) {
            const values& known = *reinterpret_cast<const values*>(captured[0]);
            return std::ranges::find(known, v) == known.end();
          },
          {reinterpret_cast<rt::word>(&spun)}};
}

}  // namespace pawl::check::engine
