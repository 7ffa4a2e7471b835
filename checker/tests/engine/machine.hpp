// The memory of a program of the oracle's language, on the engine.
#pragma once

#include <array>
#include <cstddef>

#include <pawl/backend/backend.hpp>

#include "program.hpp"

namespace pawl::check::tests {

inline constexpr std::size_t most_locations = 160;

struct machine {
  std::array<atomic<int>, most_locations> memory;

  int spin(const oracle::operation& o, int operand) {
    auto& a = memory[static_cast<std::size_t>(o.location)];
    if (o.kind == oracle::op::await) {
      for (;;)
        if (const int v = a.load(o.order); oracle::passes(o, v)) return v;
    }
    for (;;) {
      int v = a.load(memory_order_relaxed);
      if (oracle::passes(o, v) && a.compare_exchange_strong(v, operand, o.order)) return v;
    }
  }

  // A compare-exchange, by the operation for any condition.
  static int try_update(atomic<int>& a, const oracle::operation& o, int operand) {
    const auto equal = detail::to_predicate<int>([v = o.expected](int x) { return x == v; });
    const auto next = detail::to_update<int>([v = operand](int) { return v; });
    const auto at = source_location::current();
    return detail::from_word<int>(
        rt::try_update(a.object(), equal, next, o.order, o.failure_order, at).read);
  }

  int run(const oracle::operation& o, int operand) {
    auto& a = memory[static_cast<std::size_t>(o.location)];
    switch (o.kind) {
      case oracle::op::load:
        return a.load(o.order);
      case oracle::op::store:
        a.store(operand, o.order);
        return 0;
      case oracle::op::fetch_add:
        return a.fetch_add(operand, o.order);
      case oracle::op::exchange:
        return a.exchange(operand, o.order);
      case oracle::op::cas: {
        if (o.location % 2 == 1) return try_update(a, o, operand);
        int expected = o.expected;
        a.compare_exchange_strong(expected, operand, o.order, o.failure_order);
        return expected;
      }
      case oracle::op::fence:
        atomic_thread_fence(o.order);
        return 0;
      case oracle::op::await:
        return o.test == oracle::comparison::equal
                   ? spin_until(
                         a, [v = o.expected](int x) { return x == v; }, o.order)
                   : spin_until(a, [v = o.expected](int x) { return x != v; }, o.order);
      case oracle::op::await_rmw: {
        const auto next = [v = operand](int) { return v; };
        return o.test == oracle::comparison::equal
                   ? spin_update(
                         a, [v = o.expected](int x) { return x == v; }, next, o.order)
                   : spin_update(a, [v = o.expected](int x) { return x != v; }, next, o.order);
      }
      case oracle::op::skip_if:
        break;
    }
    return 0;
  }
};

}  // namespace pawl::check::tests
