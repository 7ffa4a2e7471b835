#include "iterations.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "../../engine/hash.hpp"

namespace pawl::check::instrumented {
namespace {

// Where a thread has been: operations, each with how often it came there since it was last outside
// of the loop. What comes after one belongs to loops within its loop.
struct visit {
  std::uint64_t place;
  unsigned times;
  std::uint16_t executed;  // Events of the thread before the latest time.
};
struct visits {
  std::array<std::vector<visit>, rt::max_threads> of;
  bool any = false;
};
visits& paths = *new visits;

// Tells apart operations called from different places, but not how often a function has called
// itself: each address counts once. Programs keep frame pointers; what others have in the register
// leads nowhere, and the same in every execution.
std::uint64_t place_of(const runtime& r, const void* frame) {
  const auto top = reinterpret_cast<std::uintptr_t>(r.thread(r.running()).memory.stack_top()) -
                   2 * sizeof(void*);
  static std::vector<std::uintptr_t>& seen = *new std::vector<std::uintptr_t>;
  seen.clear();
  std::uint64_t hash = 0;
  for (auto at = reinterpret_cast<std::uintptr_t>(frame);;) {
    const auto* const f = reinterpret_cast<const std::uintptr_t*>(at);
    if (std::ranges::find(seen, f[1]) == seen.end()) {
      hash = engine::mix(hash + 1, f[1]);
      seen.push_back(f[1]);
    }
    if (f[0] <= at || f[0] > top || f[0] % alignof(void*) != 0) return hash;
    at = f[0];
  }
}

}  // namespace

void forget_iterations() {
  if (!paths.any) return;
  for (auto& path : paths.of) path.clear();
  paths.any = false;
}

void bound_iterations(runtime& r, const void* frame, const void* code) {
  const fiber::outside_heap outside;
  auto& path = paths.of[r.running()];
  paths.any = true;
  const std::uint16_t executed = r.thread(r.running()).executed;
  // An iteration that became a wait has not taken place.
  if (!path.empty() && path.back().executed == executed) --path.back().times;
  const std::uint64_t here = place_of(r, frame);
  for (std::size_t i = path.size(); i-- > 0;) {
    if (path[i].place != here) continue;
    path.resize(i + 1);
    path[i].executed = executed;
    if (++path[i].times <= *r.asked().unroll) return;
    r.assumed_at = the_sites.at(code);
    r.is_past_iterations = true;
    return;
  }
  path.push_back({here, 1, executed});
}

}  // namespace pawl::check::instrumented
