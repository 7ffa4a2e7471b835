#pragma once
// Native backend: the monotonic clock (CLOCK_MONOTONIC, the clock of futex deadlines).

#include <pawl/backend/namespace.hpp>

#include <chrono>

PAWL_BEGIN

using steady_clock = std::chrono::steady_clock;

PAWL_END
