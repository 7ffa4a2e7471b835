// States on the way of a walk (state_walk.hpp), to go on from there instead of from the start.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "direct.hpp"
#include "snapshots.hpp"

namespace pawl::check::engine {

class kept_states {
 public:
  /// Effects: pushes the state of the program, which runs directly.
  /// Returns: false if it is too large; nothing is pushed then.
  bool take(runtime&);
  [[nodiscard]] std::size_t size() const { return begins_.size(); }
  /// Effects: forgets all but the first n; the next run begins with the last of these, if n > 0.
  void go_back(std::size_t n);
  /// Effects: if the next run is to begin with a state, makes it that of the program.
  /// Returns: whether it is.
  bool restore(runtime&);

  /// Objects that have ended since this was looked at. That is no operation, but others can tell.
  struct end_of_object {
    thread_index by;
    location_id object;
  };
  std::vector<end_of_object> ended;

 private:
  snapshot_stack threads_;
  std::vector<direct_memory::content> contents_;
  std::vector<std::size_t> begins_;  // In contents_.
  bool goes_on_ = false;
};

}  // namespace pawl::check::engine
