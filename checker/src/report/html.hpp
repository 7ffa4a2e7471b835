// A failing execution as one self-contained HTML page.
#pragma once

#include <string>

#include <pawl/check/report.hpp>

#include "report/invocation.hpp"

namespace pawl::check::reporting {

/// The page of a report that has a failure: verdict, the threads as columns with arrows from each
/// store to the reads of it, every row in a table with an anchor (`#s7`), the state at the end,
/// notes and the replay command. Styles and pictures are inline and nothing needs JavaScript or a
/// network.
[[nodiscard]] std::string html_page(const report&, const invocation& program);

/// The picture on that page: an SVG element.
[[nodiscard]] std::string html_trace(const failure&);

/// File name of the page, made of letters, digits and "._-".
[[nodiscard]] std::string html_file_name(const report&);

}  // namespace pawl::check::reporting
