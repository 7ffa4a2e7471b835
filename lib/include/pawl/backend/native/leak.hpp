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

// A part of each object that owns something. By it the checker tells of leaked memory that somebody
// in it never gave back what he took, and when he took it; and a build with PAWL_DEBUG, what a
// thread owns by objects on its own stack. Otherwise it is nothing.
class ownership_mark {
 public:
#if defined(PAWL_BACKEND_DEBUG)
  ownership_mark() noexcept = default;
  ownership_mark(const ownership_mark&) = delete;
  ownership_mark& operator=(const ownership_mark&) = delete;
  ~ownership_mark() { end(); }

  void begin(const void* of) noexcept;
  void end() noexcept;
  void take(ownership_mark& other) noexcept;

  // Returns: whether a mark on the stack of the calling thread has begun for the object. Of more
  //   than it has room for, this knows nothing.
  [[nodiscard]] static bool is_held_here(const void* of) noexcept;
#else
  constexpr void begin(const void* /*of*/) noexcept {}
  constexpr void end() noexcept {}
  constexpr void take(ownership_mark& /*other*/) noexcept {}
  [[nodiscard]] static constexpr bool is_held_here(const void* /*of*/) noexcept { return false; }
#endif
};

}  // namespace detail

PAWL_END
