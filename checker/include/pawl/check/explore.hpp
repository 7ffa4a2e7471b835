// explore(): run a program under every schedule and every behaviour of the memory model.
#pragma once

#include <functional>

#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>

namespace pawl::check {

/// What a long exploration tells while it runs (about ten times a second).
struct progress {
  std::uint64_t complete = 0, blocked = 0;
  double seconds = 0;
};

/// Explores `program` and reports. The program runs once per execution, on fibers of the calling OS
/// thread; it must be deterministic apart from the operations of the model backend and choose().
/// Stops at the first bug. Does not throw for anything the program does.
/// `watch`, if given, is called about ten times a second and stops the search by returning false.
[[nodiscard]] report explore(std::function<void()> program, options = {},
                             std::function<bool(const progress&)> watch = {});

}  // namespace pawl::check
