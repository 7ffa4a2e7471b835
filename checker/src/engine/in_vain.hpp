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
// can move, and only then is it judged, by the graph at hand: if somebody has seen the iteration,
// the thread goes on. The next event stays a function of the graph and of what was learned.
//
// LOOKS. Nor is that enough: who will see it may come only after what the thread does next, or was
// taken out by a revisit that this makes. So the thread also goes on as long as no more of its
// iterations are unseen than others look, at most, at what they change: by reads outside of such
// iterations, which would do something else if they saw another value. Else it is cut. Looks are
// counted in each execution; if there are more than in all others, or another object is changed in
// vain, the search starts anew. An execution that ends with an iteration unseen is a blocked one.
// Why that is all: a look sees at most one iteration of a thread, so that none has more iterations
// in an execution that is to be found than there are looks; and whatever part of it is built first
// has no more. All looks come to be known: taking out the iterations leaves those that depend on no
// other look, in executions that are found; with what these may see, the next ones are found, and
// so on. Iterations that are seen only by others in vain, which somebody has seen, are found as far
// as that number goes.
//
// REST. A thread that rests holds nothing: an iteration begins with what opens a section or takes
// something away, not with what gives it back. That is the update whose result is used, if the
// other's is not; else one before which the thread has taken away nothing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <pawl/check/runtime.hpp>

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

class graph;
class runtime;

[[nodiscard]] bool is_lock(const runtime&, location_id);
[[nodiscard]] bool is_addition(const graph&, const event&);
/// What the value is with the addition, of as many bytes as the object has.
[[nodiscard]] word with_addition(const graph&, const event&, word value);

/// How often at most, in one execution, others look at objects that threads change in vain. Once
/// learned, it is kept.
class in_vain_looks {
 public:
  using by_thread = std::array<std::uint16_t, rt::max_threads>;

  /// Effects: somebody changes the object in vain. Returns: whether that is news.
  bool is_changed(location_id);
  /// The objects.
  [[nodiscard]] const std::vector<location_id>& locations() const { return locations_; }
  /// Effects: threads have looked at the i-th object so often. Returns: whether others than some
  ///   thread have never looked at it as often before.
  bool learn(std::size_t i, const by_thread& looks);
  /// How often others than the thread look at the object.
  [[nodiscard]] unsigned of_others(location_id, thread_index) const;

 private:
  std::vector<location_id> locations_;
  std::vector<by_thread> of_others_;
};

}  // namespace pawl::check::engine
