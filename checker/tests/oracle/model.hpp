#pragma once

#include <string_view>

#include "graph.hpp"
#include "relation.hpp"

namespace pawl::oracle {

/// A graph as the axioms see it: numbered events, the initial stores first, and the relations that
/// every model starts from. A read-modify-write is one event. A blocked event is a read.
struct execution {
  explicit execution(const graph&);

  std::size_t size() const noexcept { return events.size(); }

  /// [A]: the identity on the events that `p` accepts.
  template <class Predicate>
  relation only(Predicate p) const {
    return relation::identity(size(), [&](std::size_t a) { return p(events[a]); });
  }

  std::vector<event> events;
  relation po;             ///< program order; the initial stores precede everything
  relation rf;             ///< reads-from
  relation mo;             ///< modification order
  relation rb;             ///< reads-before (from-read): rf⁻¹;mo without the identity
  relation same_location;  ///< accesses of one location; a fence has none
};

/// A memory model, defined in a file of its own: its name, and whether it allows an execution.
struct memory_model {
  std::string_view name;
  bool (*allows)(const execution&);
};

/// Repaired C11 (Lahav, Vafeiadis, Kang, Hur, Dreyer: "Repairing sequential consistency in
/// C/C++11", PLDI 2017) with the release sequences of C++20.
extern const memory_model rc11;

/// Release-acquire: rc11 where seq_cst means acq_rel, so that no order of all seq_cst events is
/// asked for.
extern const memory_model ra;

/// Total store order, the model of x86 (Owens, Sarkar, Sewell: "A better x86 memory model:
/// x86-TSO", TPHOLs 2009): stores wait in a buffer, from which their own thread reads.
extern const memory_model tso;

/// Sequential consistency (Lamport): one interleaving explains everything.
extern const memory_model sc;

}  // namespace pawl::oracle
