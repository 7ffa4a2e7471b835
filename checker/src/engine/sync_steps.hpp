// What threads do to the locks and conditions of pawl/check/sync.hpp, as programs call it.
#pragma once

#include <optional>
#include <string>

#include "runtime.hpp"

namespace pawl::check::engine {

struct sync_step {
  std::string does;    ///< "lock", "notify", "count_down"
  std::string detail;  ///< "thread 2": who is notified; empty if there is nothing to say.
  bool failed = false;
};

/// Event `id` in the words of the program; nothing if its object is an atomic one.
[[nodiscard]] std::optional<sync_step> sync_step_of(const runtime&, event_id id);

}  // namespace pawl::check::engine
