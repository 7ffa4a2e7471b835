// RC11's condition on seq_cst: psc is acyclic (Lahav, Vafeiadis, Kang, Hur, Dreyer: "Repairing
// Sequential Consistency in C/C++11", PLDI 2017):
//
//   scb      = po ∪ po≠loc ; hb ; po≠loc ∪ hb=loc ∪ mo ∪ rb
//   psc_base = ([E_sc] ∪ [F_sc] ; hb?) ; scb ; ([E_sc] ∪ hb? ; [F_sc])
//   psc_F    = [F_sc] ; (hb ∪ hb ; eco ; hb) ; [F_sc]
//   psc      = psc_base ∪ psc_F
//
// The two halves of a read-modify-write are one event, and a psc cycle has at least two events.
#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "consistency.hpp"

namespace pawl::check::engine {
namespace {

bool seq_cst(const event& e) {
  return e.order == std::memory_order_seq_cst && (e.reads || e.writes || e.op == operation::fence);
}
bool is_fence(const event& e) { return e.op == operation::fence; }

bool same_location(const graph& g, event_id x, event_id y) {
  return g.at(x).location == g.at(y).location && g.at(x).location != no_location;
}

// po≠loc ; hb ; po≠loc: the first po-successor of x at another location is the best second event.
event_id next_elsewhere(const graph& g, event_id x) {
  for (auto i = static_cast<std::uint16_t>(x.index + 1); i <= g.size(x.thread); ++i)
    if (!same_location(g, x, {x.thread, i})) return {x.thread, i};
  return no_event;
}

// Without seq_cst fences, psc is scb between seq_cst accesses. Some of its edges lead to all that
// the others do: those to the first access in each thread, since po is in scb, and to the next
// store in mo. So n accesses of k threads have at most n (k + 2) edges to look at.
class psc_of_accesses {
 public:
  explicit psc_of_accesses(const graph& g) : g_(g), before_all_(g.fresh_mark()) {
    for (thread_index t = 0; t < g.thread_count(); ++t) {
      first_[t] = static_cast<number>(all_.size());
      for (std::uint16_t i = 1; i <= g.size(t); ++i) {
        const event_id id{t, i};
        if (!seq_cst(g.at(id))) continue;
        g.at(id).mark = g.fresh_mark();
        all_.push_back(id);
      }
    }
    first_[g.thread_count()] = static_cast<number>(all_.size());
  }

  // Takes away what nothing leads to, until nothing is left.
  [[nodiscard]] bool cyclic() {
    const number n = first_[g_.thread_count()];
    entering_.assign(n, 0);
    for (number a = 0; a < n; ++a) {
      begins_.push_back(static_cast<number>(edges_.size()));
      leave(all_[a]);
    }
    begins_.push_back(static_cast<number>(edges_.size()));
    std::vector<number> free;
    for (number a = 0; a < n; ++a)
      if (entering_[a] == 0) free.push_back(a);
    number left = n;
    for (; !free.empty(); --left) {
      const number a = free.back();
      free.pop_back();
      for (number i = begins_[a]; i < begins_[a + 1]; ++i)
        if (--entering_[edges_[i]] == 0) free.push_back(edges_[i]);
    }
    return left != 0;
  }

 private:
  using number = std::uint32_t;

  void leave(event_id x) {
    const event_id elsewhere = next_elsewhere(g_, x);
    for (thread_index t = 0; t < g_.thread_count(); ++t)
      edge(t == x.thread ? first_after(t, x.index) : first_in(t, x, elsewhere));
    const event& e = g_.at(x);
    if (e.writes) edge(first_from(x, e.mo_after));
    if (e.reads) edge(first_from(x, g_.mo_next(e.location, e.source)));
  }

  void edge(number to) {
    if (to == none) return;
    edges_.push_back(to);
    ++entering_[to];
  }

