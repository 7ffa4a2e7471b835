#include "in_vain.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#include "machine_function.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
bool is_lock(const runtime& r, location_id l) {
  const rt::show_as kind = r.known.infos[l].show;
  return kind == rt::show_as::mutex || kind == rt::show_as::shared_mutex ||
         kind == rt::show_as::semaphore;
}

bool is_addition(const graph& g, const event& e) {
  if (e.op != operation::fetch) return false;
  const rt::rmw kind = g.parameters(e).kind;
  return kind == rt::rmw::add || kind == rt::rmw::sub;
}

word with_addition(const graph& g, const event& e, word value) {
  return evaluate(g.parameters(e), value).written;
}

namespace {

bool changes(const event& e) { return e.writes && !(e.reads && e.written == e.read); }

// True if the program does not use what the update returns.
bool is_blind(const event& e) {
  static std::unordered_map<const void*, bool>& known = *new std::unordered_map<const void*, bool>;
  const void* const code = the_whole_program->code_after(e.where);
  const auto [at, is_new] = known.try_emplace(code);
  if (is_new) at->second = !machine::result_is_read(static_cast<const std::byte*>(code));
  return at->second;
}

// What an iteration has done to one object.
struct change {
  location_id location;
  event_id first, last;
  word sum = 0;
};

// The changes of an iteration; false: it did something that is not undone.
class changes_of {
 public:
  changes_of(const runtime& r, iteration by) : runtime_(r), by_(by) {}

  [[nodiscard]] bool are_undone() {
    const graph& g = runtime_.search.graph;
    for (std::uint16_t i = by_.since + 1; i <= by_.until; ++i) {
      const event_id id{by_.thread, i};
      const event& e = g.at(id);
      if (changes(e) && (!e.reads || !add(id, e))) return false;
    }
    return std::ranges::all_of(all_, [&](const change& c) { return c.sum == 0 && rests(c); });
  }
  [[nodiscard]] const std::vector<change>& all() const { return all_; }

 private:
  bool add(event_id id, const event& e) {
    auto c = std::ranges::find(all_, e.location, &change::location);
    if (c == all_.end()) c = all_.insert(c, {e.location, id, id});
    c->last = id;
    const graph& g = runtime_.search.graph;
    if (is_lock(runtime_, e.location)) {
      const bool opens = !releases(g.parameters(e).order);
      if (!opens && c->sum == 0) return false;
      c->sum += opens ? 1 : word(-1);
      return true;
    }
    if (!is_addition(g, e)) return false;
    c->sum = with_addition(g, e, c->sum);
    return true;
  }

  bool rests(const change& c) const {
    const graph& g = runtime_.search.graph;
    if (is_lock(runtime_, c.location)) return true;
    const bool first = is_blind(g.at(c.first)), last = is_blind(g.at(c.last));
    if (first != last) return last;
    word before = 0;
    for (std::uint16_t i = 1; i <= by_.since; ++i) {
      const event& e = g.at({by_.thread, i});
      if (e.location != c.location || !changes(e)) continue;
      if (!is_addition(g, e)) return false;
      before = with_addition(g, e, before);
    }
    return before == 0;
  }

  const runtime& runtime_;
  iteration by_;
  std::vector<change> all_;
};

// Iterations that are all taken out.
class iterations {
 public:
  iterations(const runtime& r, std::vector<iteration> all) : runtime_(r), all_(std::move(all)) {}

  /// Leaves those that nobody else has seen.
  std::vector<iteration> unseen() {
    const auto is_seen = [this](iteration i) { return this->is_seen(i); };
    for (auto seen = std::ranges::find_if(all_, is_seen); seen != all_.end();
         seen = std::ranges::find_if(all_, is_seen))
      all_.erase(seen);
    return std::move(all_);
  }

 private:
  [[nodiscard]] bool contains(event_id e) const {
    return std::ranges::any_of(all_, [e](const iteration& i) { return i.contains(e); });
  }

  [[nodiscard]] bool is_seen(iteration i) const {
    changes_of made(runtime_, i);
    return !made.are_undone() ||
           std::ranges::any_of(made.all(), [this](const change& c) { return is_seen(c); });
  }

