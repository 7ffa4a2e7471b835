// Variables on stacks that others read before anybody has written them.
#pragma once

#include <cstdint>

#include "shadow.hpp"

namespace pawl::check::instrumented {

/// Effects: nothing is written in what the function that is called next has of the stack.
[[gnu::noinline]] void forget_stack_below();

/// Effects: ends the run if the access reads, on the stack of `owner`, a variable that was not
///   written.
void check_written(engine::runtime&, access, std::uintptr_t granule, engine::thread_index owner,
                   bool atomic);

/// While it lives, what is read are bytes that a function of a library copies, compares or prints:
/// they may have any value.
class reading_bytes {
 public:
  reading_bytes() { now_ = true; }
  ~reading_bytes() { now_ = false; }
  reading_bytes(const reading_bytes&) = delete;
  /// Effects: an execution begins: no function does.
  static void forget() { now_ = false; }
  [[nodiscard]] static bool now() { return now_; }

 private:
  static constinit inline bool now_ = false;
};

}  // namespace pawl::check::instrumented
