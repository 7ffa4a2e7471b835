// Checkpoints: how far searches have come, in a file.
//
// A search is depth-first and decides the same way every time, so that a place in its tree is the
// decisions that led to the execution at hand: for each the number of things that were pending
// below what was taken up, since all above is done. Whoever takes the same decisions again has the
// same graph and the same pending work; see resume.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "division.hpp"
#include "explorer.hpp"

namespace pawl::check::engine {

/// A search that was interrupted between two executions, or is done.
struct saved_search {
  bool done = false;
  std::uint32_t first = 0, latest = 0;  ///< Tell apart the executions: the first, the one at hand.
  std::uint64_t complete = 0, blocked = 0, discarded = 0, pruned = 0;
  double seconds = 0;
  knowledge known;
  /// Threads by ascending numbers: parent, how-manieth of its children, number.
  std::vector<std::array<std::uint32_t, 3>> threads;
  explorer::position at;
};

/// A file with the searches of several models, each under its name, memory model and resumption.
class checkpoint_file {
 public:
  /// For the search that these options ask for.
  explicit checkpoint_file(const options& o) : options_(o) {}

  /// Returns: the search; nothing if the file does not exist or does not have it. The error says
  ///   why the file can't be used.
  [[nodiscard]] tl::expected<std::optional<saved_search>, std::string> read() const;
  /// Returns: why nothing can be written, or nothing. Changes nothing.
  [[nodiscard]] std::string probe() const;
  /// Effects: replaces the search in the file, at once or not at all. Returns: why it can't, or
  ///   nothing.
  [[nodiscard]] std::string write(const saved_search&) const;
  /// "--checkpoint FILE"
  [[nodiscard]] std::string title() const;

 private:
  [[nodiscard]] std::string next_path() const { return options_.checkpoint + ".tmp"; }

  const options& options_;
};

}  // namespace pawl::check::engine
