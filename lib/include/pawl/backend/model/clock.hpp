#pragma once
// Model backend: virtual time. It stands still but for waits that reach their deadline.

#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <chrono>

PAWL_BEGIN

struct steady_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<steady_clock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept { return time_point(::pawl::check::rt::now()); }
};

PAWL_END
