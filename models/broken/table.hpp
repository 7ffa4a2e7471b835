// The table of faults in README.md.
#pragma once

#include <string>
#include <vector>

/// A row: a fault and how it is convicted.
struct conviction {
  std::string fault;        ///< "dropped_wake": the constant pawl::fault::dropped_wake.
  std::string model;        ///< The model that must fail.
  std::string kind;         ///< The kind of failure, as JSON spells it.
  std::string breaks;       ///< In words.
  std::string source_line;  ///< The line of the library that the fault is on.

  [[nodiscard]] bool weakens_an_order() const { return fault.starts_with("weak_"); }
};

/// Returns: the rows of the table. Throws std::runtime_error with the line that is no proper row.
[[nodiscard]] std::vector<conviction> read_table(const std::string& path);

/// Returns: the content of the file. Throws std::runtime_error if it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);
