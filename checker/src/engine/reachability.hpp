// Whether an event lies on a cycle of an order of all threads: the search that tso and sc share.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "graph.hpp"

namespace pawl::check::engine {

[[nodiscard]] inline bool is_plain_load(const event& e) {
  return (e.reads && !e.writes) || e.op == operation::await_arrivals || has_failed_blindly(e);
}

/// The cycles of po, as far as `Machine` keeps it, with rf between threads, mo, fr, and thread
/// start and join, arrivals and what waits for them as edges. A machine says which stores wait in a
/// buffer, that later loads overtake, and which events empty it.
///
/// Reaching an event reaches all that is po-after it, but for the loads that overtake a buffered
/// store. So "reached" is two indices a thread.
template <class Machine>
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
    if (Machine::is_buffered(g_.at(target_)))
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
  void touch(event_id e) { Machine::is_buffered(g_.at(e)) ? reach_stores(e) : reach_all(e); }

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
      if (Machine::empties_buffer(g_.at(id))) reach_all(id);  // That is, the loads behind it, too.
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
    if (e.op == operation::arrive)
      for (event_id w = g_.location(e.location).newest_load; w != no_event; w = g_.at(w).older_load)
        if (g_.at(w).op == operation::await_arrivals && g_.at(w).read == e.read) touch(w);
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

}  // namespace pawl::check::engine
