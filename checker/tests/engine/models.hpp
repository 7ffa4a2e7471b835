// The memory models, for tests that go through all of them.
#pragma once

#include <pawl/check/options.hpp>

namespace pawl::check::tests {

inline constexpr memory_model models[] = {memory_model::rc11, memory_model::ra, memory_model::tso,
                                          memory_model::sc};

}  // namespace pawl::check::tests
