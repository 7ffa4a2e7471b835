// What a replay token says about the search that found its execution.
#pragma once

#include <optional>
#include <string_view>

#include <pawl/check/options.hpp>

namespace pawl::check {

/// The options that a token fixes: its replay goes by these, whatever else was asked for.
struct recording {
  pawl::check::memory_model memory_model = memory_model::rc11;
  pawl::check::resumption resumption = resumption::own_thread;
  unsigned weak_cas_fails = 0;
  bool stalled = false;  ///< One thread is stopped for ever, as `stall` does.
  race_use races = race_use::convict;
};

/// Returns nothing if `token` is none; explore() says why.
[[nodiscard]] std::optional<recording> recorded_under(std::string_view token);

}  // namespace pawl::check
