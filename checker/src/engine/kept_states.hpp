// States on the way of a walk (state_walk.hpp), to go on from there instead of from the start.
#pragma once

#include <cstddef>
#include <vector>

#include "direct.hpp"
#include "snapshots.hpp"

namespace pawl::check::engine {

class kept_states {
 public:
  /// Effects: pushes the state of the program and what its objects hold.
  /// Returns: false if it is too large; nothing is pushed then.
  bool take(const runtime& r, const direct_memory& m) {
    if (!threads_.take(r)) return false;
    begins_.push_back(contents_.size());
    m.append_content(contents_);
    return true;
  }
  /// Effects: makes the last one the state of the program.
  void restore_last(runtime& r, direct_memory& m) const {
    threads_.restore(begins_.size() - 1, r);
    m.put_back(std::span(contents_).subspan(begins_.back()));
  }
  void truncate(std::size_t n) {
    if (n >= begins_.size()) return;
    threads_.truncate(n);
    contents_.resize(begins_[n]);
    begins_.resize(n);
  }
  [[nodiscard]] std::size_t size() const { return begins_.size(); }

 private:
  snapshot_stack threads_;
  std::vector<direct_memory::content> contents_;
  std::vector<std::size_t> begins_;
};

}  // namespace pawl::check::engine
