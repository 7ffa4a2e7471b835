// A report as text for people.
#pragma once

#include <string>
#include <string_view>

#include <pawl/check/report.hpp>

#include "report/style.hpp"

namespace pawl::check::reporting {

/// How a verdict is shown: a word of at most five letters and its colour.
struct badge {
  std::string_view word;
  ink colour;
};
/// PASS, LIMIT (nothing wrong, but not everything visited), FAIL, or ERROR (the request or the
/// tool, not the program, is to blame: a refused report or a bound that was exceeded).
[[nodiscard]] badge badge_of(const report&);

/// The bounds in words: "threads ≤ 3, events ≤ 4,096 a thread; 2 tasks, weights 1 and 2", and how
/// often weak compare-exchanges may fail, if they may; before them a bound on preemptions.
[[nodiscard]] std::string bounds_in_words(const options&, const text_style&);

/// "exhaustive", "pct of depth 3"
[[nodiscard]] std::string strategy_in_words(const options&);

/// "x, y: explored as if relaxed atomic".
[[nodiscard]] std::string racing_in_words(const report&);

/// What a strategy that draws has drawn: "5,000 by pct of depth 3 from seed 1, 87 of them distinct"
[[nodiscard]] std::string draws_in_words(const report&, const text_style&);

/// "complete 1,912  blocked 0  412 k/s  0.61 s", or without the rate.
[[nodiscard]] std::string counts_in_words(const report&, bool with_rate = true);

/// The whole report: verdict, what it shows, counts and bounds; on failure the sentence that names
/// it, the interleaving, the state at the end, notes, and how to replay. Ends with a line break.
/// Only a replay token or a word of the replay command may be wider than the style's columns.
[[nodiscard]] std::string render(const report&, const text_style&);

}  // namespace pawl::check::reporting
