#pragma once
// Relacy backend: capacities small enough that a suite of two or three threads reaches them.

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

namespace limits {

inline constexpr unsigned turn_limit = 2;
inline constexpr unsigned inline_depth = 2;
inline constexpr unsigned parking_bits = 1;
inline constexpr unsigned most_overtaken = 1;
inline constexpr unsigned most_deferrals = 1;
inline constexpr unsigned histogram_buckets = 3;
inline constexpr unsigned bypass_limit = 2;
inline constexpr unsigned budget = 2;

}  // namespace limits

PAWL_END
