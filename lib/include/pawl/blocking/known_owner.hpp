#pragma once
// Who has a blocking lock: a build with PAWL_DEBUG knows it.

#include <pawl/backend/backend.hpp>

PAWL_BEGIN

namespace detail {

// A lock of a byte has no room for its owner. So a build with PAWL_DEBUG keeps a table of who has
// which, to tell of a thread that waits for itself; otherwise this is nothing. Of more than it has
// room for, the table knows nothing.
struct known_owner {
#if defined(PAWL_BACKEND_DEBUG)
  static constexpr bool is_known = true;

  // Effects: the calling thread has the lock now; nobody has it any more.
  static void begin(const void* lock) noexcept;
  static void end(const void* lock) noexcept;

  // Throws: std::logic_error if the calling thread has it, who would wait for himself.
  static void refuse(const void* lock);
#else
  static constexpr bool is_known = false;

  static constexpr void begin(const void* /*lock*/) noexcept {}
  static constexpr void end(const void* /*lock*/) noexcept {}
  static constexpr void refuse(const void* /*lock*/) noexcept {}
#endif
};

}  // namespace detail

PAWL_END
