#include <pawl/sync/unwinding.hpp>

PAWL_BEGIN

#if PAWL_CACHED_EXCEPTION_GLOBALS

unsigned detail::find_uncaught_exceptions() noexcept {
  const auto* const globals = reinterpret_cast<const char*>(abi::__cxa_get_globals());
  const auto* const uncaught = reinterpret_cast<const unsigned*>(globals + sizeof(void*));
  thread_slot<exception_counter>::get().uncaught = uncaught;
  return *uncaught;
}

#endif

PAWL_END
