// Loops that go on with what a compare-exchange saw when it failed: detours.
//
//   int seen = load(x);
//   while (!compare_exchange(x, seen, f(seen))) {}
//
// Each failure leaves another state, so that the thread never stands where it stood (spin.hpp). But
// it stands where it would if the load had seen at once what the compare-exchange saw.
//
// DETOUR. A thread has done nothing but read atomic objects, and pass fences, since it stood in a
// state S before a read r of x: no plain data that others may write, since a read that goes may be
// what races with a write that depends on how the thread goes on. It now stands in T; its latest
// event is a read s of x, later than r. Suppose that from S a read of x that gets the value of s
// leads to T, by itself. Then the thread goes no further, if r orders no more than s does. For
// there is an execution of the same program without the detour: take out r and all the thread has
// done since, but not s, and let s have the order of r. Nobody reads from what goes; fewer reads
// and fences, and a weaker order, mean fewer constraints and less happens-before, so that what
// follows is as consistent as before and its races remain; and the thread goes on from the same
// state. It has fewer events, so repeating this ends, with an execution that no rule cuts.
//
// What leads to T by itself is seen when it is executed, which may be later than the detour: until
// then it is assumed. Where that turns out wrong, or was not seen in a whole search, no detours are
// cut any more, and the search starts anew. So in the search that counts, all that was cut by was
// seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "event.hpp"
#include "spin.hpp"

namespace pawl::check::engine {

class detours {
 public:
  /// A thread stands in a state before a read of an object, which will get this value.
  struct reading {
    thread_index thread;
    hashed_state from;
    const void* object;
    word value;
  };
  /// Places in the program: of r, of s, and of what the thread stands before in T.
  using way = std::array<std::uintptr_t, 3>;

  /// Effects: assumes that the reading leads to where the thread stands in `to` before `asked`,
  ///   unless it is known to lead elsewhere, or assumptions of the same way were wrong.
  /// Returns: whether it leads there, as far as is known.
  [[nodiscard]] bool lead(const reading&, const hashed_state& to, const request& asked, const way&);
  /// True if what comes of readings at this place has to be told.
  [[nodiscard]] bool concern(std::uintptr_t place) const { return entries_.contains(place); }
  /// Effects: a reading has led to where its thread stands in `to` before `asked`; null: to
  ///   something else than reads.
  void see(const reading&, const hashed_state* to, const request& asked);
  /// Effects: the search is over. What was only assumed is wrong.
  void end_search();
  /// True once if something was learned that makes the search so far invalid.
  [[nodiscard]] bool take_news() { return std::exchange(news_, false); }

 private:
  struct passage {
    thread_index thread;
    const void* object;
    word value;
    std::vector<std::byte> from, to;
    request asked;
    bool is_seen;
    way assumed_of{};
  };
  [[nodiscard]] static std::uint64_t key_of(const reading&);
  [[nodiscard]] static bool is_about(const passage&, const reading&);
  [[nodiscard]] static bool leads_to(const passage&, const hashed_state&, const request&);
  [[nodiscard]] passage* find(const reading&);
  void add(const reading&, const hashed_state& to, const request& asked, bool is_seen, const way&);
  void refute(passage&);

  std::deque<passage> passages_;  // One of each reading.
  std::unordered_multimap<std::uint64_t, passage*> by_hash_;
  std::set<std::uintptr_t> entries_;  // Places of r.
  std::set<way> known_, wrong_;
  bool news_ = false;
};

}  // namespace pawl::check::engine
