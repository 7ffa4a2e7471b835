// The command that reproduces a failure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <pawl/check/report.hpp>

#include "report/invocation.hpp"

namespace pawl::check::reporting {

/// The command that replays the failure of `r`, which must have one: the model, and the token,
/// which says the rest. Quoted for a shell.
[[nodiscard]] std::vector<std::string> replay_command(const invocation&, const report& r);

/// The command that stops a debugger before this row of the failure.
[[nodiscard]] std::vector<std::string> debug_command(const invocation&, const report& r,
                                                     unsigned row);

/// `argument` as one word of a POSIX shell; unchanged if it needs no quotes.
[[nodiscard]] std::string quote(std::string_view argument);

/// The name that tells a report from the others of a run: the model, and the resumption if it is
/// not the default one.
[[nodiscard]] std::string display_name(std::string_view model, resumption);
[[nodiscard]] std::string display_name(const report&);

}  // namespace pawl::check::reporting
