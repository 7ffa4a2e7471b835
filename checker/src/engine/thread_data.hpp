// The native thread_local variables of the executable, those of the calling OS thread.
#pragma once

#include <cstddef>
#include <span>

namespace pawl::check::engine {

/// Model threads share them, since they run on one OS thread.
[[nodiscard]] std::span<std::byte> thread_data();

}  // namespace pawl::check::engine
