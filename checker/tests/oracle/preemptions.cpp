#include "preemptions.hpp"

#include <optional>
#include <vector>

#include "cursor.hpp"
#include "graph.hpp"

namespace pawl::oracle {
namespace {

class counter {
 public:
  explicit counter(const program& p) {
    for (const thread& code : p.threads) cursors_.emplace_back(code, p.registers());
    graph_.threads.resize(p.threads.size());
    graph_.mo.resize(static_cast<std::size_t>(p.locations()));
  }

  preemption_counts run() {
    step(std::nullopt, 0);
    return std::move(result_);
  }

 private:
  void step(std::optional<std::size_t> latest, unsigned preemptions) {
    bool moved = false;
    for (std::size_t t = 0; t < cursors_.size(); ++t) {
      if (!can_move(t)) continue;
      moved = true;
      const bool preempts = latest && *latest != t && can_move(*latest);
      perform(t, preemptions + preempts);
    }
    if (!moved) record(preemptions);
  }

  bool can_move(std::size_t t) const {
    const operation* const o = cursors_[t].pending();
    return o != nullptr && (!waits(*o) || passes(*o, memory(o->location)));
  }

  value memory(int location) const { return graph_.written_by(graph_.last_store(location)); }

  void perform(std::size_t t, unsigned preemptions) {
    const cursor before = cursors_[t];
    const operation& o = *before.pending();
    event e = cursors_[t].perform(accesses(o) ? memory(o.location) : 0);
    if (e.is_read()) e.source = graph_.last_store(e.location);
    auto& events = graph_.threads[t];
    events.push_back(e);
    auto* const stores = e.is_write() ? &graph_.mo[static_cast<std::size_t>(e.location)] : nullptr;
    if (stores != nullptr)
      stores->push_back({static_cast<int>(t), static_cast<int>(events.size()) - 1});
    step(t, preemptions);
    if (stores != nullptr) stores->pop_back();
    events.pop_back();
    cursors_[t] = before;
  }

  void record(unsigned preemptions) {
    graph final = graph_;
    bool blocked = false;
    for (std::size_t t = 0; t < cursors_.size(); ++t) {
      const operation* const o = cursors_[t].pending();
      if (o == nullptr) continue;
      blocked = true;
      event e;
      e.kind = effect::blocked;
      e.location = o->location;
      e.source = graph_.last_store(o->location);
      final.threads[t].push_back(e);
    }
    auto& counts = blocked ? result_.blocked : result_.complete;
    const auto [at, fresh] = counts.try_emplace(canonical(final), preemptions);
    if (!fresh && preemptions < at->second) at->second = preemptions;
  }

  std::vector<cursor> cursors_;
  graph graph_;
  preemption_counts result_;
};

}  // namespace

preemption_counts fewest_preemptions(const program& p) { return counter(p).run(); }

}  // namespace pawl::oracle
