#include "interleave.hpp"

#include "cursor.hpp"
#include "graph.hpp"

namespace pawl::oracle {
namespace {

class interleaver {
 public:
  explicit interleaver(const program& p) : memory_(static_cast<std::size_t>(p.locations())) {
    for (const thread& code : p.threads) cursors_.emplace_back(code, p.registers());
  }

  interleavings run() {
    step();
    return std::move(result_);
  }

 private:
  void step() {
    bool moved = false;
    bool ended = true;
    for (cursor& c : cursors_) {
      const operation* o = c.pending();
      if (o == nullptr) continue;
      ended = false;
      if (waits(*o) && !passes(*o, cell(*o))) continue;
      moved = true;
      perform(c, *o);
    }
    if (!moved) (ended ? result_.outcomes : result_.blocked_outcomes).insert(outcome_text());
  }

  /// Performs one operation, goes on from there, and takes it back.
  void perform(cursor& c, const operation& o) {
    const cursor before = c;
    const value old = cell(o);
    const event e = c.perform(old);
    if (e.is_write()) cell(o) = e.written;
    step();
    cell(o) = old;
    c = before;
  }

  /// The memory cell of an operation; a fence gets one that nobody uses.
  value& cell(const operation& o) {
    return accesses(o) ? memory_[static_cast<std::size_t>(o.location)] : unused_;
  }

  std::string outcome_text() const {
    std::vector<std::vector<value>> registers;
    for (const cursor& c : cursors_) registers.push_back(c.registers());
    return outcome(registers, memory_);
  }

  std::vector<cursor> cursors_;
  std::vector<value> memory_;
  value unused_ = 0;
  interleavings result_;
};

}  // namespace

interleavings interleave(const program& p) { return interleaver(p).run(); }

}  // namespace pawl::oracle
