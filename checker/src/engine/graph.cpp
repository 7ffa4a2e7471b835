#include "graph.hpp"

namespace pawl::check::engine {

void graph::reset() {
  thread_count_ = 0;
  locations_.clear();
  initial_values_.clear();
  clear_events();
}

void graph::clear_events() {
  views.reset(std::max<unsigned>(thread_count_, view_pool::lane_step));
  for (auto& t : threads_) t.clear();
  changed = ~std::uint32_t{0};
  births_.fill(no_event);
  for (auto& l : locations_) l = {};
  parameters_.clear();
  trail_.clear();
  stamp = 0;
  seq_cst_ = twins_ = 0;
  mark_ = 0;
}

location_id graph::add_location(word initial) {
  locations_.emplace_back();
  initial_values_.push_back(initial);
  return static_cast<location_id>(locations_.size() - 1);
}

void graph::add_thread(thread_index t) {
  if (t < thread_count_) return;
  thread_count_ = static_cast<thread_index>(t + 1);
  views.widen(thread_count_);
}

event_id graph::rmw_reader(location_id l, event_id store) const {
  const event_id next = mo_next(l, store);
  if (next == no_event) return no_event;
  const event& e = at(next);
  return e.reads && e.source == store ? next : no_event;
}

event_id graph::floor(location_id l, event_id e, view v) const {
  const event_id newest = locations_[l].mo_last;
  if (newest.initial() || contains(v, e, newest)) return newest;
  const std::uint64_t mark = fresh_mark();
  for (event_id r = locations_[l].newest_load; r != no_event; r = at(r).older_load) {
    const event_id source = at(r).source;
    if (!source.initial() && contains(v, e, r)) at(source).mark = mark;
  }
  event_id s = newest;
  while (!s.initial() && at(s).mark != mark && !contains(v, e, s)) s = at(s).mo_before;
  return s;
}

bool graph::mo_not_after(event_id a, event_id b) const {
  if (a.initial() || a == b) return true;
  if (b.initial()) return false;
  for (event_id s = at(a).mo_after; s != no_event; s = at(s).mo_after)
    if (s == b) return true;
  return false;
}

graph::inheritance graph::inherited(event_id id) const {
  if (id.index > 1) {
    const event& p = threads_[id.thread][id.index - 2u];
    return {p.hb, p.porf, p.pending, p.release_fence};
  }
  const event_id birth = births_[id.thread];
  if (birth == no_event) return {empty_view, empty_view, empty_view, 0};
  return {at(birth).message, static_cast<view>(at(birth).written), empty_view, 0};
}

void graph::inherit(event_id id, event& e) const {
  const inheritance i = inherited(id);
  e.hb = i.hb;
  e.porf = i.porf;
  e.pending = i.pending;
  e.release_fence = i.release_fence;
}

event_id graph::append(thread_index t, const request& q) {
  auto& events = threads_[t];
  event& e = events.emplace_back();
  const event_id id = last(t);
  changed |= std::uint32_t{1} << t;
  e.stamp = ++stamp;
  e.location = q.location;
  e.source = e.mo_before = e.mo_after = e.older_load = no_event;
  e.op = q.op;
  e.order = q.order;
  e.maximal = true;
  e.where = q.where;
  inherit(id, e);
  switch (q.op) {
    case operation::store:
      e.writes = true;
      e.written = q.operand;
      break;
    case operation::fence:
      if (acquires(q.order)) e.hb = views.join(e.hb, e.pending, 0, 0);
      if (releases(q.order)) e.release_fence = id.index;
      break;
    case operation::spawn: {
      const auto child = static_cast<thread_index>(q.operand);
      births_[child] = id;
      changed |= std::uint32_t{1} << child;
      e.twin = q.twin;
      twins_ += e.twin;
      e.message = views.raise(e.hb, t, static_cast<clock_value>(id.index));
      e.written = views.raise(e.porf, t, static_cast<clock_value>(id.index));
      e.read = child;
      break;
    }
    case operation::join: {
      const event_id f = last(static_cast<thread_index>(q.operand));
      const auto n = static_cast<clock_value>(f.index);
      e.hb = views.join(e.hb, at(f).hb, f.thread, n);
      e.porf = views.join(e.porf, at(f).porf, f.thread, n);
      e.read = q.operand;
      break;
    }
    case operation::arrive:
      e.written = q.operand;
      e.drops = q.drops;
      e.read = phase_of(id);
      break;
    case operation::await_arrivals:
      e.read = q.operand;
      for_arrivals(q.location, q.operand, [&](event_id a) {
        const auto n = static_cast<clock_value>(a.index);
        e.hb = views.join(e.hb, at(a).hb, a.thread, n);
        e.porf = views.join(e.porf, at(a).porf, a.thread, n);
      });
      break;
    case operation::finish:
    case operation::choose:
      break;
    default:
      e.reads = true;
      e.parameters = static_cast<std::uint32_t>(parameters_.size());
      parameters_.push_back({q});
  }
  if (q.op == operation::store) compute_message(id, e);
  e.seq_cst = q.order == std::memory_order_seq_cst || q.failure == std::memory_order_seq_cst;
  seq_cst_ += e.seq_cst;
  trail_.push_back(id);
  if (is_listed(e)) link_load(id);
  return id;
}

void graph::fail_blindly(event_id id) {
  event& e = at(id);
  changed |= std::uint32_t{1} << id.thread;
  e.source = initial_store;
  e.next = e.failure = 0;
  e.read = e.written = 0;
  e.reads = e.writes = e.blocked = e.spurious = false;
  e.order = parameters(e).failure;
  inherit(id, e);
  e.message = empty_view;
  e.message_at = initial_store;
}

void graph::set_source(event_id id, event_id source, bool spurious) {
  event& e = at(id);
  const noted_request& q = parameters(e);
  changed |= std::uint32_t{1} << id.thread;
  e.reads = true;
  e.source = source;
  e.next = 0;
  e.spurious = spurious;
  e.read = value(e.location, source);
  outcome o = evaluate(q, e.read);
  if (spurious) o.writes = false;
  e.writes = o.writes;
  e.written = o.written;
  e.blocked = !o.holds;
  e.order = tries(q.op) && !o.writes ? q.failure : q.order;
  inherit(id, e);
  if (!source.initial()) {
    const event& s = at(source);
    const auto n = static_cast<clock_value>(source.index);
    e.porf = views.join(e.porf, s.porf, source.thread, n);
    const auto m = static_cast<clock_value>(s.message_at.index);
    if (acquires(e.order) && o.holds)
      e.hb = views.join(e.hb, s.message, s.message_at.thread, m);
    else
      e.pending = views.join(e.pending, s.message, s.message_at.thread, m);
  }
  e.message = empty_view;
  e.message_at = initial_store;
  if (e.writes) compute_message(id, e);
}

// A release store hands over its whole past; a relaxed one that of the last release fence; an RMW
// adds what the store it reads hands over (C++20 release sequences consist of RMWs only).
void graph::compute_message(event_id id, event& e) {
  bool own = true;
  if (releases(e.order)) {
    e.message = e.hb;
    e.message_at = id;
  } else if (e.release_fence != 0) {
    e.message_at = {id.thread, e.release_fence};
    e.message = at(e.message_at).hb;
  } else {
    own = false;
    e.message = empty_view;
    e.message_at = initial_store;
  }
  if (!e.reads || e.source.initial()) return;
  const event& s = at(e.source);
  if (!own) {
    e.message = s.message;
    e.message_at = s.message_at;
  } else {
    e.message = views.join(e.message, s.message, s.message_at.thread,
                           static_cast<clock_value>(s.message_at.index));
  }
}

void graph::link(event_id id, event_id after) {
  event& e = at(id);
  location_record& l = locations_[e.location];
  e.mo_before = after;
  if (after.initial()) {
    e.mo_after = first_store(e.location);
    l.mo_first = id;
  } else {
    e.mo_after = at(after).mo_after;
    at(after).mo_after = id;
  }
  if (e.mo_after == no_event)
    l.mo_last = id;
  else
    at(e.mo_after).mo_before = id;
}

void graph::unlink(event_id id) {
  const event& e = at(id);
  location_record& l = locations_[e.location];
  if (e.mo_before.initial())
    l.mo_first = e.mo_after == no_event ? initial_store : e.mo_after;
  else
    at(e.mo_before).mo_after = e.mo_after;
  if (e.mo_after == no_event)
    l.mo_last = e.mo_before;
  else
    at(e.mo_after).mo_before = e.mo_before;
}

void graph::link_load(event_id id) {
  event& e = at(id);
  location_record& l = locations_[e.location];
  event_id newer = no_event, older = l.newest_load;
  while (older != no_event && at(older).stamp > e.stamp) {
    newer = older;
    older = at(older).older_load;
  }
  e.older_load = older;
  (newer == no_event ? l.newest_load : at(newer).older_load) = id;
}

void graph::unlink_load(event_id id) {
  event& e = at(id);
  event_id* link = &locations_[e.location].newest_load;
  while (*link != id) link = &at(*link).older_load;
  *link = e.older_load;
}

event graph::detach(event_id id) {
  const event e = at(id);
  changed |= std::uint32_t{1} << id.thread;
  if (e.op == operation::spawn) changed |= std::uint32_t{1} << e.read;
  seq_cst_ -= e.seq_cst;
  twins_ -= e.twin;
  if (e.writes) unlink(id);
  if (is_listed(e)) unlink_load(id);
  threads_[id.thread].pop_back();
  return e;
}

void graph::reattach(event_id id, const event& e) {
  seq_cst_ += e.seq_cst;
  twins_ += e.twin;
  changed |= std::uint32_t{1} << id.thread;
  threads_[id.thread].push_back(e);
  if (e.op == operation::spawn) {
    births_[e.read] = id;
    changed |= std::uint32_t{1} << e.read;
  }
  if (is_listed(e)) link_load(id);
  if (e.writes) link(id, e.mo_before);
}

void graph::remove_last() {
  detach(trail_.back());
  trail_.pop_back();
}

}  // namespace pawl::check::engine
