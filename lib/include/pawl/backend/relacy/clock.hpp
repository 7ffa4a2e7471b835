#pragma once
// Relacy backend: time stands still. Whether a deadline passes is for the scheduler to choose.

#include <pawl/backend/namespace.hpp>

#include <chrono>

PAWL_BEGIN

struct steady_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<steady_clock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept { return {}; }
};

PAWL_END
