#include "linearize.hpp"

namespace pawl::check::engine {
namespace {

class linearizer {
 public:
  linearizer(const graph& g, event_id until) : g_(g) {
    for (thread_index t = 0; t < g.thread_count(); ++t) {
      end_[t] = static_cast<std::uint16_t>(g.size(t));
      if (end_[t] > 0 && waits(g.at(g.last(t)))) --end_[t];
      if (until == no_event) continue;
      while (end_[t] > 0 && !needed({t, end_[t]}, until)) --end_[t];
    }
  }

  std::vector<event_id> order() {
    for (;;) {
      if (take(true) || take(false)) continue;
      return std::move(out_);
    }
  }

 private:
  // For ever. A load that does is an iteration of a loop, which is told.
  static bool waits(const event& e) { return e.blocked && e.op != operation::load; }
  bool needed(event_id e, event_id until) const { return e == until || g_.porf(e, until); }
  bool done(event_id e) const { return e.initial() || e.index <= next_[e.thread]; }
  bool planned(event_id e) const { return e.index <= end_[e.thread]; }

  // Appends the next event of the current thread, or else of the first thread that is ready; a join
  // comes when there is nothing else to tell.
  bool take(bool strict) {
    if (ready(current_, strict) && !joins(current_)) return append(current_);
    for (const bool joining : {false, true})
      for (thread_index t = 0; t < g_.thread_count(); ++t)
        if (ready(t, strict) && joins(t) == joining) return append(t);
    return false;
  }
  bool joins(thread_index t) const {
    return g_.at({t, static_cast<std::uint16_t>(next_[t] + 1)}).op == operation::join;
  }
  bool append(thread_index t) {
    current_ = t;
    out_.push_back({t, ++next_[t]});
    return true;
  }

  bool ready(thread_index t, bool strict) const {
    if (next_[t] >= end_[t]) return false;
    const event_id id{t, static_cast<std::uint16_t>(next_[t] + 1)};
    const event& e = g_.at(id);
    if (id.index == 1 && !done(g_.birth(t))) return false;
    if (e.op == operation::join && !done(g_.last(static_cast<thread_index>(e.read)))) return false;
    if (e.reads && !done(e.source)) return false;
    bool arrived = true;
    if (e.op == operation::await_arrivals)
      g_.for_arrivals(e.location, e.read, [&](event_id a) { arrived = arrived && done(a); });
    if (!arrived) return false;
    return !strict || (!overtakes(id) && !stale(id));
  }

  // A store before one that precedes it in mo, or before a load that does not see it.
  bool overtakes(event_id id) const {
    const event& e = g_.at(id);
    if (!e.writes) return false;
    if (!e.mo_before.initial() && planned(e.mo_before) && !done(e.mo_before)) return true;
    for (event_id r = g_.location(e.location).newest_load; r != no_event; r = g_.at(r).older_load)
      if (r != id && planned(r) && !done(r) && g_.at(r).source == e.mo_before) return true;
    return false;
  }
  // A load of something that is overwritten already.
  bool stale(event_id id) const {
    const event& e = g_.at(id);
    if (!e.reads) return false;
    const event_id newer = g_.mo_next(e.location, e.source);
    return newer != no_event && newer != id && planned(newer) && done(newer);
  }

  const graph& g_;
  std::array<std::uint16_t, rt::max_threads> end_{}, next_{};
  thread_index current_ = 0;
  std::vector<event_id> out_;
};

}  // namespace

std::vector<event_id> linearize(const graph& g, event_id until) {
  return linearizer(g, until).order();
}

}  // namespace pawl::check::engine
