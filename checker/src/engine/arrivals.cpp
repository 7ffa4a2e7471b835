// Arrivals at latches and barriers, which are not ordered among themselves.
//
// As read-modify-writes of a counter, n arrivals would make n! executions that differ in nothing
// that a program can see (Kokologiannakis, Vafeiadis: "BAM: Efficient Model Checking for Barriers",
// NETYS 2021). Instead an arrival is an event like the end of a thread, and a wait is one like its
// join: it is added when the phase has all its arrivals, and all of them happen before it.
//
// An arrival belongs to the earliest phase that its porf allows: that of the latest arrival in
// there, or the next one if all arrivals of that are in there. This is the only way to assign
// phases as long as none of them has more arrivals than it expects: were one in a later phase, the
// phases up to its own would lack an arrival, and never end. If a phase has more, the order matters
// (runtime::note_arrival).
#include "graph.hpp"

namespace pawl::check::engine {

word graph::phase_of(event_id arrival) const {
  const event& e = at(arrival);
  word phase = 0, before = 0;
  for (event_id a = locations_[e.location].newest_load; a != no_event; a = at(a).older_load) {
    const event& other = at(a);
    if (other.op != operation::arrive || !contains(e.porf, arrival, a)) continue;
    if (other.read > phase) {
      phase = other.read;
      before = 0;
    }
    if (other.read == phase) before += other.written;
  }
  return before > 0 && before >= expected_arrivals(e.location, phase) ? phase + 1 : phase;
}

word graph::expected_arrivals(location_id l, word phase) const {
  word expected = initial_values_[l];
  for (event_id a = locations_[l].newest_load; a != no_event; a = at(a).older_load)
    if (at(a).op == operation::arrive && at(a).drops && at(a).read < phase) --expected;
  return expected;
}

word graph::arrivals(location_id l, word phase) const {
  word n = 0;
  for_arrivals(l, phase, [&](event_id a) { n += at(a).written; });
  return n;
}

}  // namespace pawl::check::engine
