// When threads are suspected of spinning, so that their states are looked at from then on.
//
// That takes time, which programs without loops that spin need not pay; and a loop that is not
// looked at has its failed iterations counted. So the signs are what a thread does next after an
// iteration has failed, in whatever execution: then the search starts anew, and looks at all.

#include "in_vain.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
namespace {

bool is_same_place(const event& a, const event& b) {
  return a.op == b.op && a.location == b.location && a.where.line() == b.where.line() &&
         a.where.column() == b.where.column();
}

// What a thread has done, backwards, since it did the same as last.
class retraced {
 public:
  void add(const event& e, location_id of_last) {
    has_failed_ = has_failed_ || (tries(e.op) && !e.writes);
    if (e.location != of_last) return;
    differ_ = differ_ || (latest_ != nullptr && latest_->read != e.read);
    latest_ = &e;
  }
  /// True if something was tried in vain, or the object has changed meanwhile: reasons to do all
  /// again.
  [[nodiscard]] bool fails() const { return has_failed_ || differ_; }

 private:
  const event* latest_ = nullptr;
  bool has_failed_ = false, differ_ = false;
};

}  // namespace

// A thread is about to do `id`: if it has done that before, it may spin.
void runtime::suspect_spin(event_id id) {
  const event& e = search.graph.at(id);
  if (!spins_recognised || !e.reads || id.index < 2) return;
  const event& last = search.graph.at({id.thread, static_cast<std::uint16_t>(id.index - 1)});
  if (!last.reads && last.op != operation::fence) return;
  const bool may_update = the_whole_program != nullptr;
  if (repeats_reads(id) || (may_update && e.op == operation::fetch && undoes_addition(id)) ||
      (may_update && id.index % 8 == 0 && repeats_updates(id)))
    begin_to_watch();
}

// True if a thread reads what it has read before, at the same place, with nothing but reads and
// fences between. Of a whole program once is enough if an attempt has failed since then, or a value
// has changed, as in `do s = seq; while (seq != s)`: that cannot be repeated for ever, so that more
// may never come. Else it must do it again and again, as it can if nothing changes. Who calls a
// library again and again repeats more, in the library's lines, and counts only what has had the
// same result. Those of a whole program are suspicious whatever they have read: others may store as
// often as they fail.
bool runtime::repeats_reads(event_id id) const {
  const bool is_whole_program = the_whole_program != nullptr;
  const auto reads = [&](const event& e) {
    return e.op == operation::load || tries(e.op) || (is_whole_program && is_silent(e));
  };
  const event& e = search.graph.at(id);
  if (!reads(e) && !(is_whole_program && e.op == operation::fetch)) return false;
  const int suspicious = is_whole_program ? 4 : 16;
  const int longest = is_whole_program ? 128 : 512;
  const event* latest = nullptr;
  retraced since;
  int repetitions = 0;
  for (int i = id.index - 1; i > 0 && i > id.index - longest; --i) {
    const event& before = search.graph.at({id.thread, static_cast<std::uint16_t>(i)});
    if (before.op == operation::fence) continue;
    if (!reads(before) || (before.writes && !is_silent(before))) return false;
    if (is_whole_program) since.add(before, e.location);
    if (!is_same_place(before, e)) continue;
    if (is_whole_program && since.fails()) return true;
    if (latest == nullptr) latest = &before;
    if (before.read != latest->read && !is_whole_program) continue;
    if (++repetitions == suspicious) return true;
  }
  return false;
}

// True if a thread calls the same lock, or updates the same value, again and again.
bool runtime::repeats_updates(event_id id) const {
  constexpr int longest = 128, suspicious = 8;
  const event& e = search.graph.at(id);
  int repetitions = 0;
  for (int i = id.index - 1; i > 0 && i > id.index - longest; --i) {
    const event& before = search.graph.at({id.thread, static_cast<std::uint16_t>(i)});
    if (!before.reads && before.op != operation::fence) return false;
    if (is_same_place(before, e) && before.read == e.read && ++repetitions == suspicious)
      return true;
  }
  return false;
}

// True if a thread adds what it has added before and has taken away since, be it elsewhere: loops
// are entered behind copies of what they repeat.
bool runtime::undoes_addition(event_id id) const {
  constexpr int longest = 32;
  const graph& g = search.graph;
  const event& e = g.at(id);
  if (!is_addition(g, e) || is_lock(*this, e.location)) return false;
  word sum = 0;
  for (int i = id.index - 1; i > 0 && i > id.index - longest; --i) {
    const event& before = g.at({id.thread, static_cast<std::uint16_t>(i)});
    if (!before.reads && before.op != operation::fence) return false;
    if (before.location != e.location || !is_addition(g, before)) continue;
    sum = with_addition(g, before, sum);
    if (sum == 0 && with_addition(g, before, 0) == with_addition(g, e, 0)) return true;
  }
  return false;
}

void runtime::begin_to_watch() {
  watch_spins();
  if (select_thread == nullptr) search.demand_restart();
}

}  // namespace pawl::check::engine
