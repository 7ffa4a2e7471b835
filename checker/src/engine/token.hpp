// Replay tokens: an execution as a line of text.
//
// p3-<program>-<structure>-<steps><check>: a hash of the model's name, a hash of what the steps did
// (the operations, their values and places) and of what failed, the steps themselves with the
// options that matter, in base64url, and a hash of all that stands before it, in the last six
// characters. A step is the thread that moves and the number of the alternative that its event
// takes; runs of steps that take the first alternative are counted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include <pawl/check/options.hpp>

#include "whole_program.hpp"

namespace pawl::check::engine {

struct prescribed_step {
  std::uint8_t thread = 0;
  std::uint32_t alternative = 0;
  friend bool operator==(const prescribed_step&, const prescribed_step&) = default;
};

struct token {
  std::uint32_t program = 0, structure = 0;
  pawl::check::memory_model memory_model = pawl::check::memory_model::rc11;
  pawl::check::resumption resumption = pawl::check::resumption::own_thread;
  unsigned weak_cas_fails = 0;
  bool orders_arrivals = false;  ///< See runtime.
  int stalled_thread = -1;
  std::uint16_t stalled_at = 0;
  bool explores_races = false;             ///< Races are explored, …
  std::vector<explored_granule> explored;  ///< … those for this data.
  std::vector<prescribed_step> steps;
};

[[nodiscard]] std::string write_token(const token&);
/// The error says what is malformed, quoting it.
[[nodiscard]] tl::expected<token, std::string> read_token(std::string_view);

/// FNV-1a, to tell programs apart.
class fingerprint {
 public:
  fingerprint() = default;
  /// Goes on from one that had this value.
  explicit fingerprint(std::uint32_t value) : value_(value) {}
  void add(std::string_view bytes) {
    for (const char c : bytes) add(static_cast<std::uint8_t>(c));
  }
  void add_word(std::uint64_t w) {
    for (unsigned i = 0; i < 8; ++i) add(static_cast<std::uint8_t>(w >> (8 * i)));
  }
  void add(std::uint8_t byte) { value_ = (value_ ^ byte) * 16777619u; }
  [[nodiscard]] std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 2166136261u;
};

}  // namespace pawl::check::engine
