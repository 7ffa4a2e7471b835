// Which pairs of locks contradict those before, beside a search through them.

#include <pawl/sync/lock_order.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "property.hpp"

namespace {

constexpr std::size_t kinds = 7;
using pairs = std::vector<std::pair<std::size_t, std::size_t>>;  // held and wanted

struct reference {
  std::set<std::pair<std::size_t, std::size_t>> edges;

  bool leads(std::size_t from, std::size_t to, std::set<std::size_t>& seen) const {
    if (from == to) return true;
    if (!seen.insert(from).second) return false;
    for (const auto& [a, b] : edges) {
      if (a == from && leads(b, to, seen)) return true;
    }
    return false;
  }

  void forget(std::size_t kind) {
    std::erase_if(edges, [kind](const auto& e) { return e.first == kind || e.second == kind; });
  }

  // Returns: whether the pair fits.
  bool add(std::size_t held, std::size_t wanted) {
    std::set<std::size_t> seen;
    if (leads(wanted, held, seen)) return false;
    edges.emplace(held, wanted);
    return true;
  }
};

const property p("lock_order.graph", "a pair is convicted if it closes a cycle", 5000, [] {
  const auto one = rc::gen::inRange<std::size_t>(0, kinds);
  // Where both are the same, if `ends`, the kind ends, and another one begins.
  const auto program = *rc::gen::container<pairs>(rc::gen::pair(one, one));
  const bool ends = *rc::gen::arbitrary<bool>();
  pawl::lock_order order;
  std::deque<std::optional<pawl::lock_kind>> all(kinds);
  for (auto& each : all) each.emplace(order, "kind");
  const auto me = pawl::lock_holder::this_thread();
  reference expected;
  for (const auto& [a, b] : program) {
    if (a == b && ends) {
      all[a].emplace(order, "kind");
      expected.forget(a);
      RC_ASSERT(order.edges().size() == expected.edges.size());
      continue;
    }
    const pawl::detail::ordered_lock first(*all[a]), wanted(*all[b]);
    bool fits = true;
    pawl::detail::held_lock held(first, me);
    try {
      order.check(wanted, me);
    } catch (const pawl::lock_order_violation& e) {
      RC_ASSERT(e.rule() == pawl::lock_order_rule::cycle);
      fits = false;
    }
    held.let_go();
    RC_ASSERT(fits == expected.add(a, b));
    RC_ASSERT(order.edges().size() == expected.edges.size());
  }
});

}  // namespace
