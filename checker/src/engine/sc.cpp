// Sequential consistency: acyclic(po ∪ rf ∪ mo ∪ fr), with thread start and join as edges.
#include <algorithm>

#include "consistency.hpp"

namespace pawl::check::engine {
namespace {

// Reaching an event reaches all that is po-after it, so "reached" is one index per thread.
class reachability {
 public:
  reachability(const graph& g, event_id target) : g_(g), target_(target) {
    for (thread_index t = 0; t < g.thread_count(); ++t)
      reached_[t] = static_cast<std::uint16_t>(g.size(t) + 1);
  }

  /// True if `target` can be reached from itself.
  bool cyclic() {
    step(target_);
    touch({target_.thread, static_cast<std::uint16_t>(target_.index + 1)});
    while (!found_ && !pending_.empty()) {
      const event_id e = pending_.back();
      pending_.pop_back();
      step(e);
    }
    return found_;
  }

 private:
  void touch(event_id e) {
    if (e.thread == target_.thread && e.index <= target_.index) found_ = true;
    std::uint16_t& from = reached_[e.thread];
    const std::uint16_t end = from;
    if (e.index >= end) return;
    from = e.index;
    for (std::uint16_t i = e.index; i < end; ++i) pending_.push_back({e.thread, i});
  }

  void step(event_id id) {
    const event& e = g_.at(id);
    if (e.writes) {
      if (e.mo_after != no_event) touch(e.mo_after);
      for (event_id r = g_.location(e.location).newest_load; r != no_event; r = g_.at(r).older_load)
        if (g_.at(r).source == id) touch(r);
    }
    if (e.reads) {
      event_id next = g_.mo_next(e.location, e.source);
      if (next == id) next = e.mo_after;
      if (next != no_event) touch(next);
    }
    if (e.op == operation::spawn && g_.size(static_cast<thread_index>(e.read)) > 0)
      touch({static_cast<thread_index>(e.read), 1});
    if (e.op == operation::finish) touch_joins_of(id.thread);
  }

  void touch_joins_of(thread_index child) {
    for (const event_id id : g_.trail()) {
      const event& e = g_.at(id);
      if (e.op == operation::join && e.read == child) touch(id);
    }
  }

  const graph& g_;
  event_id target_;
  bool found_ = false;
  std::array<std::uint16_t, rt::max_threads> reached_{};
  std::vector<event_id> pending_;
};

}  // namespace

bool sc_consistent(const graph& g, event_id changed) { return !reachability(g, changed).cyclic(); }

}  // namespace pawl::check::engine
