// The line at the bottom of a terminal that tells what is going on.
#pragma once

#include <string_view>

#include "tool/console.hpp"

namespace pawl::check::tool {

/// Does nothing if the terminal is not live.
class live_line {
 public:
  explicit live_line(const terminal& t) : terminal_(t) {}
  live_line(const live_line&) = delete;
  live_line& operator=(const live_line&) = delete;
  ~live_line() { clear(); }

  /// Replaces the line.
  void show(std::string_view text);
  /// Removes it, before anything else is printed.
  void clear();

 private:
  const terminal& terminal_;
  bool shown_ = false;
};

}  // namespace pawl::check::tool
