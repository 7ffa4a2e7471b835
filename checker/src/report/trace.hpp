// The interleaving as a table: time downwards, a column per thread.
#pragma once

#include <string>
#include <vector>

#include <pawl/check/report.hpp>

#include "report/style.hpp"

namespace pawl::check::reporting {

/// The lines of the table, none wider than the style's columns. Each row holds its number, in the
/// column of its thread the operation, object, values and order, and at the right edge the place in
/// the source. With more threads than fit side by side there is one column, each row tagged with
/// its thread.
[[nodiscard]] std::vector<std::string> trace_table(const failure&, const text_style&);

}  // namespace pawl::check::reporting
