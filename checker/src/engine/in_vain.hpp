// Iterations in vain: loops that write and undo what they wrote.
//
//   for (;;) { lock(m); bool end = done; unlock(m); if (end) break; }
//   while (fetch_sub(x, 1) <= 0) { fetch_add(x, 1); … }
//
// IN_VAIN. An iteration leaves the private state of its thread as it was (spin.hpp); of what it
// wrote to atomic objects, sections of locks are closed that it opened, and what it added to one
// it took away again; it wrote nothing else. Where nobody who stays has seen it, it may be taken
// out of an execution like an iteration that has only read: what is left has fewer constraints and
// less happens-before, and all others read the values that they read. Seen is what stands between
// the first write to an object and the last, in its modification order, or reads from there, and
// would do or return something else without the iteration. Additions whose results nobody uses (as
// the machine code tells), and readers of a shared lock, would not; nor do other iterations that
// are taken out too.
//
// What others see may come later than the iteration. So its thread rests there until nothing else
// can move, and only then is it judged, by the graph at hand: if somebody has seen the iteration
// the thread goes on, else it is cut. The next event stays a function of the graph. What a cut
// leaves out are executions that hold an iteration of one of the threads cut: all that could be
// added comes after one in po ∪ rf, so that no revisit takes that out again. Where the iteration
// is still unseen there, it can be taken out of that execution; what stays is found elsewhere.
// Those which see it are iterations to come of threads cut, too. Each would have to be seen by one
// of another thread, in a circle: an update between two updates comes before the thread of these
// goes on, in po ∪ rf, so that no circle is closed, and nor is it by loads that read what is
// newest, as all do under sc. Of loads of older values that is not proved: programs drawn at random
// are compared with the same ones without this rule (random_polls.py).
//
// A thread that went on from an iteration may be left in a graph out of which a revisit has taken
// who saw it: such executions are none of their own, and end as blocked ones.
//
// REST. A thread that rests holds nothing: an iteration begins with what opens a section or takes
// something away, not with what gives it back. That is the update whose result is used, if the
// other's is not; else one before which the thread has taken away nothing.
#pragma once

#include <cstdint>

#include "event.hpp"

namespace pawl::check::engine {

/// The events of a thread after the one of index `since`, up to that of index `until`.
struct iteration {
  thread_index thread = 0;
  std::uint16_t since = 0, until = 0;
  [[nodiscard]] bool contains(event_id e) const {
    return e.thread == thread && e.index > since && e.index <= until;
  }
};

}  // namespace pawl::check::engine
