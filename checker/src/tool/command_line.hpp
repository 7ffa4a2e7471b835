// The command line that model executables and the pawl tool share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <pawl/check/options.hpp>

#include "tool/numbers.hpp"

namespace pawl::check::tool {

/// What a command line is about: models, which it selects from, or a program that is checked as it
/// is (frontend/instrumented).
enum class subject : unsigned char { models, program };

/// What to do with the models.
enum class action { run, list, list_names };

struct request {
  tool::action action = action::run;
  std::vector<std::string> globs;  ///< `--run` and positional arguments; of a program: files.
  pawl::check::options options;    ///< Without model and bounds, which each model sets.
  std::vector<resumption> resumptions = {resumption::own_thread};
  std::string json, junit, report_directory;  ///< Empty: not wanted; "-": standard output.
  bool full = false, quiet = false;
  std::optional<unsigned> columns;
  /// Of a program: it may write files, and return anything; what its unknown integers can be.
  bool allow_io = false, any_result = false, abort_discards = false;
  integer_range unknowns;
  unsigned spurious_wakeups = 0;
  /// The options as they were given, without models and `--json`: for another executable.
  std::vector<std::string> forwarded;
};

/// `--help` and `--version`: print this and end.
struct answer {
  std::string text;
};

/// Reads the arguments after the program's name. Throws usage_error; nothing has been changed then.
[[nodiscard]] std::variant<request, answer> parse_command_line(std::string_view program,
                                                               std::vector<std::string> arguments,
                                                               subject = subject::models);

/// "pawl 0.1.0".
[[nodiscard]] std::string_view version();

}  // namespace pawl::check::tool
