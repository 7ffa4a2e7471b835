// Threads that are declared identical: of the executions that differ only in which of them does
// what, one is explored (Kokologiannakis, Marmanis, Vafeiadis: "SPORE: Combining Symmetry and
// Partial Order Reduction", PLDI 2024).
//
// Twins are two such threads, one started just after the other. They do the same until their
// events differ for the first time, both in the same place: read another store, or write and take
// another place in mo. The execution is canonical if there the first twin reads the mo-earlier
// store, or writes the mo-earlier one; a choice is the other way round, so that what is added
// maximally by the first twin, and then by the second, is always canonical. Exchanging twins
// makes an execution that is not canonical one that is "less" in that place, so every class of
// executions has a canonical one. A place in which events can't be compared counts as canonical.
//
// A graph that is not canonical may yet become so by revisits; it is given up only if what decides
// can't change any more below it:
//
// - An event that was not added maximally, or is settled, is fixed: no revisit in the frame takes
//   it out, or makes it read something else.
// - If the first twin's event is older, and not fixed, the second one's is fixed by being mirrored:
//   it passed over what the first one read or wrote. A revisit that takes out the first one's keeps
//   the second, so it is made by a store w that the second one leads to. The load r that it
//   revisits is harmless if it is that of a twin q, up to there equal to the second one, no further
//   along: then r reads w, but the second one has read in that place what is mo-before w, unless
//   coherence does not go by porf and something can still be put in there. So q and the second one
//   are mirrored.
// - If the first twin has not come to the place of the second one's event, and that event is
//   settled, it may be certain that it will read something newer.
//
// What is left is found out at the end of the execution.
#include "explorer.hpp"

