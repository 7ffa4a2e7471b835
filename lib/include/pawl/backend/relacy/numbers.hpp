#pragma once
// Relacy backend: numbers that tell things apart. All its threads are one, so a plain counter will
// do: asking orders nothing.

#include <pawl/backend/namespace.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

template <class Tag>
std::uint64_t next_number() noexcept {
  static constinit std::uint64_t given = 0;
  return ++given;
}

}  // namespace detail

PAWL_END
