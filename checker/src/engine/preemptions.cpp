#include "preemptions.hpp"

#include <algorithm>

namespace pawl::check::engine {
namespace {

bool is_wait(const event& e) {
  return e.op == operation::await || e.op == operation::await_update ||
         e.op == operation::await_arrivals;
}

// True if it may end waits.
bool changes(const event& e) { return e.writes || e.op == operation::arrive; }

}  // namespace

std::optional<unsigned> preemption_counter::fewest(const graph& g, unsigned most) {
  graph_ = &g;
  partial_ = false;
  end_ = {};
  awaited_.assign(g.location_count(), false);
  for (thread_index t = 0; t < g.thread_count(); ++t) {
    end_[t] = static_cast<std::uint16_t>(g.size(t));
    if (end_[t] > 0 && g.at(g.last(t)).blocked) --end_[t];
    for (std::uint16_t i = 1; i <= g.size(t); ++i)
      if (is_wait(g.at({t, i}))) awaited_[g.at({t, i}).location] = true;
  }
  return search(most);
}

bool preemption_counter::must_exceed(const graph& g, unsigned most) {
  graph_ = &g;
  partial_ = true;
  end_ = {};
  for (const event_id id : g.trail()) {
    const event& e = g.at(id);
    if (e.maximal || e.blocked) continue;
    end_[id.thread] = std::max(end_[id.thread], id.index);
    for (thread_index t = 0; t < g.thread_count(); ++t)
      if (t != id.thread)
        end_[t] = std::max(end_[t], static_cast<std::uint16_t>(g.views.at(e.porf, t)));
  }
  return !search(most).has_value();
}

// ---- what a linearisation has to respect --------------------------------------------------------

void preemption_counter::require(event_id first, event_id later) {
  if (first.initial() || first.thread == later.thread) return;
  std::uint16_t& needed = required_[later.thread][later.index - 1u][first.thread];
  needed = std::max(needed, first.index);
}

// rf, mo, fr, starts, joins and arrivals, as far as they are kept.
void preemption_counter::require_order() {
  for (thread_index t = 0; t < graph_->thread_count(); ++t) {
    required_[t].assign(end_[t], cut{});
    if (end_[t] > 0) require(graph_->birth(t), {t, 1});
  }
  for (thread_index t = 0; t < graph_->thread_count(); ++t)
    for (std::uint16_t i = 1; i <= end_[t]; ++i) {
      const event_id id{t, i};
      const event& e = graph_->at(id);
      if (e.op == operation::join) require(graph_->last(static_cast<thread_index>(e.read)), id);
      if (e.op == operation::await_arrivals)
        graph_->for_arrivals(e.location, e.read, [&](event_id a) { require(a, id); });
      if (e.reads) require(e.source, id);
      if (!e.reads && !e.writes) continue;
      event_id next = graph_->mo_next(e.location, e.writes ? id : e.source);
      while (next != no_event && !kept(next)) next = graph_->at(next).mo_after;
      if (next != no_event) require(id, next);
    }
}

bool preemption_counter::ready(const cut& done, thread_index t) const {
  if (done[t] >= end_[t]) return false;
  const cut& needed = required_[t][done[t]];
  for (thread_index u = 0; u < graph_->thread_count(); ++u)
    if (done[u] < needed[u]) return false;
  return true;
}

word preemption_counter::value(const cut& done, location_id l) const {
  event_id s = graph_->mo_last(l);
  while (!s.initial() && s.index > done[s.thread]) s = graph_->at(s).mo_before;
  return graph_->value(l, s);
}

bool preemption_counter::arrived(const cut& done, const event& wait) const {
  bool all = true;
  graph_->for_arrivals(wait.location, wait.read,
                       [&](event_id a) { all = all && done[a.thread] >= a.index; });
  return all;
}

// A blocked wait at the end of a thread is none of its events, but it may be left.
bool preemption_counter::can_go_on(const cut& done, thread_index t) const {
  if (done[t] >= (partial_ ? end_[t] : graph_->size(t))) return false;
  const event& e = graph_->at({t, static_cast<std::uint16_t>(done[t] + 1)});
  if (e.op == operation::join) {
    const event_id finish = graph_->last(static_cast<thread_index>(e.read));
    return done[finish.thread] >= finish.index;
  }
  if (!is_wait(e)) return true;
  if (partial_) return false;
  if (e.op == operation::await_arrivals) return arrived(done, e);
  return evaluate(graph_->parameters(e), value(done, e.location)).holds;
}

// True if it is best done at once.
bool preemption_counter::is_urgent(event_id id) const {
  const event& e = graph_->at(id);
  return partial_ ? !is_wait(e) : !changes(e) || !awaited_[e.location];
}

// ---- the search ---------------------------------------------------------------------------------

void preemption_counter::go_on(node& n) const {
  while (ready(n.done, n.running)) {
    const event_id next{n.running, static_cast<std::uint16_t>(n.done[n.running] + 1)};
    if (!is_urgent(next)) return;
    ++n.done[n.running];
  }
}

void preemption_counter::visit(const node& n, bool preempts) {
  nodes_.push_back(n);
  go_on(nodes_.back());
  (preempts ? later_ : now_).push_back(static_cast<std::uint32_t>(nodes_.size() - 1));
}

std::optional<unsigned> preemption_counter::search(unsigned most) {
  require_order();
  nodes_.clear();
  now_.clear();
  later_.clear();
  seen_.clear();
  visit({{}, 0, 0}, false);
  const auto threads = graph_->thread_count();
  for (unsigned preemptions = 0; preemptions <= most; ++preemptions) {
    while (!now_.empty()) {
      const std::uint32_t at = now_.back();
      now_.pop_back();
      const node n = nodes_[at];
      std::string key(reinterpret_cast<const char*>(n.done.data()), threads * sizeof(n.done[0]));
      key += static_cast<char>(n.running);
      if (!seen_.insert(std::move(key)).second) continue;
      if (n.done == end_) {
        found_ = at;
        return preemptions;
      }
      const bool preempts = can_go_on(n.done, n.running);
      for (thread_index t = 0; t < threads; ++t) {
        if (!ready(n.done, t)) continue;
        node next{n.done, t, at};
        ++next.done[t];
        visit(next, preempts && t != n.running);
      }
    }
    std::swap(now_, later_);
    if (now_.empty()) break;
  }
  return std::nullopt;
}

std::vector<event_id> preemption_counter::linearisation() const {
  std::vector<std::uint32_t> path;
  for (std::uint32_t at = found_; at != 0; at = nodes_[at].from) path.push_back(at);
  std::vector<event_id> order;
  cut done{};
  const auto reach = [&](const node& n) {
    while (done[n.running] < n.done[n.running]) order.push_back({n.running, ++done[n.running]});
  };
  reach(nodes_.front());
  for (std::size_t i = path.size(); i-- > 0;) reach(nodes_[path[i]]);
  return order;
}

}  // namespace pawl::check::engine
