#pragma once
// Waiters that resume inline, between the end of the primitive's own work and their turn.

#include <pawl/backend/backend.hpp>
#include <pawl/task/work_item.hpp>

PAWL_BEGIN

namespace detail {

// The calling thread's queue of inline resumptions. An operation puts off what it wakes, finishes
// everything of its own, and only then runs the queue: in order, one at a time, each taken off
// before it runs. What is still queued can be taken back, so a resumed coroutine may destroy one
// that was woken together with it.

// Effects: `item` will run on this thread, when run_put_off_inline is next called or, if it is
//   running, by that.
void put_off_inline(work_item& item) noexcept;

// Effects: takes `item` back. Returns: false if it is not in this thread's queue.
// Complexity: linear in the queue.
[[nodiscard]] bool take_back_inline(work_item& item) noexcept;

// Effects: runs the queue until it is empty, unless `deepest` calls are nested already on this
//   stack: then it is left to them. 1: whoever runs the queue comes back to it anyway.
// Precondition: the caller touches nothing afterwards that the items might destroy.
void run_put_off_inline(unsigned deepest = limits::inline_depth) noexcept;

}  // namespace detail

PAWL_END
