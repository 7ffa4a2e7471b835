// A run as JUnit XML, for continuous-integration servers.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <pawl/check/report.hpp>

#include "report/invocation.hpp"

namespace pawl::check::reporting {

/// One <testsuite>, named after the title of `program`, with a <testcase> per report: a bug is a
/// <failure> with the text report, a refused or over-limit one an <error>. A search that a limit
/// stopped passes, and <system-out> says so. `skipped` names models that did not run.
[[nodiscard]] std::string junit_text(const invocation& program, std::span<const report> reports,
                                     std::span<const std::string_view> skipped = {});

/// `text` as XML character data: printable, with the five special characters as entities.
[[nodiscard]] std::string xml(std::string_view text);

}  // namespace pawl::check::reporting
