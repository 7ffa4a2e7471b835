#pragma once
// Is an exception in flight?

#include <pawl/backend/backend.hpp>

#include <exception>

#if defined(__GLIBCXX__) && !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
#define PAWL_CACHED_EXCEPTION_GLOBALS 1
#include <cxxabi.h>
#else
#define PAWL_CACHED_EXCEPTION_GLOBALS 0
#endif

PAWL_BEGIN

namespace detail {

#if PAWL_CACHED_EXCEPTION_GLOBALS

// The thread's counter of exceptions in flight, which the Itanium C++ ABI (2.2.2) puts behind the
// pointer to the caught ones. Its address stays the same for the life of the thread, so two loads
// replace the calls that std::uncaught_exceptions makes: a permit asks twice in its life.
inline constexpr unsigned not_asked_yet = ~0u;

struct exception_counter {
  const unsigned* uncaught = &not_asked_yet;
};

unsigned find_uncaught_exceptions() noexcept;

// Returns: true only if no exception is in flight; false also if the thread asks for the first
//   time.
inline bool nothing_is_in_flight() noexcept {
  return *thread_slot<exception_counter>::get().uncaught == 0;
}

// Returns: std::uncaught_exceptions().
inline unsigned uncaught_exceptions() noexcept {
  return nothing_is_in_flight() ? 0 : find_uncaught_exceptions();
}

#else

inline unsigned uncaught_exceptions() noexcept {
  return static_cast<unsigned>(std::uncaught_exceptions());
}
inline bool nothing_is_in_flight() noexcept { return uncaught_exceptions() == 0; }

#endif

}  // namespace detail

PAWL_END
