// Which rows of a trace may be folded into one line.
#pragma once

#include <vector>

#include <pawl/check/report.hpp>

namespace pawl::check::reporting {

/// Consecutive steps of one thread, told one by one or folded.
struct run {
  std::size_t from = 0, to = 0;  ///< Indexes into failure::steps, `to` excluded.
  bool folded = false;
};

/// Divides the trace into runs. Folded are only stretches of at least `shortest` steps of one
/// thread that explain nothing about the others: no other thread reads them, they read from no
/// other thread, start or join none, are not stale, do not fail, are not the failing row or within
/// two rows of it, and do not begin or end a turn of the thread.
[[nodiscard]] std::vector<run> fold(const failure&, std::size_t shortest = 4);

}  // namespace pawl::check::reporting
