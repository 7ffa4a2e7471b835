// Waiting at a word of memory until another thread wakes those who wait there, as the kernel does.
#pragma once

#include "caller.hpp"

namespace pawl::check::instrumented {

/// syscall(SYS_futex, …) with these arguments: FUTEX_WAIT, FUTEX_WAKE and their bitset forms for
/// all bits; others end the exploration with an error. Wakes any of those that wait, one execution
/// each, and nobody for no reason.
long call_futex(const caller&, const long* arguments);

}  // namespace pawl::check::instrumented
