#include "interleave.hpp"

#include <utility>

#include "cursor.hpp"

namespace pawl::oracle {
namespace {

class interleaver {
 public:
  explicit interleaver(const program& p) {
    for (const thread& code : p.threads) cursors_.emplace_back(code, p.registers());
    graph_.threads.resize(p.threads.size());
    graph_.mo.resize(static_cast<std::size_t>(p.locations()));
  }

  behaviours run() {
    step();
    return std::move(result_);
  }

 private:
  void step() {
    bool moved = false;
    for (std::size_t t = 0; t < cursors_.size(); ++t) {
      const operation* o = cursors_[t].pending();
      if (o == nullptr || (waits(*o) && !passes(*o, memory(o->location)))) continue;
      moved = true;
      perform(t, *o);
    }
    if (!moved) record();
  }

  /// Performs one operation, goes on from there, and takes it back.
  void perform(std::size_t t, const operation& o) {
    const cursor before = cursors_[t];
    event e = cursors_[t].perform(accesses(o) ? memory(o.location) : 0);
    if (e.is_read()) e.source = graph_.last_store(e.location);
    auto& events = graph_.threads[t];
    const event_id id{static_cast<int>(t), static_cast<int>(events.size())};
    events.push_back(e);
    if (e.is_write()) stores(e.location).push_back(id);
    step();
    if (e.is_write()) stores(e.location).pop_back();
    events.pop_back();
    cursors_[t] = before;
  }

  void record() {
    graph final = graph_;
    bool blocked = false;
    std::vector<std::vector<value>> registers;
    for (std::size_t t = 0; t < cursors_.size(); ++t) {
      registers.push_back(cursors_[t].registers());
      if (const operation* o = cursors_[t].pending()) {
        blocked = true;
        event e;
        e.kind = effect::blocked;
        e.location = o->location;
        e.source = graph_.last_store(o->location);
        final.threads[t].push_back(e);
      }
    }
    std::vector<value> values;
    for (std::size_t location = 0; location < graph_.mo.size(); ++location) {
      values.push_back(memory(static_cast<int>(location)));
    }
    (blocked ? result_.blocked : result_.complete).insert(canonical(final));
    (blocked ? result_.blocked_outcomes : result_.outcomes).insert(outcome(registers, values));
  }

  std::vector<event_id>& stores(int location) {
    return graph_.mo[static_cast<std::size_t>(location)];
  }

  value memory(int location) const { return graph_.written_by(graph_.last_store(location)); }

  std::vector<cursor> cursors_;
  graph graph_;
  behaviours result_;
};

}  // namespace

behaviours interleave(const program& p) { return interleaver(p).run(); }

}  // namespace pawl::oracle
