// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace pawl::check::reporting {

/// 1912 -> "1,912".
[[nodiscard]] std::string count(std::uint64_t);

/// Three digits and a unit: 950 -> "950/s", 412'345 -> "412 k/s", 2'310'000 -> "2.31 M/s"; 0 ->
/// "-".
[[nodiscard]] std::string rate(double per_second);

/// 0.0816 -> "0.08 s", 75 -> "1:15 min", 7'201 -> "2:00:01 h".
[[nodiscard]] std::string duration(double seconds);

}  // namespace pawl::check::reporting
