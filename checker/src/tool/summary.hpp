// What a run prints about all its models, and the exit code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <pawl/check/report.hpp>

#include "report/style.hpp"

namespace pawl::check::tool {

/// What became of the selected models.
struct outcome {
  std::vector<report> reports;            ///< In the order in which they ran.
  std::vector<std::string_view> skipped;  ///< Heavy models, without `--full`.
  std::size_t not_run = 0;                ///< After an interruption.
  bool interrupted = false;
};

/// One line: verdict, name (at least `name_width` wide), complete and blocked executions, rate,
/// seconds. Where the style has too few columns, the rate is left out, and then the name cut.
[[nodiscard]] std::string result_line(const report&, std::size_t name_width,
                                      const reporting::text_style&);

/// The line of a model that only `--full` runs.
[[nodiscard]] std::string skip_line(std::string_view model, std::size_t name_width,
                                    const reporting::text_style&);

/// A line per model: name, verdict, complete, blocked, rate, time, bounds. What the columns of the
/// style cannot hold is cut or left out: first the bounds, then the rate, at last the name.
[[nodiscard]] std::string final_table(const outcome&, const reporting::text_style&);

/// One sentence about all of them.
[[nodiscard]] std::string totals(const outcome&, const reporting::text_style&);

/// 1 if a bug was found, else 2 if a request was refused or a bound exceeded, else 3 if a search
/// was stopped, else 77 if everything was skipped, else 0.
[[nodiscard]] int exit_code(const outcome&);

}  // namespace pawl::check::tool
