// What a run tells of a search that is still to come to its end.
#pragma once

#include <string>
#include <string_view>

#include <pawl/check/explore.hpp>

#include "report/style.hpp"

namespace pawl::check::tool {

/// What a search has done and, after its first second, what is ahead as far as that is known.
[[nodiscard]] std::string progress_text(std::string_view model, const progress&);

/// What is expected of a model before its search: executions, their deviation, time.
[[nodiscard]] std::string estimate_text(std::string_view model, const estimation&,
                                        const reporting::text_style&);

/// When progress is told in plain lines: seldom, and ever more seldom.
class plain_lines {
 public:
  /// True if it is time for one, so many seconds after the search began.
  [[nodiscard]] bool due(double seconds) {
    if (seconds < next_) return false;
    next_ = 2 * seconds;
    return true;
  }

 private:
  double next_ = 10;
};

}  // namespace pawl::check::tool
