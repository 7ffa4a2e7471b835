#pragma once
// Native backend: numbers that tell things apart.

#include <pawl/backend/namespace.hpp>
#include <pawl/backend/native/atomic.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// Returns: a number that no other call for the same Tag returns: 1, 2, 3…
template <class Tag>
std::uint64_t next_number() noexcept {
  static constinit atomic<std::uint64_t> given{0};
  return given.fetch_add(1, memory_order_relaxed) + 1;
}

}  // namespace detail

PAWL_END
