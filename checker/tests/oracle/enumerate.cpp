#include "enumerate.hpp"

#include <algorithm>
#include <utility>

#include "cursor.hpp"

namespace pawl::oracle {
namespace {

/// A program partly run: events and their sources, no modification order yet.
struct prefix {
  explicit prefix(const program& p) {
    for (const thread& code : p.threads) cursors.emplace_back(code, p.registers());
    events.threads.resize(p.threads.size());
    events.mo.resize(static_cast<std::size_t>(p.locations()));
  }

  /// Completes the pending operation of a thread, which reads from `source` if it reads.
  void step(std::size_t thread, event_id source = event_id::init()) {
    event e = cursors[thread].perform(events.written_by(source));
    e.source = source;
    events.threads[thread].push_back(e);
  }

  std::vector<cursor> cursors;
  graph events;
};

/// The stores of a location, thread by thread, without the initial one.
std::vector<std::vector<event_id>> stores_by_thread(const graph& g, int location) {
  std::vector<std::vector<event_id>> stores(g.threads.size());
  for (std::size_t t = 0; t < g.threads.size(); ++t) {
    for (std::size_t i = 0; i < g.threads[t].size(); ++i) {
      const event& e = g.threads[t][i];
      if (e.is_write() && e.location == location) {
        stores[t].push_back({static_cast<int>(t), static_cast<int>(i)});
      }
    }
  }
  return stores;
}

/// Whether an update reads from this store of the location.
bool is_taken(const graph& g, int location, event_id store) {
  for (const auto& thread : g.threads) {
    for (const event& e : thread) {
      if (e.kind == effect::update && e.location == location && e.source == store) return true;
    }
  }
  return false;
}

/// Calls `visit` with each total order of the stores of each location that agrees with program
/// order and puts each update directly after its source. All models demand both, and without them
/// the orders to try would be too many.
template <class Visit>
class modification_orders {
 public:
  modification_orders(graph& g, Visit& visit) : graph_(g), visit_(visit) {}

  void enumerate() { enumerate_location(0); }

 private:
  void enumerate_location(std::size_t location) {
    if (location == graph_.mo.size()) {
      visit_(std::as_const(graph_));
    } else {
      auto unplaced = stores_by_thread(graph_, static_cast<int>(location));
      for (auto& stores : unplaced) std::reverse(stores.begin(), stores.end());
      place_next(location, unplaced);
    }
  }

  /// `unplaced`: for each thread the stores still to be placed, the next one last.
  void place_next(std::size_t location, std::vector<std::vector<event_id>>& unplaced) {
    bool all_placed = true;
    const event_id last = graph_.last_store(static_cast<int>(location));
    const bool needs_update = is_taken(graph_, static_cast<int>(location), last);
    for (auto& stores : unplaced) {
      if (stores.empty()) continue;
      all_placed = false;
      const event_id store = stores.back();
      const event& e = graph_.at(store);
      const bool updates_last = e.kind == effect::update && e.source == last;
      if (needs_update ? !updates_last : e.kind == effect::update) continue;
      stores.pop_back();
      graph_.mo[location].push_back(store);
      place_next(location, unplaced);
      graph_.mo[location].pop_back();
      stores.push_back(store);
    }
    if (all_placed) enumerate_location(location + 1);
  }

  graph& graph_;
  Visit& visit_;
};

class enumerator {
 public:
  enumerator(const program& p, const memory_model& model) : model_(model) { reach(prefix(p)); }

  /// Every graph without a porf cycle can be built one event at a time so that the source of a read
  /// is there before the read. This builds all graphs in all such ways, and each prefix once.
  behaviours run() {
    while (!unexplored_.empty()) {
      const prefix current = std::move(unexplored_.back());
      unexplored_.pop_back();
      if (all_ended_or_waiting(current)) finish(current);
      for (std::size_t t = 0; t < current.cursors.size(); ++t) {
        if (current.cursors[t].pending() != nullptr) extend(current, t);
      }
    }
    return std::move(result_);
  }

 private:
  /// Puts a prefix on the list if it is new. Stores and fences take part in no choice: they are
  /// added as soon as they can be, so a thread that hasn't ended is at a read.
  void reach(prefix p) {
    for (std::size_t t = 0; t < p.cursors.size(); ++t) {
      for (auto* o = p.cursors[t].pending(); o != nullptr && !reads(*o);
           o = p.cursors[t].pending()) {
        p.step(t);
      }
    }
    if (reached_.insert(canonical(p.events)).second) unexplored_.push_back(std::move(p));
  }

  /// Lets the next read of a thread read from each store there is.
  void extend(const prefix& current, std::size_t thread) {
    const operation& o = *current.cursors[thread].pending();
    std::vector<event_id> sources{event_id::init()};
    for (const auto& stores : stores_by_thread(current.events, o.location)) {
      sources.insert(sources.end(), stores.begin(), stores.end());
    }
    for (const event_id source : sources) {
      if (waits(o) && !passes(o, current.events.written_by(source))) continue;
      prefix next = current;
      const bool taken = is_taken(current.events, o.location, source);
      next.step(thread, source);
      // Of two updates of one store, the mo-later would have the other one before it.
      const bool updates = next.events.threads[thread].back().kind == effect::update;
      if (!(updates && taken)) reach(std::move(next));
    }
  }

  static bool all_ended_or_waiting(const prefix& p) {
    return std::all_of(p.cursors.begin(), p.cursors.end(), [](const cursor& c) {
      return c.pending() == nullptr || waits(*c.pending());
    });
  }

  void finish(const prefix& p) {
    graph events = p.events;
    auto visit = [&](const graph& g) { judge(p, g); };
    modification_orders(events, visit).enumerate();
  }

  /// Records a graph if it is final and the model allows it.
  void judge(const prefix& p, graph g) {
    bool blocked = false;
    for (std::size_t t = 0; t < p.cursors.size(); ++t) {
      const operation* o = p.cursors[t].pending();
      if (o == nullptr) continue;
      const event_id last = g.last_store(o->location);
      if (passes(*o, g.written_by(last))) return;  // This thread can still move.
      blocked = true;
      event e{.kind = effect::blocked, .location = o->location, .order = o->order, .source = last};
      e.read = g.written_by(last);
      g.threads[t].push_back(e);
    }
    if (!model_.allows(execution(g))) return;
    (blocked ? result_.blocked : result_.complete).insert(canonical(g));
    (blocked ? result_.blocked_outcomes : result_.outcomes).insert(outcome_of(p, g));
  }

  static std::string outcome_of(const prefix& p, const graph& g) {
    std::vector<std::vector<value>> registers;
    for (const cursor& c : p.cursors) registers.push_back(c.registers());
    std::vector<value> memory;
    for (std::size_t location = 0; location < g.mo.size(); ++location) {
      memory.push_back(g.written_by(g.last_store(static_cast<int>(location))));
    }
    return outcome(registers, memory);
  }

  const memory_model& model_;
  std::vector<prefix> unexplored_;
  std::set<std::string> reached_;
  behaviours result_;
};

}  // namespace

behaviours enumerate(const program& p, const memory_model& model) {
  return enumerator(p, model).run();
}

}  // namespace pawl::oracle
