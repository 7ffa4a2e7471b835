// The functions that were running at the accesses of an execution that is told.
#pragma once

#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "../../engine/runtime.hpp"
#include "shadow.hpp"

namespace pawl::check::instrumented {

class stacks {
 public:
  /// Effects: remembers from where the running thread makes this access.
  void note(const engine::runtime&, const access&);
  /// "  in push (queue.hpp:30)", a line for each function, the innermost first; empty if it was not
  /// noted in this run.
  [[nodiscard]] std::vector<std::string> lines_of(const engine::runtime&, const access&) const;

 private:
  using key = std::tuple<unsigned, std::int32_t, const void*>;
  static key key_of(const access& a) { return {a.thread(), a.at(), a.code()}; }

  std::uint32_t run_ = 0;
  std::map<key, std::vector<const void*>> known_;
};

extern stacks& the_stacks;

}  // namespace pawl::check::instrumented
