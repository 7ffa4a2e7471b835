#pragma once
// Armed deadlines in order, without allocation.

#include <pawl/backend/backend.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace detail {

// A leftist heap of timer_items, linked through the items. Not synchronized: the owner's lock
// protects the heap and the links of all items in it.
//
// Invariants: a parent's deadline is not later than its children's; rank (the length of the
// rightmost path down) of the left child is not below that of the right child, so that path has
// at most log2(n + 1) items, and so do all walks below.
class timer_heap {
 public:
  constexpr timer_heap() noexcept = default;

  // Returns: an item with the earliest deadline; null if there is none. Complexity: O(1).
  [[nodiscard]] timer_item* first() const noexcept { return root_.read(); }

  // Precondition: not armed. Complexity: O(log n), as for the functions below.
  void insert(timer_item& item) noexcept;

  // Returns: whether the item was in the heap. Postcondition: it is not.
  bool remove(timer_item& item) noexcept;

  // Returns: an item whose deadline is not after `now`, removed; null if there is none.
  timer_item* take_due(steady_clock::time_point now) noexcept;

 private:
  cell<timer_item*> root_{nullptr};
};

}  // namespace detail

PAWL_END
