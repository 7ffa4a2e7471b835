// What the program calls the parts of its variables, from its debug information.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <pawl/check/runtime.hpp>

#include "../../engine/runtime.hpp"

namespace pawl::check::instrumented {

/// Of the parts that begin in one place: the one that is accessed, or the one that a pointer is to.
enum class part : std::uint8_t { innermost, outermost };

/// ".next", "[2].key", "+8" if more is not known; empty: the variable itself. `variable`: the
/// address of a static one; the part begins at `offset`.
[[nodiscard]] std::string part_of_static(std::uintptr_t variable, std::size_t offset, part);

/// Variables of functions that start threads or use atomic objects, in an execution that is told.
class stack_variables {
 public:
  /// Effects: remembers which functions the running thread is in, and of those that have returned
  ///   what lies below.
  void note(const engine::runtime& r) { note(r, r.running()); }
  /// The same of another thread, on whose stack this is called.
  void note(const engine::runtime&, engine::thread_index);
  /// "queue.mutex": of the function that has this memory, or had it last; empty: unknown.
  [[nodiscard]] std::string name_at(const void*, part) const;
  /// "done": the same, if this memory is all of a variable that is a number, a pointer or, which it
  ///   must be if it has one byte, a truth value; empty: not, or unknown.
  [[nodiscard]] std::string simple_at(const void*, std::size_t size) const;

 private:
  struct frame {
    const void* code;
    std::uintptr_t begin, end;  // Of its stack: `end` is its canonical frame address.
  };
  [[nodiscard]] const frame* frame_at(std::uintptr_t) const;

  std::uint32_t run_ = 0;
  std::array<std::vector<frame>, rt::max_threads> known_;  // None overlap.
};

extern stack_variables& the_stack_variables;

}  // namespace pawl::check::instrumented
