// Hashes of 64 bits, of what is told apart by them.
#pragma once

#include <cstdint>

namespace pawl::check::engine {

/// A hash of both, in this order.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t h = (a ^ b * 0x9e37'79b9'7f4a'7c15u) * 0xff51'afd7'ed55'8ccdu;
  h = (h ^ h >> 33) * 0xc4ce'b9fe'1a85'ec53u;
  return h ^ h >> 29;
}

}  // namespace pawl::check::engine
