// Numbers given on the command line.
#pragma once

#include <cstdint>
#include <string_view>

#include <pawl/check/options.hpp>

namespace pawl::check::tool {

/// A decimal whole number within the limits. Throws usage_error, which names the option, the text
/// and the limits.
[[nodiscard]] std::uint64_t whole_number(std::string_view option, std::string_view text,
                                         std::uint64_t least, std::uint64_t most);

/// A positive number of seconds, at most `longest_time`; decimals allowed. Throws usage_error.
[[nodiscard]] double seconds(std::string_view option, std::string_view text);

/// "2/4": part 2 of 4. Throws usage_error, which names the option, the text and the limits.
[[nodiscard]] shard part(std::string_view option, std::string_view text, unsigned most);

/// Both ends included.
struct integer_range {
  std::int64_t least = 0, most = 1;
};

/// "-1..3", or "3" for one number. Throws usage_error, which names the option, the text and the
/// limits.
[[nodiscard]] integer_range range(std::string_view option, std::string_view text);

inline constexpr double longest_time = 1e9;

}  // namespace pawl::check::tool
