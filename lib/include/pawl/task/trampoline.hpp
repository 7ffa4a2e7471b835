#pragma once
// Resumption without a scheduler: inline in the waker, on a stack of bounded depth.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

PAWL_BEGIN

// Effects: runs `item` on the calling thread: at once, unless limits::inline_depth such calls are
//   already nested on this stack. Then the item is put off: the outermost of them runs it, in
//   order, before it returns. Call it only after the state of every primitive has been released:
//   the item runs user code.
// Complexity: no allocation; stack bounded by inline_depth items.
void run_inline(work_item& item) noexcept;

// Effects: runs what run_inline has put off on this thread. Blocking waits call it before they
//   park: the thread they wait for may be among it.
void run_put_off() noexcept;

// Effects: `item` runs on `where`, or, if null, inline through the trampoline.
inline void run_on(scheduler* where, work_item& item) noexcept {
  if (where != nullptr) {
    where->schedule(item);
  } else {
    run_inline(item);
  }
}

PAWL_END
