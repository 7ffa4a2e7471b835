#pragma once
// Who has a blocking lock: a build with PAWL_DEBUG knows it.

#include <pawl/backend/backend.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// A lock of a byte has no room for its owner. So a build with PAWL_DEBUG keeps a table of who has
// which, to tell of a thread that waits for itself; otherwise this is nothing. Of more than it has
// room for, the table knows nothing.
struct known_owner {
  // What a thread may have of a lock that can be shared, a bit for each kind.
  using share = std::uint64_t;
  static constexpr share whole = 1;

#if defined(PAWL_BACKEND_DEBUG)
  static constexpr bool is_known = true;

  // Effects: the calling thread has the share now; it has not any more. If it had none, some other
  //   thread has not any more, and nobody knows which: all such shares are forgotten.
  static void begin(const void* lock, share which = whole) noexcept;
  static void end(const void* lock, share which = whole) noexcept;

  // Throws: std::logic_error of that text if the calling thread has one of the shares, so that it
  //   would wait for itself.
  static void refuse(const void* lock, share any = whole,
                     const char* text =
                         "lock by a thread that has what excludes it, and would "
                         "wait for itself; let it go first");
#else
  static constexpr bool is_known = false;

  static constexpr void begin(const void* /*lock*/, share /*which*/ = whole) noexcept {}
  static constexpr void end(const void* /*lock*/, share /*which*/ = whole) noexcept {}
  static constexpr void refuse(const void* /*lock*/, share /*any*/ = whole,
                               const char* /*text*/ = nullptr) noexcept {}
#endif
};

}  // namespace detail

PAWL_END
