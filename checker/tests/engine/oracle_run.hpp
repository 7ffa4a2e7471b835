// Runs a program of the oracle's language on the engine and collects what the oracle would.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include <pawl/check/report.hpp>

#include "model.hpp"
#include "models.hpp"
#include "program.hpp"

namespace pawl::check::tests {

/// The oracle's axioms of a model.
[[nodiscard]] const oracle::memory_model& axioms_of(memory_model);

struct explored {
  std::set<std::string> complete, blocked;  ///< Canonical graphs, as pawl::oracle::behaviours.
  std::set<std::string> outcomes, blocked_outcomes;
  std::uint64_t complete_count = 0, blocked_count = 0, wasted = 0;
  std::string error;
  verdict end = verdict::clean;
  std::uint64_t resumed = 0;  ///< See report::resumed.
  /// Graphs that were visited twice.
  [[nodiscard]] std::uint64_t duplicates() const {
    return complete_count - complete.size() + (blocked_count - blocked.size());
  }
};

/// How a program waits: by operations of the engine, or in loops of its own, which add events, so
/// that only outcomes can be compared.
enum class waiting : std::uint8_t { told, spinning };

/// Outcomes number the threads from `first` on, and after the last from 0 again: of a program whose
/// threads were rotated, they are those of the original. So many threads are declared `identical`,
/// the first ones of the program.
[[nodiscard]] explored explore_program(const oracle::program&, const options&,
                                       std::size_t first = 0, waiting = waiting::told,
                                       std::size_t identical = 0);

}  // namespace pawl::check::tests
