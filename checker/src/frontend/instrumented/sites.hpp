// Places in the program and names of its data, from its debug information. Both are looked for only
// when something is told.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <source_location>
#include <string>
#include <unordered_map>
#include <vector>

#include <pawl/check/runtime.hpp>

#include "variables.hpp"

namespace pawl::check::instrumented {

class sites {
 public:
  sites() { recent_.fill(&none_); }
  /// The place of the instruction before `code`. File and line are known after resolve().
  [[nodiscard]] rt::site at(const void* code) {
    const auto n = reinterpret_cast<std::uintptr_t>(code);
    const entry*& recent = recent_[(n ^ n >> 10) % recent_size];
    if (recent->code != code) [[unlikely]]
      recent = &find(code);
    static_assert(sizeof(rt::site) == sizeof(const entry*));
    return std::bit_cast<rt::site>(recent);
  }
  /// The same for a call, wherever its code belongs: a library, or a function of its headers, may
  /// have passed on what the program asked it for. The stack is searched, in the calling function's
  /// own context.
  [[nodiscard]] rt::site program_frame(const void* code);
  /// What it is the place of.
  [[nodiscard]] static const void* code_of(rt::site);
  /// Effects: looks up files and lines of all sites so far.
  void resolve();
  /// "push (queue.hpp:30)": where the instruction before `code` stands, and where each function
  /// that is inlined there is called; nothing of libraries and of the C++ library's headers.
  [[nodiscard]] std::vector<std::string> frames_at(const void* code);
  /// The symbol of the function that has this code, whatever is inlined there; empty: unknown.
  [[nodiscard]] static std::string function_at(const void* code);
  /// "x", "queue.head", "words[3]+2": what lies at the address; empty: no variable.
  [[nodiscard]] std::string variable(const void*, part = part::innermost);
  /// The same, or "memory at 0x610000901098".
  [[nodiscard]] std::string describe(const void*);
  /// Effects: from now on the address is described so.
  void name(const void*, const char* text);

 private:
  // Laid out like what std::source_location points to.
  struct entry {
    const char* file = "?";
    const char* function = "?";
    unsigned line = 0, column = 0;
    const void* code = nullptr;
  };
  static constexpr std::size_t recent_size = 1024;
  entry& find(const void* code);

  const entry none_;
  std::array<const entry*, recent_size> recent_;
  std::unordered_map<const void*, entry*> entries_;
  std::deque<entry> all_;
  std::deque<std::string> texts_;
  std::unordered_map<const void*, std::string> names_;
  std::size_t resolved_ = 0;
};

extern sites& the_sites;

}  // namespace pawl::check::instrumented
