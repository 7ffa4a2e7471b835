// Virtual time: every clock stands still but for a thread that sleeps or reaches a deadline.
#pragma once

#include <time.h>

#include <chrono>
#include <optional>

#include "caller.hpp"

namespace pawl::check::instrumented {

/// The virtual time at which the clock shows *t, which the program passes; nothing if that is no
/// time.
[[nodiscard]] std::optional<std::chrono::nanoseconds> deadline_of(const caller&, clockid_t,
                                                                  const timespec* t);

}  // namespace pawl::check::instrumented
