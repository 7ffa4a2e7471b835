// Loops that are waits: what sends a thread back to where it stood before it read.
//
// An iteration of one atomic read that reads no variable which others may know of is a function of
// its private state (spin.hpp) and of the value read. Once it has been seen to come back to that
// state, it would do so with that value in every execution: there the read is what a wait for other
// values is, and the explorer treats it so. It takes such a value only if no other is left, and
// blocks; of the iterations before the last, none is an execution of its own.
//
// Of whole programs only: there all that an iteration reads elsewhere is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include <pawl/check/runtime.hpp>

#include "spin.hpp"

namespace pawl::check::engine {

class spin_waits {
 public:
  /// The values that lead back to one state.
  using values = std::vector<rt::word>;

  /// Those known of a thread that stands in `state` before it reads `object`; null: none.
  [[nodiscard]] values* find(const hashed_state& state, const void* object);
  /// Effects: one more.
  /// Returns: all that are known; they stay where they are, for later ones to join.
  values& learn(const hashed_state& state, const void* object, rt::word value);

  /// True of other values than those known.
  [[nodiscard]] static rt::predicate others_than(const values&);

 private:
  struct place {
    std::vector<std::byte> state;
    const void* object;
    values spun;
  };
  std::deque<place> places_;
  std::unordered_multimap<std::uint64_t, place*> by_hash_;
};

}  // namespace pawl::check::engine
