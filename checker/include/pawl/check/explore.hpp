// explore(): run a program under every schedule and every behaviour of the memory model.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>

namespace pawl::check {

/// What explore() runs: anything that can be called without arguments.
class program {
 public:
  template <class F>
    requires(std::invocable<F&> && !std::same_as<std::remove_cvref_t<F>, program>)
  program(F&& f) : body_(std::forward<F>(f)) {
    using target = std::remove_cvref_t<F>;
    if constexpr (std::is_same_v<target, std::function<void()>>)
      has_captures_ = body_.target<void (*)()>() == nullptr;
    else
      has_captures_ = !std::is_empty_v<target> && !std::is_pointer_v<std::decay_t<F>>;
  }

  void operator()() const { body_(); }
  /// False: it has no memory but static data.
  [[nodiscard]] bool has_captures() const noexcept { return has_captures_; }

 private:
  std::function<void()> body_;
  bool has_captures_;
};

/// What a long exploration tells while it runs (about ten times a second).
struct progress {
  std::uint64_t complete = 0, blocked = 0;
  std::uint64_t states = 0;  ///< Of strategy::states.
  double seconds = 0;
  /// How many executions there will be, if those ahead are like those behind; 0: unknown.
  double expected = 0;
  std::optional<estimation> before = {};  ///< With `estimate`.

  /// Seconds to the end, if they come as fast as so far; 0: unknown.
  [[nodiscard]] double seconds_left() const noexcept {
    const auto done = static_cast<double>(complete + blocked);
    return done > 0 && expected > done ? seconds * (expected - done) / done : 0;
  }
};

/// Explores a program and reports. The program runs once per execution, on fibers of the calling OS
/// thread; it must be deterministic apart from the operations of the model backend and choose().
/// Stops at the first bug. Does not throw for anything the program does.
/// `watch`, if given, is called about ten times a second and stops the search by returning false.
[[nodiscard]] report explore(program, options = {},
                             std::function<bool(const progress&)> watch = {});

}  // namespace pawl::check
