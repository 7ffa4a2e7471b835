// RC11's condition on seq_cst: psc is acyclic (Lahav, Vafeiadis, Kang, Hur, Dreyer: "Repairing
// Sequential Consistency in C/C++11", PLDI 2017):
//
//   scb      = po ∪ po≠loc ; hb ; po≠loc ∪ hb=loc ∪ mo ∪ rb
//   psc_base = ([E_sc] ∪ [F_sc] ; hb?) ; scb ; ([E_sc] ∪ hb? ; [F_sc])
//   psc_F    = [F_sc] ; (hb ∪ hb ; eco ; hb) ; [F_sc]
//   psc      = psc_base ∪ psc_F
//
// The two halves of a read-modify-write are one event, and a psc cycle has at least two events.
#include "consistency.hpp"

namespace pawl::check::engine {
namespace {

bool seq_cst(const event& e) {
  return e.order == std::memory_order_seq_cst && (e.reads || e.writes || e.op == operation::fence);
}
bool is_fence(const event& e) { return e.op == operation::fence; }

class psc {
 public:
  psc(const graph& g, std::vector<event_id> sc) : g_(g), sc_(std::move(sc)) {
    rank_stores();
    edges_.resize(sc_.size() * sc_.size());
    for (std::size_t a = 0; a < sc_.size(); ++a) leave(a);
  }

  [[nodiscard]] bool cyclic() {
    state_.assign(sc_.size(), fresh);
    for (std::size_t a = 0; a < sc_.size(); ++a)
      if (state_[a] == fresh && visit(a)) return true;
    return false;
  }

 private:
  enum visit_state : char { fresh, open, closed };

  bool visit(std::size_t a) {
    state_[a] = open;
    for (std::size_t b = 0; b < sc_.size(); ++b) {
      if (!edges_[a * sc_.size() + b]) continue;
      if (state_[b] == open || (state_[b] == fresh && visit(b))) return true;
    }
    state_[a] = closed;
    return false;
  }

  // mark of a store = its rank in mo; that of the initial store is below all others.
  void rank_stores() {
    initial_ = g_.fresh_mark();
    for (location_id l = 0; l < g_.location_count(); ++l)
      for (event_id s = g_.mo_next(l, initial_store); s != no_event; s = g_.at(s).mo_after)
        g_.at(s).mark = g_.fresh_mark();
  }
  [[nodiscard]] std::uint64_t read_rank(const event& e) const {
    return e.source.initial() ? initial_ : g_.at(e.source).mark;
  }

  // All psc edges that leave the a-th seq_cst event.
  void leave(std::size_t a) {
    const event_id from = sc_[a];
    base_step(a, from);
    if (!is_fence(g_.at(from))) return;
    for (const event_id x : g_.trail()) {
      if (!g_.hb(from, x)) continue;
      base_step(a, x);
      eco_step(a, x);
    }
    for (std::size_t b = 0; b < sc_.size(); ++b)
      if (is_fence(g_.at(sc_[b])) && g_.hb(from, sc_[b])) edge(a, b);
  }

  // x ; scb ; ([E_sc] ∪ hb? ; [F_sc])
  void base_step(std::size_t a, event_id x) {
    const event_id c = next_elsewhere(x);
    for (const event_id y : g_.trail())
      if (y != x && (scb(x, y) || around(c, y))) arrive(a, y, true);
  }

  // x ; eco ; hb ; [F_sc]
  void eco_step(std::size_t a, event_id x) {
    for (const event_id y : g_.trail())
      if (y != x && eco(x, y)) arrive(a, y, false);
  }

  void arrive(std::size_t a, event_id y, bool at_y) {
    for (std::size_t b = 0; b < sc_.size(); ++b)
      if ((at_y && sc_[b] == y) || (is_fence(g_.at(sc_[b])) && g_.hb(y, sc_[b]))) edge(a, b);
  }

  void edge(std::size_t a, std::size_t b) {
    if (a != b) edges_[a * sc_.size() + b] = true;
  }

  [[nodiscard]] bool same_location(event_id x, event_id y) const {
    return g_.at(x).location == g_.at(y).location && g_.at(x).location != no_location;
  }

  [[nodiscard]] bool scb(event_id x, event_id y) const {
    if (x.thread == y.thread && x.index < y.index) return true;
    return same_location(x, y) && (g_.hb(x, y) || mo_or_rb(g_.at(x), g_.at(y)));
  }
  [[nodiscard]] bool mo_or_rb(const event& x, const event& y) const {
    if (!y.writes) return false;
    return (x.writes && x.mark < y.mark) || (x.reads && read_rank(x) < y.mark);
  }
  // eco = (rf ∪ mo ∪ rb)+: up in mo by what is written or read, then perhaps one rf.
  [[nodiscard]] bool eco(event_id x, event_id y) const {
    if (!same_location(x, y)) return false;
    const event &from = g_.at(x), &to = g_.at(y);
    if (mo_or_rb(from, to)) return true;
    if (!to.reads) return false;
    return (from.writes && from.mark <= read_rank(to)) ||
           (from.reads && read_rank(from) < read_rank(to));
  }

  // po≠loc ; hb ; po≠loc: the first po-successor of x at another location is the best second event.
  [[nodiscard]] event_id next_elsewhere(event_id x) const {
    for (auto i = static_cast<std::uint16_t>(x.index + 1); i <= g_.size(x.thread); ++i)
      if (!same_location(x, {x.thread, i})) return {x.thread, i};
    return no_event;
  }
  [[nodiscard]] bool around(event_id c, event_id y) const {
    if (c == no_event) return false;
    for (auto i = static_cast<std::uint16_t>(y.index - 1); i > 0; --i) {
      const event_id d{y.thread, i};
      if (!g_.hb(c, d)) return false;
      if (!same_location(d, y)) return true;
    }
    return false;
  }

  const graph& g_;
  std::uint64_t initial_ = 0;
  std::vector<event_id> sc_;
  std::vector<bool> edges_;
  std::vector<char> state_;
};

}  // namespace

bool rc11_consistent(const graph& g) {
  if (g.most_seq_cst() < 2) return true;
  std::vector<event_id> sc;
  for (const event_id id : g.trail())
    if (seq_cst(g.at(id))) sc.push_back(id);
  return sc.size() < 2 || !psc(g, std::move(sc)).cyclic();
}

}  // namespace pawl::check::engine
