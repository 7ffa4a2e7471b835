#include "interleave.hpp"

#include <utility>

#include "cursor.hpp"

namespace pawl::oracle {
namespace {

class interleaver {
 public:
  interleaver(const program& p, store_buffers buffers)
      : buffers_(buffers), waiting_(p.threads.size()), flushing_(p.threads.size()) {
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
      if (!waiting_[t].empty()) {
        moved = true;
        drain(t);
      }
      const operation* o = cursors_[t].pending();
      if (o == nullptr || !can_move(t, *o)) continue;
      moved = true;
      perform(t, *o);
    }
    if (!moved) record();
  }

  bool can_move(std::size_t t, const operation& o) const {
    if (!waiting_[t].empty() && (flushing_[t] || needs_empty_buffer(t, o))) return false;
    return !waits(o) || passes(o, graph_.written_by(visible(t, o.location)));
  }

  bool needs_empty_buffer(std::size_t t, const operation& o) const {
    switch (o.kind) {
      case op::fetch_add:
      case op::exchange:
      case op::await_rmw:
        return true;
      case op::cas:  // One that fails is a load.
        return graph_.written_by(visible(t, o.location)) == o.expected;
      case op::fence:
        return o.order == memory_order::seq_cst;
      default:
        return false;
    }
  }

  /// The oldest store of the buffer reaches memory.
  void drain(std::size_t t) {
    const std::vector<event_id> before = waiting_[t];
    const event_id first = before.front();
    const int location = event_of(first).location;
    waiting_[t].erase(waiting_[t].begin());
    stores(location).push_back(first);
    step();
    stores(location).pop_back();
    waiting_[t] = before;
  }

  /// Performs one operation, goes on from there, and takes it back.
  void perform(std::size_t t, const operation& o) {
    const cursor before = cursors_[t];
    const bool flushed = flushing_[t];
    event e = cursors_[t].perform(accesses(o) ? graph_.written_by(visible(t, o.location)) : 0);
    if (e.is_read()) e.source = visible(t, e.location);
    auto& events = graph_.threads[t];
    const event_id id{static_cast<int>(t), static_cast<int>(events.size())};
    events.push_back(e);
    const bool buffered = buffers_ == store_buffers::yes && e.is_write() && !e.is_read();
    flushing_[t] = buffered && e.order == memory_order::seq_cst;
    if (e.is_write()) (buffered ? waiting_[t] : stores(e.location)).push_back(id);
    step();
    if (e.is_write()) (buffered ? waiting_[t] : stores(e.location)).pop_back();
    events.pop_back();
    cursors_[t] = before;
    flushing_[t] = flushed;
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

  const event& event_of(event_id id) const {
    return graph_.threads[static_cast<std::size_t>(id.thread)][static_cast<std::size_t>(id.index)];
  }

  /// The store that thread t reads now: the newest in its buffer, else that in memory.
  event_id visible(std::size_t t, int location) const {
    for (auto id = waiting_[t].rbegin(); id != waiting_[t].rend(); ++id) {
      if (event_of(*id).location == location) return *id;
    }
    return graph_.last_store(location);
  }

  std::vector<event_id>& stores(int location) {
    return graph_.mo[static_cast<std::size_t>(location)];
  }

  value memory(int location) const { return graph_.written_by(graph_.last_store(location)); }

  store_buffers buffers_;
  std::vector<std::vector<event_id>> waiting_;  ///< the buffer of each thread, oldest first
  std::vector<bool> flushing_;                  ///< whether it has to drain before the thread moves
  std::vector<cursor> cursors_;
  graph graph_;
  behaviours result_;
};

}  // namespace

behaviours interleave(const program& p, store_buffers b) { return interleaver(p, b).run(); }

}  // namespace pawl::oracle
