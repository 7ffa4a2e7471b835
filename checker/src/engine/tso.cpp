// Total store order: acyclic(ppo ∪ rfe ∪ mo ∪ fr ∪ fences), with thread start and join as edges
// (Alglave, Maranget, Tautschnig: "Herding Cats", TOPLAS 2014, for the form; Owens, Sarkar, Sewell:
// "A Better x86 Memory Model: x86-TSO", TPHOLs 2009, for the machine).
//
//   ppo     po without the pairs (store, later load): a store waits in a buffer, loads do not
//   rfe     rf between threads: a thread reads its own stores from its buffer
//   fences  what empties the buffer orders all before with all after: a seq_cst fence, a
//           read-modify-write, a seq_cst store, and the start, end and join of threads
//
// Coherence needs no other view than that of sc: a load of another thread learns all that is
// po-before the store it reads, since stores leave the buffer in order.
#include "consistency.hpp"
#include "reachability.hpp"

namespace pawl::check::engine {
namespace {

struct store_buffers {
  static bool is_buffered(const event& e) {
    return e.op == operation::store && e.order != std::memory_order_seq_cst;
  }
  static bool empties_buffer(const event& e) {
    switch (e.op) {
      case operation::store:
      case operation::fence:
        return e.order == std::memory_order_seq_cst;
      case operation::choose:
        return false;
      default:
        return !is_plain_load(e);
    }
  }
};

}  // namespace

bool tso_consistent(const graph& g, event_id changed) {
  return !reachability<store_buffers>(g, changed).cyclic();
}

}  // namespace pawl::check::engine
