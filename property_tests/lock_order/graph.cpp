// Which pairs of locks contradict those before, beside a search through them.

#include <pawl/sync/lock_order.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <deque>
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
  const auto program = *rc::gen::container<pairs>(rc::gen::pair(one, one));
  pawl::lock_order order;
  std::deque<pawl::lock_kind> all;
  for (std::size_t i = 0; i < kinds; ++i) all.emplace_back(order, "kind");
  const auto me = pawl::lock_holder::this_thread();
  reference expected;
  for (const auto& [a, b] : program) {
    pawl::detail::ordered_lock held(all[a]), wanted(all[b]);
    bool fits = true;
    order.acquired(held, me);
    try {
      order.check(wanted, me);
    } catch (const pawl::lock_order_violation& e) {
      RC_ASSERT(e.rule() == pawl::lock_order_rule::cycle);
      fits = false;
    }
    order.released(held);
    RC_ASSERT(fits == expected.add(a, b));
    RC_ASSERT(order.edges().size() == expected.edges.size());
  }
});

}  // namespace
