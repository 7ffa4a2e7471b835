// What the threads of a program do next, as far as it is known from former executions.
//
// What a thread does up to its next operation is a function of what it has read and of the plain
// memory that happens-before lets it see. So a thread that has come the same way before asks for
// the same operation again, and an execution all of whose threads are on known ways can be told
// from its graph alone, without running the program (runtime::walk).
//
// A state stands for one way: the operation that the thread stands before, and what it has done to
// memory on the way. From there it goes on by what the operation returns and by what it learns of
// other threads, see runtime::lesson.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "event.hpp"
#include "hash.hpp"

namespace pawl::check::engine {

/// A thread that stands before an operation; 0 = not known.
using state_id = std::uint32_t;

struct thread_state {
  request next;              ///< What the thread asks for.
  std::uint64_t memory = 0;  ///< Names what it has learned of others and changed, in that order.
  std::uint64_t out_after = ~std::uint64_t{0};  ///< See runtime::walk_out.
  std::uint32_t children = 0;                   ///< That it has started, or is about to.
  std::uint16_t steps_out = 0;                  ///< See runtime::walk_out.
  bool changes = false;                         ///< It has changed something beyond its own stack.
  bool quiet = true;        ///< It changed nothing before its last step and joined no other thread.
  bool ended = false;       ///< Atomic objects came to an end on the way.
  bool ends_well = false;   ///< The end of the first thread, with which complete executions ended.
  bool only_joins = false;  ///< Of the first thread: on the way to its end, it only joined others.
};

class behaviour {
 public:
  /// What leads from one state to the next: what the operation returned, what was learned by it.
  struct step {
    state_id from = 0;
    word result = 0;
    std::uint64_t lesson = 0;
    friend bool operator==(const step&, const step&) = default;
  };

  behaviour() { clear(); }

  /// Effects: forgets everything.
  void clear() {
    states_.assign(1, {});
    edges_.assign(1024, {});
    named_.clear();
    edge_count_ = 0;
  }
  [[nodiscard]] const thread_state& at(state_id s) const { return states_[s]; }
  [[nodiscard]] thread_state& at(state_id s) { return states_[s]; }
  /// Where `s` leads; 0 if that is not known.
  [[nodiscard]] state_id after(const step& s) const {
    for (std::size_t i = hash(s) & (edges_.size() - 1);; i = (i + 1) & (edges_.size() - 1))
      if (edges_[i].to == 0 || edges_[i].by == s) return edges_[i].to;
  }
  /// False if no more can be learned: memory stays bounded however many executions there are.
  [[nodiscard]] bool has_room() const { return edge_count_ < most_edges; }
  /// Preconditions: has_room(); after(s) is 0. Effects: it is this state from now on, a new one
  /// unless `same_as` names one that is known: what it goes on from; 0 = not known.
  state_id learn(const step& s, const thread_state&, std::uint64_t same_as);

 private:
  static constexpr std::size_t most_edges = std::size_t{1} << 17;

  struct edge {
    step by;
    state_id to = 0;
  };

  static std::size_t hash(const step& s) {
    const std::uint64_t h = (s.from * 0x9e37'79b9'7f4a'7c15u + s.result) * 0xff51'afd7'ed55'8ccdu;
    return static_cast<std::size_t>((h ^ h >> 32 ^ s.lesson) * 0xc4ce'b9fe'1a85'ec53u >> 20);
  }
  void insert(const edge&);

  std::vector<thread_state> states_;
  std::unordered_map<std::uint64_t, state_id> named_;
  std::size_t edge_count_ = 0;
  std::vector<edge> edges_;  // Open addressing; a power of two, at most half full.
};

/// Sees what a model thread changes beyond its own stack while it runs.
class effect_watch {
 public:
  struct effect {
    std::uint64_t name = 0;  ///< 0 = none.
    bool hands_out_stack = false;
  };
  /// One piece of memory of a model thread.
  struct piece {
    const std::byte* from;
    std::size_t size;
  };

  /// Effects: remembers `memory`.
  void begin(const std::vector<piece>& memory);
  /// What has changed, `memory` being what there is now, in the same order. Pieces only grow.
  /// `stack`: of the thread that ran.
  [[nodiscard]] effect end(const std::vector<piece>& memory, piece stack) const;

 private:
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> sizes_;
};

}  // namespace pawl::check::engine
