#pragma once
// The scheduler that is no place.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/trampoline.hpp>

PAWL_BEGIN

// Runs each item on the thread that schedules it, inside the call, through the trampoline: the one
// scheduler of which that is true. What runs on it must bear to be run by anybody, and a waiter
// that resumes on it runs in the waker, once all state of the primitive has been released.
class inline_scheduler final : public scheduler {
 public:
  void schedule(work_item& item) noexcept override { run_inline(item); }
  [[nodiscard]] bool is_inline() const noexcept override { return true; }
};

namespace detail {

// Returns: null for an inline_scheduler, which would run what is resumed in the middle of the
//   resumption of others.
inline scheduler* unless_inline(scheduler* where) noexcept {
  return where != nullptr && where->is_inline() ? nullptr : where;
}

}  // namespace detail

PAWL_END
