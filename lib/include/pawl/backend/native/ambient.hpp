#pragma once
// Native backend: a task that is spawned without a scheduler runs where its spawner runs.

#include <pawl/backend/namespace.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/thread_pool.hpp>

PAWL_BEGIN

// Returns: the process-wide pool, with a thread for each processor, made when first asked for and
//   never destroyed: tasks may outlive main, and end with the process.
thread_pool& default_pool();

// Chosen once, at construction: the spawning thread's scheduler, else the process-wide pool.
class ambient_scheduler {
 public:
  ambient_scheduler();
  ambient_scheduler(const ambient_scheduler&) = delete;
  ambient_scheduler& operator=(const ambient_scheduler&) = delete;

  scheduler& get() noexcept { return where_; }

 private:
  scheduler& where_;
};

// Returns: the timers of default_pool().
timer_service& fallback_timers() noexcept;

PAWL_END
