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

/// The same in half the time, for many words: both halves of the product of 128 bits count.
[[nodiscard]] constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using product = unsigned __int128;
  const product p = static_cast<product>(a ^ b ^ 0x9e37'79b9'7f4a'7c15u) * 0xff51'afd7'ed55'8ccdu;
  return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64);
}

}  // namespace pawl::check::engine
