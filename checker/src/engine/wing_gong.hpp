// Is there an order of concurrent calls that a sequential object explains? (Wing, Gong, JPDC 1993;
// that no state is looked at twice with the same calls behind it is Lowe's, CCPE 2017.)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <pawl/check/history.hpp>

namespace pawl::check::engine {

/// Sets of calls are words, a bit each.
using call_set = std::uint64_t;
inline constexpr unsigned most_calls = 64;

[[nodiscard]] constexpr call_set only(unsigned call) { return call_set{1} << call; }

struct ordered_call {
  const rt::history_call* what;
  call_set after = 0;     ///< Calls that end before it starts.
  call_set requests = 0;  ///< Calls whose requests are made before it starts.
};

/// Calls in the order in which their parts take effect.
struct sequential_order {
  struct step {
    unsigned call;
    rt::call_part part;
  };
  bool found = false;       ///< All that ended are in it.
  std::vector<step> steps;  ///< If not found: as many as can be.
};

/// What is known of calls that have not ended: they may have taken effect or been cancelled
/// (`may`); they may have taken effect (`may_effect`); or they wait: their requests are made, and
/// none of them can take effect after all others (`wait`).
enum class unended : std::uint8_t { may, may_effect, wait };

/// Looks for an order of the calls, of which there are at most most_calls, on a copy of `initial`.
/// Effects can be repeated and have no other consequence than on the object they are applied to.
[[nodiscard]] sequential_order find_sequential_order(const rt::sequential_object& initial,
                                                     std::span<const ordered_call>, unended);

}  // namespace pawl::check::engine