namespace pawl::check::engine {

// The thread declared identical that was started just before, or -1.
int explorer::twin_before(thread_index t) const {
  const event_id birth = graph.birth(t);
  if (birth.initial() || !graph.at(birth).twin) return -1;
  return static_cast<int>(
      graph.at({birth.thread, static_cast<std::uint16_t>(birth.index - 1)}).read);
}

int explorer::twin_after(thread_index t) const {
  const event_id birth = graph.birth(t);
  if (birth.initial() || birth.index >= graph.size(birth.thread)) return -1;
  const event& next = graph.at({birth.thread, static_cast<std::uint16_t>(birth.index + 1)});
  return next.op == operation::spawn && next.twin ? static_cast<int>(next.read) : -1;
}

namespace {

template <class Twins>
bool are_mirror_images(event_id a, event_id b, Twins t) {
  return a.index == b.index && ((a.thread == t.first && b.thread == t.second) ||
                                (a.thread == t.second && b.thread == t.first));
}

}  // namespace

// What an attempt reads; if it has failed, what it may have read, for its thread reads it then.
event_id explorer::accessed(event_id attempt) const {
  event_id e = attempt;
  while (has_failed_blindly(graph.at(e)))
    if (e.index++ == graph.size(e.thread)) return no_event;
  return graph.at(e).reads && !graph.at(e).blocked ? graph.at(e).source : no_event;
}

// Events in the same place of twins that are equal up to there.
explorer::sides explorer::compare(twins t, std::uint16_t place) const {
  const event_id first{t.first, place}, second{t.second, place};
  const event &a = graph.at(first), &b = graph.at(second);
  if (a.op != b.op || a.blocked || b.blocked) return sides::canonical;
  if (a.op == operation::choose && a.read != b.read)
    return a.read > b.read ? sides::canonical : sides::mirrored;
  if (a.op == operation::arrive && a.read != b.read) return sides::canonical;
  if (has_failed_blindly(a) != has_failed_blindly(b)) {
    const event_id x = accessed(first), y = accessed(second);
    return x == no_event || y == no_event || graph.mo_not_after(x, y) ? sides::canonical
                                                                      : sides::mirrored;
  }
  const bool shared = a.location == b.location;
  if (a.reads) {
    if (a.source != b.source && !are_mirror_images(a.source, b.source, t))
      return !shared || graph.mo_not_after(a.source, b.source) ? sides::canonical : sides::mirrored;
    if (a.spurious != b.spurious) return a.spurious ? sides::canonical : sides::mirrored;
    if (a.writes != b.writes) return sides::canonical;
  } else if (a.writes && shared) {
    return graph.mo_not_after(first, second) ? sides::canonical : sides::mirrored;
  }
  return sides::equal;
}

// Mirrored in this place: true if that stays so.
bool explorer::stays(twins t, std::uint16_t place) const {
  const event_id first{t.first, place}, second{t.second, place};
  if (has_failed_blindly(graph.at(first)) || has_failed_blindly(graph.at(second)))
    return is_settled_attempt(first) && is_settled_attempt(second);
  if (is_fixed(first) && is_fixed(second)) return true;
  const std::uint32_t stamp = graph.at(first).stamp;
  if (stamp > graph.at(second).stamp || !is_fixed(second)) return false;
  for (const event_id r : graph.trail()) {
    if (graph.at(r).stamp > stamp) return true;
    if ((graph.at(r).reads || has_failed_blindly(graph.at(r))) && !is_fixed(r) &&
        !graph.porf(r, second) && !is_harmless(r, second))
      return false;
  }
  return true;
}

// True if it stays what it is, and what it may have read.
bool explorer::is_settled_attempt(event_id e) const {
  for (; has_failed_blindly(graph.at(e)); ++e.index)
    if (!settled(e) || e.index == graph.size(e.thread)) return false;
  return is_fixed(e);
}

// See above: `r` could be revisited by a store that `second` leads to.
bool explorer::is_harmless(event_id r, event_id second) const {
  if (r.index > second.index) return false;
  int q = twin_before(second.thread);
  while (q >= 0 && q != r.thread) q = twin_before(static_cast<thread_index>(q));
  if (q < 0) return false;
  for (std::uint16_t i = 1; i < r.index; ++i)
    if (compare({r.thread, second.thread}, i) != sides::equal) return false;
  const event_id same{second.thread, r.index};
  return graph.at(same).op != operation::attempt && is_lasting(same);
}

// True if nothing mo-before what the event reads can come to be read in its place.
bool explorer::is_lasting(event_id e) const {
  return is_judged_by_porf(options_.memory_model) || is_closed(graph.at(e).source);
}

// True if all stores up to `store` are read-modify-writes, each of the one before, so that nothing
// can come between.
bool explorer::is_closed(event_id store) const {
  for (event_id s = store; !s.initial(); s = graph.at(s).mo_before)
    if (!graph.at(s).reads || graph.at(s).source != graph.at(s).mo_before) return false;
  return true;
}

// True if the thread, should the event be taken out and come again, can't be less in its place than
// one that has done the same: what it did is fixed, or always the same, or the least there is.
bool explorer::is_least(event_id id) const {
  const event& e = graph.at(id);
  if (e.op == operation::attempt) return is_fixed(id);
  return is_fixed(id) || e.op == operation::fence || e.op == operation::store ||
         (e.reads && e.source.initial());
}

// The first twin, equal to the second one so far, has not come to this place. True if it can only
// read something newer there than the second one's read-modify-write does.
bool explorer::comes_later(twins t, std::uint16_t place) const {
  const event& e = graph.at({t.second, place});
  if (!e.reads || !e.writes || e.op == operation::attempt || !settled({t.second, place}) ||
      !is_closed(e.source))
    return false;
  for (std::uint16_t i = 1; i < place; ++i)
    if (!is_least({t.first, i})) return false;
  const noted_request& q = graph.parameters(e);
  for (event_id s = e.source;; s = graph.at(s).mo_before) {
    const outcome o = evaluate(q, graph.value(e.location, s));
    if (o.holds && !o.writes) return false;
    if (s.initial()) return !q.weak;
  }
}

bool explorer::is_mirrored(twins t, bool for_good) const {
  const std::size_t n = std::min(graph.size(t.first), graph.size(t.second));
  for (std::uint16_t i = 1; i <= n; ++i) {
    const sides s = compare(t, i);
    if (s != sides::equal) return s == sides::mirrored && (!for_good || stays(t, i));
  }
  return for_good && graph.size(t.second) > n && comes_later(t, static_cast<std::uint16_t>(n + 1));
}

bool explorer::is_mirrored(event_id changed) const {
  if (!has_symmetry()) return false;
  const int before = twin_before(changed.thread), after = twin_after(changed.thread);
  return (before >= 0 && is_mirrored({static_cast<thread_index>(before), changed.thread}, true)) ||
         (after >= 0 && is_mirrored({changed.thread, static_cast<thread_index>(after)}, true));
}

bool explorer::is_canonical() const {
  if (!has_symmetry()) return true;
  for (thread_index t = 1; t < graph.thread_count(); ++t) {
    if (graph.size(t) == 0) continue;
    const int before = twin_before(t);
    if (before >= 0 && is_mirrored({static_cast<thread_index>(before), t}, false)) return false;
  }
  return true;
}

}  // namespace pawl::check::engine
