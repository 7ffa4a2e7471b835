// Virtual time: every clock stands still but for a thread that sleeps or reaches a deadline.
#pragma once

#include <time.h>

#include <chrono>
#include <optional>

#include "caller.hpp"

namespace pawl::check::instrumented {

/// What *t, which the program passes, says; nothing if that is no time.
[[nodiscard]] std::optional<std::chrono::nanoseconds> duration_of(const caller&, const timespec* t);
/// The virtual time at which the clock shows *t, which the program passes; nothing if that is no
/// time.
[[nodiscard]] std::optional<std::chrono::nanoseconds> deadline_of(const caller&, clockid_t,
                                                                  const timespec* t);

/// A wait that may time out only while it has to wait is a try: where the exploration has it read
/// what comes later, it has waited; where it fails, the time has passed.
/// Returns: what it found; the time has passed if that is false.
bool or_deadline(bool found, std::chrono::nanoseconds deadline);

}  // namespace pawl::check::instrumented
