#pragma once
// errc as a std::error_code.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>

#include <system_error>

PAWL_BEGIN

// Returns: the category "pawl", whose values are those of errc. Its codes are equivalent to some
//   of std::errc: cancelled to operation_canceled, timed_out to timed_out, closed to broken_pipe,
//   poisoned to state_not_recoverable, would_block to operation_would_block, exceeds_limit to
//   value_too_large.
const std::error_category& error_category() noexcept;

inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

PAWL_END

template <>
struct std::is_error_code_enum<pawl::errc> : std::true_type {};
