#pragma once
// The turn of a thread: from where a scheduler enters an item to where the item returns.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>

PAWL_BEGIN

namespace detail {

// Of the calling thread: how many operations that take part (budget.hpp) have come to their end in
// this turn, whichever coroutines made them.
struct turn {
  static constexpr unsigned none = ~0U;       // nobody counts turns here
  static constexpr unsigned most = none - 1;  // as far as anybody counts

  unsigned spent = none;

  // Effects: counts one. Not inline, as is the next: a coroutine may go on on another thread, and
  //   compilers keep the address of what belongs to a thread.
  static void spend() noexcept;

  // Returns: whether anybody counts turns here: the thread runs what a scheduler gave it.
  [[nodiscard]] static bool is_counted() noexcept;

  // Returns: whether `budget` does not suffice for one more. More than `most` always does.
  [[nodiscard]] static bool is_spent(unsigned budget) noexcept;
};

}  // namespace detail

// What a scheduler says to give each of its turns a budget; run_loop and thread_pool do. One of
// your own makes an object where it begins to run items on a thread, and calls next() before each
// item. Turns nest: the outer one goes on at the end of the object's life.
//
// Complexity: one store an item.
class turns {
 public:
  turns() noexcept : outer_(thread_slot<detail::turn>::get().spent) {}
  ~turns() { thread_slot<detail::turn>::get().spent = outer_; }
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  // Effects: begins a turn, of which nothing is spent.
  void next() noexcept {
    unsigned& spent = thread_slot<detail::turn>::get().spent;
    if (!fault::turn_never_ends || spent == detail::turn::none) spent = 0;
  }

 private:
  const unsigned outer_;
};

PAWL_END
