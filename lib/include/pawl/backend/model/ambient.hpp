#pragma once
// Model backend: a spawned task has a thread of its own, so that every interleaving of tasks is
// explored.
//
// options::resumption says what becomes of its later wake-ups: they run on that thread, or inline
// in the waker, where re-entrancy bugs live.

#include <pawl/backend/model/atomic.hpp>
#include <pawl/backend/model/thread.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace detail {

// What a task's thread waits for: the n-th item scheduled stands in slot n. Each slot is written
// once, so that waiting for it costs no execution more than needed.
struct task_mailbox {
  static constexpr unsigned room = 16;
  atomic<unsigned> posted{0};
  atomic<work_item*> slots[room]{};
  cell<bool> ended{false};  // Of the task's own thread.
};

}  // namespace detail

class ambient_scheduler final : public scheduler {
 public:
  ambient_scheduler();
  ~ambient_scheduler();
  ambient_scheduler(const ambient_scheduler&) = delete;
  ambient_scheduler& operator=(const ambient_scheduler&) = delete;

  scheduler& get() noexcept { return *this; }
  void schedule(work_item& item) noexcept override;

 private:
  detail::task_mailbox* const mailbox_;  // Owned by the thread.
  cell<bool> started_{false};
};

// Deadlines in virtual time: whether one passes before anything else happens is a choice.
timer_service& fallback_timers() noexcept;

PAWL_END
