// Sequential consistency: acyclic(po ∪ rf ∪ mo ∪ fr), with thread start and join as edges.
// (rf within a thread is in po.)
#include "consistency.hpp"
#include "reachability.hpp"

namespace pawl::check::engine {
namespace {

struct no_buffers {
  static bool is_buffered(const event&) { return false; }
  static bool empties_buffer(const event&) { return true; }
};

}  // namespace

bool sc_consistent(const graph& g, event_id changed) {
  return !reachability<no_buffers>(g, changed).cyclic();
}

}  // namespace pawl::check::engine
