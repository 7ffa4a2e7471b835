// What all functions share that programs call without knowing: they act for the running model
// thread, and natively elsewhere — before main(), or called by the checker itself.
#pragma once

#include "../../engine/runtime.hpp"
#include "behind.hpp"
#include "shadow.hpp"
#include "sites.hpp"

/// A function that programs find by its name.
#define PAWL_HOOK extern "C" [[gnu::visibility("default")]]

/// The function that programs would have by this name without the checker. The variable needs no
/// guard, which would be such a function itself.
#define PAWL_BEHIND(name)                                        \
  ([] {                                                          \
    static constinit decltype(&::name) known = nullptr;          \
    return pawl::check::instrumented::find_behind(known, #name); \
  }())

/// Defines the function `name`: `expression`, which may use the caller `c`, if the condition holds;
/// else it does what it would without the checker.
#define PAWL_MODELS(condition, result, name, parameters, arguments, expression) \
  PAWL_HOOK result name parameters {                                            \
    const pawl::check::instrumented::caller c(__builtin_return_address(0));     \
    if (condition) return expression;                                           \
    return PAWL_BEHIND(name) arguments;                                         \
  }

/// The same, of what may wait: a loop that spins may begin with it.
#define PAWL_WAITS(condition, result, name, parameters, arguments, expression) \
  PAWL_HOOK result name parameters {                                           \
    __builtin_unwind_init();                                                   \
    const pawl::check::instrumented::caller c(__builtin_return_address(0));    \
    if (condition) {                                                           \
      const auto here = c.stand();                                             \
      return expression;                                                       \
    }                                                                          \
    return PAWL_BEHIND(name) arguments;                                        \
  }

namespace pawl::check::instrumented {

using engine::runtime;

/// At the end of a hook that has let others see its frame: what it calls last is not to take the
/// frame's place.
[[gnu::always_inline]] inline void keep_frame() { __asm__ volatile(""); }

/// The runtime, if the program calls; null if the checker does, on a model thread or elsewhere.
/// What the program has done before is done.
[[gnu::always_inline]] inline runtime* active() {
  if (fiber::active_heap == nullptr) return nullptr;
  runtime* const r = runtime::current();
  if (r != nullptr) the_shadow.finish_write(*r);
  return r;
}

}  // namespace pawl::check::instrumented
