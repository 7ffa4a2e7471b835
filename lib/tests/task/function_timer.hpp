#pragma once
// A timer that calls a function, for tests.

#include <pawl/task/timer.hpp>

#include <functional>
#include <utility>

struct function_timer : pawl::timer_item {
  function_timer(pawl::steady_clock::time_point when, std::function<void()> f)
      : timer_item(when, &call), function(std::move(f)) {}

  static void call(timer_item& self) noexcept { static_cast<function_timer&>(self).function(); }

  std::function<void()> function;
};
