#pragma once
// Native backend, and Relacy's: what was taken and never given back.

#include <pawl/backend/namespace.hpp>

#include <cstdint>
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
// in it never gave back what he took, and when he took it; a build with PAWL_DEBUG knows of each
// lock where those are that have it. Otherwise it is nothing.
class ownership_mark {
 public:
#if defined(PAWL_BACKEND_DEBUG)
  ownership_mark() noexcept = default;
  ownership_mark(const ownership_mark&) = delete;
  ownership_mark& operator=(const ownership_mark&) = delete;
  ~ownership_mark() { end(); }

  // Effects: from now on, it has the unit of the lock; 0: that is not a lock.
  void begin(const void* of, std::uint64_t unit) noexcept;
  void end() noexcept;
  void take(ownership_mark& other) noexcept;

  struct known {
    const ownership_mark* mark;
    std::uint64_t unit;
    bool is_here;  // on the stack of the calling thread
  };

  // Returns: whether is_it(known) for a mark that has begun for the lock. Of more marks than there
  //   is room for, nothing is known.
  template <class F>
  [[nodiscard]] static bool any_of(const void* of, const F& is_it) noexcept {
    return any(
        of, [](const void* f, const known& k) noexcept { return (*static_cast<const F*>(f))(k); },
        &is_it);
  }

 private:
  static bool any(const void* of, bool (*is_it)(const void* context, const known&) noexcept,
                  const void* context) noexcept;
#else
  constexpr void begin(const void* /*of*/, std::uint64_t /*unit*/) noexcept {}
  constexpr void end() noexcept {}
  constexpr void take(ownership_mark& /*other*/) noexcept {}
#endif
};

}  // namespace detail

PAWL_END
