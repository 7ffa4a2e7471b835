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
#include <algorithm>

#include "consistency.hpp"

namespace pawl::check::engine {
namespace {

bool is_buffered(const event& e) {
  return e.op == operation::store && e.order != std::memory_order_seq_cst;
}
bool is_plain_load(const event& e) { return e.reads && !e.writes; }
bool empties_buffer(const event& e) {
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

// Reaching an event reaches all that is po-after it, but for the loads that overtake a buffered
// store. So "reached" is two indices a thread.
class reachability {
 public:
  reachability(const graph& g, event_id target) : g_(g), target_(target) {
    for (thread_index t = 0; t < g.thread_count(); ++t)
      all_[t] = stores_[t] = static_cast<std::uint16_t>(g.size(t) + 1);
  }

  /// True if `target` can be reached from itself.
  bool cyclic() {
    step(target_);
    const event_id next{target_.thread, static_cast<std::uint16_t>(target_.index + 1)};
    if (is_buffered(g_.at(target_)))
      reach_stores(next);
    else
      reach_all(next);
    while (!found_ && !pending_.empty()) {
      const event_id e = pending_.back();
      pending_.pop_back();
      step(e);
    }
    return found_;
  }

 private:
  void touch(event_id e) { is_buffered(g_.at(e)) ? reach_stores(e) : reach_all(e); }

  void reach(event_id e) {
    found_ = found_ || e == target_;
    pending_.push_back(e);
  }

  void reach_all(event_id first) {
    std::uint16_t &all = all_[first.thread], &stores = stores_[first.thread];
    const std::uint16_t end = all, known = stores;
    if (first.index >= end) return;
    all = first.index;
    stores = std::min(stores, first.index);
    for (std::uint16_t i = first.index; i < end; ++i)
      if (i < known || is_plain_load(g_.at({first.thread, i}))) reach({first.thread, i});
  }

  void reach_stores(event_id first) {
    std::uint16_t& stores = stores_[first.thread];
    const std::uint16_t end = stores;
    if (first.index >= end) return;
    stores = first.index;
    for (std::uint16_t i = first.index; i < end; ++i) {
      const event_id id{first.thread, i};
      if (!is_plain_load(g_.at(id))) reach(id);
      if (empties_buffer(g_.at(id))) reach_all(id);  // That is, the loads behind it, too.
    }
  }

  void step(event_id id) {
    const event& e = g_.at(id);
    if (e.writes) {
      if (e.mo_after != no_event) touch(e.mo_after);
      for (event_id r = g_.location(e.location).newest_load; r != no_event; r = g_.at(r).older_load)
        if (g_.at(r).source == id && r.thread != id.thread) touch(r);
    }
    if (e.reads) {
      event_id next = g_.mo_next(e.location, e.source);
      if (next == id) next = e.mo_after;
      if (next != no_event) touch(next);
    }
    if (e.op == operation::spawn && g_.size(static_cast<thread_index>(e.read)) > 0)
      reach_all({static_cast<thread_index>(e.read), 1});
    if (e.op == operation::finish)
      for (const event_id other : g_.trail())
        if (g_.at(other).op == operation::join && g_.at(other).read == id.thread) touch(other);
  }

  const graph& g_;
  event_id target_;
  bool found_ = false;
  std::array<std::uint16_t, rt::max_threads> all_{}, stores_{};
  std::vector<event_id> pending_;
};

}  // namespace

bool tso_consistent(const graph& g, event_id changed) { return !reachability(g, changed).cyclic(); }

}  // namespace pawl::check::engine