  [[nodiscard]] number first_after(thread_index t, std::uint16_t index) const {
    const auto begin = all_.begin() + first_[t], end = all_.begin() + first_[t + 1];
    const auto found =
        std::partition_point(begin, end, [=](event_id id) { return id.index <= index; });
    return found == end ? none : static_cast<number>(found - all_.begin());
  }

  // The first of another thread that x leads to, by hb=loc or by way of x's successor elsewhere.
  [[nodiscard]] number first_in(thread_index t, event_id x, event_id elsewhere) const {
    const std::uint16_t known = first_knowing(t, x);
    if (known == 0) return none;
    const std::uint16_t from = elsewhere == no_event ? 0 : first_knowing(t, elsewhere);
    for (number y = first_after(t, static_cast<std::uint16_t>(known - 1));
         y != none && y < first_[t + 1]; ++y)
      if (same_location(g_, x, all_[y]) || has_elsewhere(from, all_[y])) return y;
    return none;
  }

  // The index of the first event of the thread that x happens before; 0: none.
  [[nodiscard]] std::uint16_t first_knowing(thread_index t, event_id x) const {
    std::uint16_t low = 1, high = static_cast<std::uint16_t>(g_.size(t) + 1);
    while (low < high) {
      const auto middle = static_cast<std::uint16_t>((low + high) / 2);
      if (g_.hb(x, {t, middle}))
        high = middle;
      else
        low = static_cast<std::uint16_t>(middle + 1);
    }
    return low > g_.size(t) ? std::uint16_t{0} : low;
  }

  // Is an event at another location po-before y, and not before `from`?
  [[nodiscard]] bool has_elsewhere(std::uint16_t from, event_id y) const {
    if (from == 0) return false;
    for (auto i = static_cast<std::uint16_t>(y.index - 1); i >= from; --i)
      if (!same_location(g_, y, {y.thread, i})) return true;
    return false;
  }

  // In mo; none if it is x, from which what comes later is reached anyway.
  [[nodiscard]] number first_from(event_id x, event_id store) const {
    while (store != no_event && !seq_cst(g_.at(store))) store = g_.at(store).mo_after;
    if (store == no_event || store == x) return none;
    return static_cast<number>(g_.at(store).mark - before_all_ - 1);
  }

  static constexpr number none = ~number{0};

  const graph& g_;
  const std::uint64_t before_all_;
  std::vector<event_id> all_;  // By thread, and in po. Their marks count on from before_all_.
  std::array<number, rt::max_threads + 1> first_{};
  std::vector<number> edges_, begins_, entering_;
};

class psc {
 public:
  psc(const graph& g, std::vector<event_id> sc)
      : g_(g), sc_(std::move(sc)), width_((sc_.size() + 63) / 64) {
    rank_stores();
    note_arrivals();
    edges_.resize(sc_.size() * width_);
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
      if (a == b || !has(&edges_[a * width_], b)) continue;
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

  // Sets of seq_cst events: a bit for each, from which `width_` words on.
  static bool has(const std::uint64_t* set, std::size_t b) {
    return (set[b / 64] >> b % 64 & 1) != 0;
  }
  static void add(std::uint64_t* set, std::size_t b) { set[b / 64] |= std::uint64_t{1} << b % 64; }

  [[nodiscard]] bool has_all(const std::uint64_t* set, const std::uint64_t* others) const {
    return std::equal(others, others + width_, set,
                      [](std::uint64_t other, std::uint64_t own) { return (other & ~own) == 0; });
  }

  // Where each event leads to: hb ; [F_sc], and the same with the event itself, if it is seq_cst.
  void note_arrivals() {
    const auto& all = g_.trail();
    by_hb_.resize(all.size() * width_);
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t b = 0; b < sc_.size(); ++b)
        if (is_fence(g_.at(sc_[b])) && g_.hb(all[i], sc_[b])) add(&by_hb_[i * width_], b);
    at_once_ = by_hb_;
    for (std::size_t i = 0, b = 0; i < all.size() && b < sc_.size(); ++i)
      if (all[i] == sc_[b]) add(&at_once_[i * width_], b++);
  }

