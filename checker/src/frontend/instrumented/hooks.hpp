// What all functions share that programs call without knowing: they act for the running model
// thread, and natively elsewhere — before main(), or called by the checker itself.
#pragma once

#include "../../engine/runtime.hpp"
#include "shadow.hpp"
#include "sites.hpp"

/// A function that programs find by its name.
#define PAWL_HOOK extern "C" [[gnu::visibility("default")]]

namespace pawl::check::instrumented {

using engine::runtime;

/// The runtime, if the program calls; null if the checker does, on a model thread or elsewhere.
[[gnu::always_inline]] inline runtime* active() {
  return fiber::active_heap == nullptr ? nullptr : runtime::current();
}

}  // namespace pawl::check::instrumented