  // Between its first write and its last.
  [[nodiscard]] bool is_seen(const change& c) const {
    const graph& g = runtime_.search.graph;
    std::vector<std::pair<event_id, word>> between;  // Stores, with what would be there.
    word value = g.value(c.location, initial_store);
    bool is_open = false;
    for (event_id s = g.location(c.location).mo_first; s != no_event; s = g.at(s).mo_after) {
      const event& e = g.at(s);
      is_open = is_open || s == c.first;
      if (!contains(s)) {
        const bool is_same = e.reads && does_the_same(e, value);
        if (is_open && !is_same) return true;
        value = is_same ? evaluate(g.parameters(e), value).written : e.written;
      }
      if (s == c.last) break;
      if (is_open) between.emplace_back(s, value);
    }
    for (event_id r = g.location(c.location).newest_load; r != no_event; r = g.at(r).older_load) {
      const event& e = g.at(r);
      if (e.writes || e.blocked || contains(r)) continue;
      const auto source = std::ranges::find(between, e.source, [](auto& b) { return b.first; });
      if (source != between.end() && !does_the_same(e, source->second)) return true;
    }
    return false;
  }

  /// True if an event that reads would do the same if it had read this value.
  [[nodiscard]] bool does_the_same(const event& e, word value) const {
    if (e.read == value) return true;
    if (is_lock(runtime_, e.location) && (tries(e.op) || e.op == operation::await_update)) {
      const outcome o = evaluate(runtime_.search.graph.parameters(e), value);
      return o.holds && o.writes == e.writes;
    }
    if (is_lock(runtime_, e.location)) return e.op == operation::fetch;
    return is_addition(runtime_.search.graph, e) && is_blind(e);
  }

  const runtime& runtime_;
  std::vector<iteration> all_;
};

bool holds(const std::vector<iteration>& all, event_id e) {
  return std::ranges::any_of(all, [e](const iteration& i) { return i.contains(e); });
}

// True of an event that would do something else, or return something else that is used, if it had
// read another value.
bool looks(const runtime& r, const event& e) {
  if (!e.reads) return false;
  if (is_lock(r, e.location)) return e.op == operation::load || tries(e.op);
  return !is_addition(r.search.graph, e) || !is_blind(e);
}

}  // namespace

// ---- who looks ----------------------------------------------------------------------------------

bool in_vain_looks::is_changed(location_id l) {
  if (std::ranges::find(locations_, l) != locations_.end()) return false;
  locations_.push_back(l);
  of_others_.emplace_back();
  return true;
}

bool in_vain_looks::learn(std::size_t i, const by_thread& looks) {
  const unsigned all = std::accumulate(looks.begin(), looks.end(), 0u);
  bool is_news = false;
  for (std::size_t t = 0; t < looks.size(); ++t) {
    const auto others = static_cast<std::uint16_t>(all - looks[t]);
    is_news = is_news || others > of_others_[i][t];
    of_others_[i][t] = std::max(of_others_[i][t], others);
  }
  return is_news;
}

unsigned in_vain_looks::of_others(location_id l, thread_index t) const {
  const auto at = std::ranges::find(locations_, l);
  return at == locations_.end() ? 0
                                : of_others_[static_cast<std::size_t>(at - locations_.begin())][t];
}

// At the end of a run. Threads that rest might have gone on if more had been known.
void runtime::learn_looks() {
  if (!waits_for_spins()) return;
  std::vector<iteration> all = gone_on_;
  for (thread_index t = 0; t < course.threads; ++t)
    if (const model_thread& m = thread(t); m.at == state::spinning && m.wrote_in_vain)
      all.push_back({t, m.spins_since, m.executed});
  bool is_news = false;
  for (const iteration& i : all) {
    changes_of made(*this, i);
    if (!made.are_undone()) continue;
    for (const change& c : made.all()) is_news = looks_.is_changed(c.location) || is_news;
  }
  const graph& g = search.graph;
  for (std::size_t i = 0; i < looks_.locations().size(); ++i) {
    in_vain_looks::by_thread by{};
    event_id e = g.location(looks_.locations()[i]).newest_load;
    for (; e != no_event; e = g.at(e).older_load)
      if (looks(*this, g.at(e)) && !holds(all, e)) ++by[e.thread];
    is_news = looks_.learn(i, by) || is_news;
  }
  if (is_news) search.demand_restart();
}

// ---- the running thread -------------------------------------------------------------------------

void runtime::note_update(const event& e) {
  model_thread& me = thread(running_);
  const bool is_searched = select_thread == nullptr;
  if (is_silent(e))
    me.history.fence(me.executed);  // Others can tell it.
  else if (is_searched ? waits_for_spins() : the_whole_program != nullptr && !direct_.runs)
    me.history.write(me.executed);
  else
    me.history.clear();
}

bool runtime::undoes_itself(iteration i) const { return changes_of(*this, i).are_undone(); }

// ---- all threads --------------------------------------------------------------------------------

// Those of threads that stand where they stood before, or have gone on from there.
std::vector<iteration> runtime::iterations_in_vain() const {
  std::vector<iteration> all = gone_on_;
  for (thread_index t = 0; t < course.threads; ++t)
    if (const model_thread& m = thread(t); m.at == state::spinning)
      all.push_back({t, m.spins_since, m.executed});
  return iterations(*this, std::move(all)).unseen();
}

