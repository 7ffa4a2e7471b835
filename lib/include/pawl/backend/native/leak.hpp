#pragma once
// Native backend, and Relacy's: what was taken and never given back.

#include <pawl/backend/namespace.hpp>

#include <cstdio>
#include <cstdlib>

PAWL_BEGIN

namespace detail {

// Effects: tells that something was never given back, on the standard error stream. For the
//   checker it is a bug of the program, and the execution ends; so it is for programs that are
//   checked as they are (__PAWL__, see docs/programs.md).
inline void report_leak(const char* what) noexcept {
  std::fprintf(stderr, "pawl: %s\n", what);
#if defined(__PAWL__)
  std::abort();
#endif
}

// A part of each object that owns something; nothing here. By it the checker tells of leaked memory
// that somebody in it never gave back what he took, and when he took it.
class ownership_mark {
 public:
  constexpr void begin(const void* /*of*/) noexcept {}
  constexpr void end() noexcept {}
  constexpr void take(ownership_mark& /*other*/) noexcept {}
};

}  // namespace detail

PAWL_END
