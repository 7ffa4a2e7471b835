#pragma once
// Read-modify-writes that no instruction does, as loops around a compare-exchange: of the backends
// whose atomics are real, or simulated one by one. (In the model each is one event; see there.) The
// call's site may come last, which is for the model.

#include <pawl/backend/namespace.hpp>

#include <atomic>
#include <optional>

PAWL_BEGIN

// Effects: replaces the value of `a` by change(value) in one atomic step, or only reads it, if that
//   is nothing. `change` has no effects of its own; its last argument is in `before` afterwards.
// Returns: what it was replaced by, as `change` gives it; nothing, if it was only read.
// Memory ordering: of the step that replaces, `success`; of all others, `failure`.
template <class Atomic, class Change, class... Site>
auto update(Atomic& a, typename Atomic::value_type& before, Change change,
            std::memory_order success, std::memory_order failure, Site...) noexcept {
  before = a.load(failure);
  auto after = change(before);
  while (after && !a.compare_exchange_strong(before, *after, success, failure)) {
    after = change(before);
  }
  return after;
}

// Effects: if accepts(value), replaces the value of `a` by change(value), but tries only once:
//   nothing is done either if another thread interferes. The caller knows another way to the same
//   end. (Not by an optional, as update: that costs the shortest paths a third more instructions.)
// Returns: whether the value was replaced.
// Memory ordering: of the step that replaces, `success`; else relaxed.
template <class Atomic, class Accepts, class Change, class... Site>
[[gnu::always_inline]] inline bool attempt(Atomic& a, Accepts accepts, Change change,
                                           std::memory_order success, Site...) noexcept {
  auto before = a.load(std::memory_order_relaxed);
  return accepts(before) &&
         a.compare_exchange_strong(before, change(before), success, std::memory_order_relaxed);
}

// Effects: pushes on the list that `a` leads to: link := below(value), then value := change(value),
//   tried again until nobody comes between. `below` and `change` have no effects.
// Returns: the value replaced.
// Memory ordering: the step that replaces has `order`.
template <class Atomic, class Link, class Below, class Change, class... Site>
typename Atomic::value_type push(Atomic& a, Link& link, Below below, Change change,
                                 std::memory_order order, Site...) noexcept {
  auto before = a.load(std::memory_order_relaxed);
  do link.write(below(before));
  while (!a.compare_exchange_weak(before, change(before), order, std::memory_order_relaxed));
  return before;
}

PAWL_END
