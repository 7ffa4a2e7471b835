// How many preemptions an execution needs: what bounds an exploration under sc.
//
// An execution graph stands for its linearisations, the orders of its events that sc allows. A
// preemption is a step of one thread that is followed by a step of another one although the first
// could have gone on: it has not ended, and its next operation is neither the join of a thread that
// has not finished nor a wait whose condition is false of the current value. A thread that failed,
// or was stopped by an assumption, by --stall or as a spinning one, can't go on. The preemptions of
// a graph are the fewest of any linearisation (Marmanis, Kokologiannakis, Vafeiadis: "Reconciling
// Preemption Bounding with DPOR", TACAS 2023, count the same but know no waits).
//
// The search visits states: how many events of each thread are done, and which thread was the last
// to move. Where the running thread can go on, it does: a linearisation that leaves it there and
// comes back for its next event e only gets cheaper by doing e at once: the preemption moves behind
// e or goes away, and no other step gets dearer. Excepted are stores to a location that is waited
// on and arrivals, which change who can go on. A `finish` lets the one thread that joins go on,
// which may cost a preemption, but saves its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "graph.hpp"

namespace pawl::check::engine {

class preemption_counter {
 public:
  /// Returns: the fewest preemptions of the linearisations of `g`, whose threads all have ended or
  ///   can't go on; nothing if they are more than `most`.
  [[nodiscard]] std::optional<unsigned> fewest(const graph& g, unsigned most);
  /// The linearisation that the latest call of fewest() found, without blocked waits.
  [[nodiscard]] std::vector<event_id> linearisation() const;
  /// Returns: true only if all executions that the exploration can make of `g`, by adding events
  ///   and by revisits, need more than `most` preemptions.
  ///
  /// They all contain the part of `g` that no revisit takes out: the events that were not added
  /// maximally (see explorer::maximal) and what is porf-before them. A part whose threads are cut
  /// short needs no more preemptions than the whole, if leaving a thread before a wait is free:
  /// each preemption of a linearisation of the whole without the rest was there before.
  [[nodiscard]] bool must_exceed(const graph& g, unsigned most);

 private:
  using cut = std::array<std::uint16_t, rt::max_threads>;
  struct node {
    cut done;
    thread_index running;
    std::uint32_t from;  // The node before it.
  };

  std::optional<unsigned> search(unsigned most);
  void require_order();
  void require(event_id first, event_id later);
  void go_on(node&) const;
  void visit(const node&, bool preempts);
  [[nodiscard]] bool kept(event_id e) const { return e.index <= end_[e.thread]; }
  [[nodiscard]] bool ready(const cut&, thread_index) const;
  [[nodiscard]] bool arrived(const cut& done, const event& wait) const;
  [[nodiscard]] bool can_go_on(const cut&, thread_index) const;
  [[nodiscard]] bool is_urgent(event_id) const;
  [[nodiscard]] word value(const cut&, location_id) const;

  const graph* graph_ = nullptr;
  bool partial_ = false;                                    // Waits can be left for nothing.
  cut end_{};                                               // How many events of each thread count.
  std::array<std::vector<cut>, rt::max_threads> required_;  // Before each event: of each thread.
  std::vector<bool> awaited_;                               // Locations.
  std::vector<node> nodes_;
  std::uint32_t found_ = 0;                 // The node of the latest linearisation's end.
  std::vector<std::uint32_t> now_, later_;  // Nodes to go on from, and those a preemption further.
  std::unordered_set<std::string> seen_;
};

}  // namespace pawl::check::engine
