// When a search stops before it is through, and how often it looks whether it should.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include <pawl/check/explore.hpp>

namespace pawl::check::engine {

/// Reads the clock only every few executions: often enough to obey a limit within 100 ms.
class limits {
 public:
  /// `watch` may be empty. Both outlive the limits.
  limits(const options& o, const std::function<bool(const progress&)>& watch)
      : options_(o), watch_(watch) {}

  /// True if it is time to look, after so many executions of the worker that looks.
  [[nodiscard]] bool due(std::uint64_t own) const { return own >= next_look_; }
  /// Effects: the next look is due at once, for instance since executions are counted anew.
  void look_soon() { next_look_ = 0; }
  /// Effects: calls `watch`, ten times a second. Returns: false if a limit is reached or `watch`
  /// wants the search to end. `alone`: all executions are those of the worker that looks.
  [[nodiscard]] bool look(progress counted, std::uint64_t own, bool alone);
  /// Effects: a run before this one has counted so many executions, for which no limit is meant,
  ///   and taken so long.
  void go_on_from(std::uint64_t executions, double seconds) {
    former_executions_ = executions;
    former_seconds_ = seconds;
  }
  /// Since the search began, with those of former runs.
  [[nodiscard]] double all_seconds() const { return former_seconds_ + seconds(); }
  /// Since this run of it began.
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(clock::now() - begin_).count();
  }

 private:
  using clock = std::chrono::steady_clock;

  const options& options_;
  const std::function<bool(const progress&)>& watch_;
  const clock::time_point begin_ = clock::now();
  std::uint64_t next_look_ = 1;
  double next_watch_ = 0;
  std::uint64_t former_executions_ = 0;
  double former_seconds_ = 0;
};

}  // namespace pawl::check::engine
