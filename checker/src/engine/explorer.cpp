#include "explorer.hpp"

#include <algorithm>

namespace pawl::check::engine {
void explorer::start(selector* s) {
  graph.clear_events();
  selector_ = s;
  restart_ = false;
  items_.clear();
  path_.clear();
  saved_.clear();
  saved_trail_.clear();
  frames_.assign(1, frame{0, 0, 0, no_event, no_event, 0, empty_view, {}});
  floor_ = 0;
  outermost_ = 1;
  in_place_used_ = branched_ = puts_off_ = false;
  branches_.clear();
  depth_ = 0;
  goes_on_ = true;
  levels_.assign(1, {1, 0, 1});
  roots_ = above_roots_ = 0;
  top_ = {};
  if (division_ != nullptr) generation_ = division_->generation();
}

bool explorer::enabled(const request& q) const {
  if (q.op == operation::join) return graph.finished(static_cast<thread_index>(q.operand));
  if (q.op == operation::await_arrivals) return graph.all_arrived(q.location, q.operand);
  return !set_aside(q);
}

bool explorer::set_aside(const request& q) const {
  const bool waits = q.op == operation::await_update
                         ? selector_ != nullptr || unblocks(q.location)
                         : selector_ != nullptr && q.op == operation::await;
  if (!waits) return false;
  return !evaluate(q, graph.value(q.location, graph.mo_last(q.location))).holds;
}

event_id explorer::add(thread_index t, const request& q) {
  branched_ = false;
  switch (q.op) {
    case operation::store:
      return add_store(t, q);
    case operation::choose:
      return add_choice(t, q);
    case operation::fence:
    case operation::spawn:
    case operation::join:
    case operation::finish:
    case operation::arrive:
    case operation::await_arrivals:
      return graph.append(t, q);
    default:
      return add_load(t, q);
  }
}

// ---- loads --------------------------------------------------------------------------------------

// The stores that `id` may read, newest in mo first; the first is always the mo-maximal one. A wait
// reads what satisfies it, or else blocks on the mo-maximal store. An RMW may compete for a source
// that another RMW has read as long as that one can still be revisited.
void explorer::sources(event_id id, const noted_request& q, std::vector<alternative>& out) const {
  out.clear();
  const bool blind = is_blind(q);
  const event& e = graph.at(id);
  const event_id floor = graph.floor(e.location, id, coherence_view(options_.memory_model, e));
  event_id s = graph.mo_last(e.location);
  const bool spuriously = may_fail(id, q);
  for (bool newest = true;; newest = false, s = graph.at(s).mo_before) {
    const outcome o = evaluate(q, graph.value(e.location, s));
    if (blind && !o.writes) {
      if (newest) out.push_back({no_event, false});
    } else if (o.holds || newest) {
      const event_id rival = o.writes ? graph.rmw_reader(e.location, s) : no_event;
      if (rival == no_event || (selector_ == nullptr && !settled(rival) && !graph.porf(rival, id)))
        out.push_back({s, false});
      if (o.writes && spuriously) out.push_back({s, true});
    }
    if (s == floor) break;
  }
  if (blind && out.front().store != no_event) out.push_back({no_event, false});
}

// A property of the thread's own past, which every graph that holds `id` agrees on: the bound on
// spurious failures only makes the program another one.
bool explorer::may_fail(event_id id, const request& q) const {
  if (!q.weak || options_.weak_cas_fails == 0) return false;
  unsigned failures = 0;
  for (std::uint16_t i = 1; i < id.index; ++i)
    failures += graph.at({id.thread, i}).spurious ? 1 : 0;
  return failures < options_.weak_cas_fails;
}

event_id explorer::add_load(thread_index t, const request& q) {
  if (q.holds.holds != nullptr && !tries(q.op)) note_await(q.location);
  const event_id id = graph.append(t, q);
  if (const rt::predicate* const refused = refused_before(id)) graph.let_refuse(id, *refused);
  const view before = graph.views.top();
  sources(id, graph.parameters(graph.at(id)), alternatives_);
  std::size_t taken = 0;
  if (selector_ != nullptr) {
    taken = selector_->select(id, alternatives_, [&](std::size_t i) {
      graph.set_source(id, alternatives_[i].store, alternatives_[i].spurious);
      const bool writes = graph.at(id).writes;
      graph.at(id).writes = false;
      bool ok = i == 0 || consistent(id);
      graph.at(id).writes = writes;
      if (writes) graph.link(id, alternatives_[i].store);
      ok = ok && (i == 0 || consistent(id));
      if (writes) graph.unlink(id);
      graph.at(id).writes = false;
      return ok;
    });
  } else {
    for (std::size_t i = alternatives_.size(); i-- > 1;)
      push(work::source, id, alternatives_[i], no_event, graph.stamp, before);
    if (alternatives_.back().store == no_event && alternatives_.size() > 1) put_off_failure(id);
  }
  const alternative a = alternatives_[taken];
  give_source(id, a);
  if (!graph.at(id).writes) return id;
  graph.link(id, a.store);
  note_store(id);
  unblock(id);
  revisits(id);
  return id;
}

// ---- stores -------------------------------------------------------------------------------------

// The stores behind which `id` may be put in mo, newest first: not before what coherence has it
// see, never between a read-modify-write and its source.
void explorer::places(event_id id, std::vector<alternative>& out) const {
  out.clear();
  const event& e = graph.at(id);
  const event_id floor = graph.floor(e.location, id, coherence_view(options_.memory_model, e));
  for (event_id s = graph.mo_last(e.location);; s = graph.at(s).mo_before) {
    if (graph.rmw_reader(e.location, s) == no_event) out.push_back({s, false});
    if (s == floor) return;
  }
}

event_id explorer::add_store(thread_index t, const request& q) {
  const event_id id = graph.append(t, q);
  places(id, alternatives_);
  std::size_t taken = 0;
  if (selector_ != nullptr) {
    taken = selector_->select(id, alternatives_, [&](std::size_t i) {
      graph.link(id, alternatives_[i].store);
      const bool ok = i == 0 || consistent(id);
      graph.unlink(id);
      return ok;
    });
  } else {
    for (std::size_t i = alternatives_.size(); i-- > 1;)
      push(work::place, id, alternatives_[i], no_event, graph.stamp, graph.views.top());
  }
  graph.link(id, alternatives_[taken].store);
  note_store(id);
  unblock(id);
  revisits(id);
  return id;
}

event_id explorer::add_choice(thread_index t, const request& q) {
  const event_id id = graph.append(t, q);
  const auto n = static_cast<std::uint32_t>(q.operand);
  if (selector_ != nullptr) {
    graph.at(id).read = selector_->choose(id, n);
    return id;
  }
  for (std::uint32_t v = n; v-- > 1;)
    push(work::choice, id, {no_event, false}, no_event, graph.stamp, graph.views.top(), v);
  return id;
}

// ---- pending work -------------------------------------------------------------------------------

void explorer::push(work kind, event_id e, alternative a, event_id store, std::uint32_t stamp,
                    view views, word value) {
  branched_ = branched_ || kind != work::revisit;
  items_.push_back(
      {kind, false, false, a, e, store, stamp, views, graph.parameters_top(), value, depth_ + 1});
  ++levels_[depth_].left;
}

explorer::level& explorer::at_level(unsigned depth) {
  if (depth >= levels_.size()) levels_.resize(depth + 1);
  return levels_[depth];
}

double explorer::expected(const census& others) const {
  double here = 1, all = 0;
  for (std::size_t i = 0; i < std::max(levels_.size(), others.size()); ++i) {
    level l = i < levels_.size() ? levels_[i] : level{};
    if (i < others.size()) {
      l.visited += others[i][0];
      l.left += others[i][1];
      l.executions += others[i][2];
    }
    if (l.visited == 0) break;
    const auto visited = static_cast<double>(l.visited);
    all += here * static_cast<double>(l.executions) / visited;
    here *= static_cast<double>(l.left) / visited;
  }
  return all;
}

bool explorer::advance() {
  for (;;) {
    while (items_.size() > frames_.back().items) {
      const item it = items_.back();
      items_.pop_back();
      if (it.given || is_others(it)) continue;
      if (it.is_off) {
        --at_level(it.depth - 1).left;
        continue;
      }
      path_.resize(it.depth - 1);
      path_.push_back(items_.size());
      forget_branches(it);
      depth_ = it.depth;
      ++at_level(depth_).visited;
      if (apply(it) && !beyond_bound()) {
        ++levels_[depth_].executions;
        return true;
      }
      pruned += counts() ? 1 : 0;
    }
    if (frames_.size() == outermost_) return false;
    close_frame();
  }
}

// Frames below are never returned to, so that nothing of theirs has to stay.
std::size_t explorer::descend(const std::function<std::size_t(std::size_t)>& draw) {
  const std::size_t n = items_.size();
  if (n == 0) return 0;
  const item it = items_[draw(n)];
  items_.clear();
  frames_.back().items = 0;
  forget_branches(it);
  depth_ = it.depth;
  (void)at_level(depth_);
  goes_on_ = apply(it);
  return n;
}

void explorer::add_item(fingerprint& f, const item& it) {
  for (const std::uint64_t w : {std::uint64_t{it.depth}, static_cast<std::uint64_t>(it.kind),
                                number_of(it.event), number_of(it.choice.store),
                                number_of(it.store), std::uint64_t{it.choice.spurious}, it.value})
    f.add_word(w);
}

// Roots are numbered as they come, which is the same for all processes.
bool explorer::is_others(const item& it) {
  if (division_ == nullptr || it.depth > division_->depth) return false;
  add_item(top_, it);
  if (it.depth == division_->depth) return !division_->has_root(roots_++);
  ++above_roots_;
  return false;
}

// What is pending below `it` is not younger than it.
void explorer::forget_branches(const item& it) {
  while (!branches_.empty() &&
         (branches_.back().depth > frames_.size() ||
          (branches_.back().depth == frames_.size() && branches_.back().stamp > it.stamp)))
    branches_.pop_back();
}

// Of a frame below, only what is older than the revisited load of each frame above it is there.
std::size_t explorer::resume_point() const {
  std::uint32_t limit = ~std::uint32_t{0};
  std::size_t depth = frames_.size();
  for (std::size_t n = branches_.size(); n > 0; --n) {
    for (; depth > branches_[n - 1].depth; --depth)
      limit = std::min(limit, frames_[depth - 1].load_stamp);
    if (branches_[n - 1].stamp <= limit) return n;
  }
  return 0;
}

bool explorer::apply(const item& it) {
  cut(it);
  switch (it.kind) {
    case work::source:
      return apply_source(it);
    case work::place:
      return apply_place(it);
    case work::revisit:
      return open_frame(it);
    case work::choice:
      graph.choose(it.event, it.value);
      graph.at(it.event).maximal = false;
      return true;
  }
  return false;
}

// The pools are released first: events that go need their views no more, and an await that returns
// to an older source gets its new views from what was released.
void explorer::cut(const item& it) {
  graph.views.release_to(it.views);
  graph.release_parameters(it.parameters);
  auto& trail = graph.trail();
  while (!trail.empty() && graph.at(trail.back()).stamp > it.stamp) {
    const event_id last = trail.back();
    if (graph.at(last).writes) retract(last);
    graph.at(last).writes = false;
    graph.remove_last();
  }
  graph.stamp = it.stamp;
  if (in_place_used_) refresh_in_place();
}

bool explorer::apply_source(const item& it) {
  if (graph.at(it.event).writes) retract(it.event);
  graph.at(it.event).in_place = false;
  graph.at(it.event).maximal = false;
  give_source(it.event, it.choice);
  // Since the alternative was noted, its value was seen to spin: another execution has the wait.
  if (graph.at(it.event).blocked) return false;
  return settle(it.event);
}

bool explorer::settle(event_id id) {
  const bool writes = graph.at(id).writes;
  graph.at(id).writes = false;
  const bool readable = consistent(id);
  graph.at(id).writes = writes;
  if (!readable) {
    graph.at(id).writes = false;
    return false;
  }
  if (!writes) return true;
  const event& e = graph.at(id);
  const bool competes = graph.rmw_reader(e.location, e.source) != no_event;
  graph.link(id, e.source);
  if (!competes) {
    note_store(id);
    unblock(id);
  }
  revisits(id);
  return !competes && consistent(id);
}

bool explorer::apply_place(const item& it) {
  const frame& f = frames_.back();
  const bool read = f.load != no_event && f.store == it.event;
  if (read && graph.at(f.load).writes) {
    graph.unlink(f.load);
    graph.at(f.load).writes = false;
  }
  graph.unlink(it.event);
  graph.link(it.event, it.choice.store);
  graph.at(it.event).maximal = false;
  if (!read) return consistent(it.event);
  graph.at(f.load).maximal = false;
  graph.set_source(f.load, f.store);
  return settle_revisit(f.store, f.load);
}

}  // namespace pawl::check::engine