// Nothing else can move. Returns: whether a thread goes on from an iteration that others have seen.
bool runtime::go_on_from_spin() {
  const auto rests = [this](thread_index t) {
    return thread(t).at == state::spinning && thread(t).wrote_in_vain && !stalled(t);
  };
  std::vector<iteration> resting;
  for (thread_index t = 0; t < course.threads; ++t)
    if (rests(t)) resting.push_back({t, thread(t).spins_since, thread(t).executed});
  if (resting.empty()) return false;
  const std::vector<iteration> unseen = iterations_in_vain();
  for (const iteration& i : unseen)
    if (!may_be_looked_at(unseen, i) && holds(gone_on_, {i.thread, i.until})) return false;
  for (const bool is_unseen : {false, true})
    for (const iteration& i : resting) {
      if (holds(unseen, {i.thread, i.until}) != is_unseen) continue;
      if (is_unseen && !may_be_looked_at(unseen, i)) continue;
      gone_on_.push_back(i);
      const bool is_past_iterations = thread(i.thread).is_past_iterations;
      if (is_past_iterations) course.unrolled |= std::uint32_t{1} << i.thread;
      enter(i.thread, is_past_iterations ? state::assumed : state::frontier);
      return true;
    }
  return false;
}

// True if there may be somebody else to look at this iteration and at those of its thread that
// nobody has seen before it.
bool runtime::may_be_looked_at(const std::vector<iteration>& unseen, iteration i) const {
  changes_of made(*this, i);
  if (!made.are_undone()) return true;
  unsigned looks = 0;
  for (const change& c : made.all()) looks += looks_.of_others(c.location, i.thread);
  const auto is_before = [i](const iteration& u) {
    return u.thread == i.thread && u.until <= i.until;
  };
  return static_cast<unsigned>(std::ranges::count_if(unseen, is_before)) <= looks;
}

// True if a thread has gone on from an iteration that nobody else has seen.
bool runtime::has_gone_on_in_vain() const {
  if (gone_on_.empty()) return false;
  const std::vector<iteration> unseen = iterations_in_vain();
  return std::ranges::any_of(
      gone_on_, [&](const iteration& i) { return holds(unseen, {i.thread, i.until}); });
}

// True if the thread waits for what another one brings about again and again, in vain. Those who
// add and take away in vain, both, wait for each other.
bool runtime::waits_for_what_comes_in_vain(thread_index t) const {
  const model_thread& m = thread(t);
  if (m.at != state::spinning) return false;
  const graph& g = search.graph;
  const auto reads_what = [&](const change& c) {
    if (m.wrote_in_vain && !is_lock(*this, c.location)) return false;
    for (std::uint16_t i = m.spins_since + 1; i <= m.executed; ++i)
      if (const event& e = g.at({t, i}); e.location == c.location && looks(*this, e)) return true;
    return false;
  };
  for (thread_index by = 0; by < course.threads; ++by) {
    const model_thread& other = thread(by);
    if (by == t) continue;
    if (other.at != state::spinning || !other.wrote_in_vain) continue;
    changes_of made(*this, {by, other.spins_since, other.executed});
    if (made.are_undone() && std::ranges::any_of(made.all(), reads_what)) return true;
  }
  return false;
}

// True if the iteration that the thread would repeat can only go the same way again: each of its
// reads saw the last value, or what it has written to that itself, and no compare-exchange failed
// by chance. An iteration that wrote must also have read the last store, but for those in vain:
// what a section of a lock protects may be new though the value is not.
bool runtime::spins_for_ever(thread_index t) const {
  const graph& g = search.graph;
  const model_thread& m = thread(t);
  if (m.made_detour) return false;
  const std::vector<iteration> in_vain =
      m.wrote_in_vain ? iterations_in_vain() : std::vector<iteration>();
  const auto that_stays = [&](event_id store) {
    while (std::ranges::any_of(in_vain, [=](iteration i) { return i.contains(store); }))
      store = g.at(store).mo_before;
    return store;
  };
  for (std::uint16_t i = m.spins_since + 1; i <= m.executed; ++i) {
    const event& e = g.at({t, i});
    if (!e.reads) continue;
    const event_id last = g.mo_last(e.location);
    word now = g.value(e.location, last);
    for (std::uint16_t j = m.spins_since + 1; m.wrote_in_vain && j < i; ++j)
      if (const event& mine = g.at({t, j}); mine.writes && mine.location == e.location)
        now = mine.written;
    if (e.spurious || e.read != now) return false;
    if (m.wrote_in_vain && that_stays(e.source) != that_stays(last)) return false;
  }
  return true;
}

}  // namespace pawl::check::engine
