#pragma once
// Where work runs: one virtual call, no allocation.

#include <pawl/backend/backend.hpp>
#include <pawl/task/timer.hpp>
#include <pawl/task/work_item.hpp>

PAWL_BEGIN

// A place that runs work items. A waiter or a coroutine stores one pointer to it; the scheduler
// must outlive whatever is to resume on it.
class scheduler {
 public:
  // Effects: `item` will run exactly once. Never allocates, never throws, never runs the item
  //   inside the call (inline_scheduler is the stated exception). The caller may not touch the item
  //   or rely on the scheduler's existence afterwards: the item may already have run.
  // Memory ordering: what happens before schedule happens before the item runs.
  virtual void schedule(work_item& item) noexcept = 0;

  // Returns: the timers of this place, or null if it has none (see timers_for).
  virtual timer_service* timers() noexcept { return nullptr; }

  // Returns: whether schedule runs the item inside the call.
  [[nodiscard]] virtual bool is_inline() const noexcept { return false; }

 protected:
  ~scheduler() = default;
};

// Returns: the scheduler on whose thread the caller runs (the innermost run_loop or thread_pool
//   that drives this thread), or null.
scheduler* current_scheduler() noexcept;

// Returns: the timers for an operation whose coroutine runs on `where`: those of `where`, or, if
//   there is no scheduler or it has no timers, those of the process-wide default_pool(): the
//   callback then comes from a thread of that pool, and what it resumes still goes to `where`.
timer_service& timers_for(scheduler* where) noexcept;

namespace detail {

// Says for its lifetime that the calling thread is driven by a scheduler.
class driving_scope {
 public:
  explicit driving_scope(scheduler& by) noexcept;
  ~driving_scope();
  driving_scope(const driving_scope&) = delete;
  driving_scope& operator=(const driving_scope&) = delete;

 private:
  scheduler* outer_;
};

}  // namespace detail

PAWL_END
