#pragma once
// What the sources of one cancellation tree share.
//
// The root holds the tree's lock. Under it, a step of the following kinds takes O(1), touches no
// user code, and is all that happens before the lock is dropped again:
//
//   a source joins as a child · a source leaves, and its children take its place, in whatever list
//   it was · a call of cancel marks one source · such a call takes one node of a marked source
//
// A call of cancel first sees that every source below is marked, and then calls the nodes of those
// that it marked itself. It has a record on its stack for that, with two lists of sources:
//
//   unvisited  to be marked, with all that is below them
//   marked     marked, below no source any more; their nodes are to be called
//
// Both are lists that a source can leave at any time, so nothing is kept of a source while its
// nodes run, and it may be destroyed by one of them (CANCEL-DESTROY). All calls mark for all, the
// unvisited sources of others first: so none returns while a source below is unmarked, although
// another call may have come upon it before (CANCEL-ALL).
//
// The root itself may be destroyed by a node, or as a consequence, while the call that runs the
// node goes on. So a call that wants to come back to the tree first enters, by its record:
//
//   presence  | the call                              | next, by whom
//   inside    | may touch the tree                    | outside: the call, with the lock
//   outside   | runs a node                           | inside: the call; abandoned: the tree's end
//   abandoned | must not touch the tree, and is over  | final
//
// ~cancellation_tree abandons the calls that are outside, and waits until those inside have come
// for the lock, and found that it closes: a fixed number of their own steps.

#include <pawl/backend/backend.hpp>
#include <pawl/task/ring.hpp>
#include <pawl/task/stop_token.hpp>

#include <cstdint>

PAWL_BEGIN

// Why a source was cancelled. Both parts are the caller's; `value` may be any number, or the
// address of something that lives on.
struct stop_reason {
  enum class kind : std::uint8_t { requested, deadline };

  kind what = kind::requested;
  std::uint64_t value = 0;

  friend bool operator==(const stop_reason&, const stop_reason&) noexcept = default;
};

namespace detail {

struct sources;
struct calls;
class cancellation_tree;

using source_link = ring_link<sources>;

// A source as its tree sees it. All but `core` is the tree lock's; `reason` is constant once core
// is stopped.
struct cancellation_node : source_link {
  stop_source core;
  source_link children;
  cell<stop_reason> reason;
};

// A call of cancel in progress, on its stack.
class cancellation_call : ring_link<calls> {
 private:
  friend cancellation_tree;

  enum class presence : std::uint8_t { inside, outside, abandoned };

  explicit cancellation_call(stop_reason why) noexcept : reason_(why) {}

  void leave() noexcept;
  [[nodiscard]] bool enter() noexcept;
  [[nodiscard]] bool abandon() noexcept;

  const stop_reason reason_;
  source_link unvisited_;
  source_link marked_;
  cell<bool> is_marking_{true};  // may have unvisited sources
  atomic<presence> presence_{presence::inside};
};

class cancellation_tree {
 public:
  constexpr cancellation_tree() noexcept = default;
  cancellation_tree(const cancellation_tree&) = delete;
  cancellation_tree& operator=(const cancellation_tree&) = delete;

  // Precondition: but for the root, which has no nodes, no source is left.
  ~cancellation_tree();

  // Effects: `child` is cancelled with `parent`; if that was cancelled before, at once.
  void add_child(cancellation_node& parent, cancellation_node& child) noexcept;

  // Effects: the source leaves; its children take its place.
  void remove(cancellation_node& source) noexcept;

  // Effects: marks the source and all below, calls their nodes. If `begun` is not null, it is
  //   opened once the source will not be touched any more unless it is found in the tree.
  // Returns: whether the source was not cancelled before.
  bool cancel(cancellation_node& source, stop_reason why, atomic<bool>* begun) noexcept;

 private:
  using bits = std::uint8_t;
  // bit    | meaning                               | set by               | cleared by
  // locked | somebody owns what is below           | all                  | the same, in O(1) steps
  // empty  | while closing: no call is left inside | the last such call   | nobody
  static constexpr bits locked_bit = 1;
  static constexpr bits empty_bit = 2;

  void lock() noexcept;
  void unlock(bits left = 0) noexcept;

  bool begin(cancellation_call& call, cancellation_node& source) noexcept;
  void finish(cancellation_call& call) noexcept;
  bool mark_one() noexcept;
  stop_node* take_node(cancellation_call& call) noexcept;
  static void mark(cancellation_node& source, stop_reason why) noexcept;

  atomic<bits> state_{0};
  cell<bool> closing_{false};
  ring_link<calls> calls_;  // those that mark first
};

}  // namespace detail

PAWL_END