  // All psc edges that leave the a-th seq_cst event; also one to itself, which is none.
  void leave(std::size_t a) {
    const event_id from = sc_[a];
    add(&edges_[a * width_], a);
    base_step(a, from);
    if (!is_fence(g_.at(from))) return;
    for (const event_id x : g_.trail()) {
      if (!g_.hb(from, x)) continue;
      base_step(a, x);
      eco_step(a, x);
    }
    for (std::size_t b = 0; b < sc_.size(); ++b)
      if (is_fence(g_.at(sc_[b])) && g_.hb(from, sc_[b])) add(&edges_[a * width_], b);
  }

  // x ; scb ; ([E_sc] ∪ hb? ; [F_sc])
  void base_step(std::size_t a, event_id x) {
    const event_id c = next_elsewhere(g_, x);
    step(a, x, at_once_, [&](event_id y) { return scb(x, y) || around(c, y); });
  }

  // x ; eco ; hb ; [F_sc]
  void eco_step(std::size_t a, event_id x) {
    step(a, x, by_hb_, [&](event_id y) { return eco(x, y); });
  }

  // From the a-th event by way of x, and of each y that it leads to. Most y lead nowhere new.
  template <class LeadsTo>
  void step(std::size_t a, event_id x, const std::vector<std::uint64_t>& arrivals,
            LeadsTo leads_to) {
    const auto& all = g_.trail();
    std::uint64_t* const known = &edges_[a * width_];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::uint64_t* const more = &arrivals[i * width_];
      if (!has_all(known, more) && all[i] != x && leads_to(all[i]))
        std::transform(more, more + width_, known, known, std::bit_or());
    }
  }

  [[nodiscard]] bool scb(event_id x, event_id y) const {
    if (x.thread == y.thread && x.index < y.index) return true;
    return same_location(g_, x, y) && (g_.hb(x, y) || mo_or_rb(g_.at(x), g_.at(y)));
  }
  [[nodiscard]] bool mo_or_rb(const event& x, const event& y) const {
    if (!y.writes) return false;
    return (x.writes && x.mark < y.mark) || (x.reads && read_rank(x) < y.mark);
  }
  // eco = (rf ∪ mo ∪ rb)+: up in mo by what is written or read, then perhaps one rf.
  [[nodiscard]] bool eco(event_id x, event_id y) const {
    if (!same_location(g_, x, y)) return false;
    const event &from = g_.at(x), &to = g_.at(y);
    if (mo_or_rb(from, to)) return true;
    if (!to.reads) return false;
    return (from.writes && from.mark <= read_rank(to)) ||
           (from.reads && read_rank(from) < read_rank(to));
  }

  [[nodiscard]] bool around(event_id c, event_id y) const {
    if (c == no_event) return false;
    for (auto i = static_cast<std::uint16_t>(y.index - 1); i > 0; --i) {
      const event_id d{y.thread, i};
      if (!g_.hb(c, d)) return false;
      if (!same_location(g_, d, y)) return true;
    }
    return false;
  }

  const graph& g_;
  std::uint64_t initial_ = 0;
  std::vector<event_id> sc_;
  std::size_t width_;
  std::vector<std::uint64_t> by_hb_, at_once_, edges_;
  std::vector<char> state_;
};

}  // namespace

bool rc11_consistent(const graph& g) {
  if (g.most_seq_cst() < 2) return true;
  std::vector<event_id> sc;
  bool fences = false;
  for (const event_id id : g.trail())
    if (seq_cst(g.at(id))) {
      sc.push_back(id);
      fences = fences || is_fence(g.at(id));
    }
  if (sc.size() < 2) return true;
  return fences ? !psc(g, std::move(sc)).cyclic() : !psc_of_accesses(g).cyclic();
}

}  // namespace pawl::check::engine
