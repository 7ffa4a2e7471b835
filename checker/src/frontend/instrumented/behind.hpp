// The functions that ours stand before.
#pragma once

#include <dlfcn.h>

namespace pawl::check::instrumented {

/// The function of this name in the libraries behind; `known` is kept for the next time.
template <class Function>
Function* find_behind(Function*& known, const char* name) {
  if (known == nullptr) known = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  return known;
}

}  // namespace pawl::check::instrumented
