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
// replace the two calls that std::uncaught_exceptions makes: a permit asks twice in its life.
struct exception_counter {
  const unsigned* uncaught = nullptr;
};

const unsigned& find_exception_counter() noexcept;  // and keeps it

inline unsigned uncaught_exceptions() noexcept {
  const unsigned* const known = thread_slot<exception_counter>::get().uncaught;
  return known != nullptr ? *known : find_exception_counter();
}

#else

inline unsigned uncaught_exceptions() noexcept {
  return static_cast<unsigned>(std::uncaught_exceptions());
}

#endif

}  // namespace detail

PAWL_END
