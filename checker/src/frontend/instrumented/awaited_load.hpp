// A load that waits for another value than one that is known, as std::atomic::wait() needs it: its
// memory order is known where it is made.
#pragma once

#include <utility>

#include <pawl/check/runtime.hpp>

namespace pawl::check::instrumented {

struct awaited_load {
  const volatile void* at = nullptr;
  rt::word old = 0;
};
/// What the next load of the running thread is to be, if it is of these bytes.
inline constinit awaited_load next_load;

/// Effects: as rt::load(), or waits if the program has asked for it.
inline rt::word load_or_await(const volatile void* p, const rt::atomic_object& o,
                              std::memory_order order, rt::site where) {
  if (next_load.at != p) [[likely]]
    return rt::load(o, order, where);
  const awaited_load asked = std::exchange(next_load, {});
  return rt::await(o, {[](const rt::word* old, rt::word v) { return v != *old; }, {asked.old}},
                   order, where);
}

}  // namespace pawl::check::instrumented
