#pragma once
// A scheduler with a fixed number of threads.

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/timer_heap.hpp>

#include <vector>

PAWL_BEGIN

// Runs work items on its own threads, started in the order in which they were scheduled (one shared
// queue). Idle threads sleep; one of them keeps the first deadline. Besides what it runs, a thread
// takes O(1) for each item, and O(log n) for each of n armed timers. A single item that one of its
// threads schedules is left to that thread for a few microseconds, then run by another one.
class thread_pool final : public scheduler, private timer_service {
 public:
  // Throws: std::invalid_argument if threads is 0; std::system_error if one can't be started.
  // Complexity: starts that many threads, one after another; the only allocations of the pool.
  explicit thread_pool(unsigned threads);

  // Effects: runs everything scheduled, what is scheduled meanwhile included, and joins the
  //   threads.
  // Precondition: not called on one of its threads. A coroutine that is still suspended elsewhere
  //   must not resume here any more; armed timers may not fire any more.
  ~thread_pool();
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  // Complexity: constant; wakes at most one thread. May spin while another thread holds the queue,
  //   for a fixed number of steps, and for O(log n) more where it arms, disarms or takes out one of
  //   n timers.
  void schedule(work_item& item) noexcept override;

  timer_service* timers() noexcept override { return this; }

 private:
  struct worker;

  void arm(timer_item& item) noexcept override;
  bool try_disarm(timer_item& item) noexcept override;

  void stop() noexcept;
  void work() noexcept;
  bool run_next(worker& me) noexcept;
  void wait(worker& me) noexcept;
  void give_way(worker& me) noexcept;
  void keep_time(worker& me, steady_clock::time_point deadline) noexcept;

  // With lock_ held; null if there is none.
  work_item* take_item() noexcept;
  worker* take_idle() noexcept;
  worker* take_keeper() noexcept;
  worker* take_sleeper() noexcept;
  worker* take_deputy() noexcept;
  void expect(worker& taken) noexcept;

  // All under lock_. A worker on idle_ or in keeper_ is parked or about to be: whoever takes it off
  // owes it one unpark, after the lock is released. While there is one of them, at least as many
  // workers are coming as there are items.
  cell<work_item*> first_{nullptr};  // the queue, oldest first
  cell<work_item*> last_{nullptr};
  cell<worker*> idle_{nullptr};    // latest first: its caches are the warmest
  cell<worker*> keeper_{nullptr};  // the idle worker that waits for the first deadline
  cell<unsigned> coming_{0};       // workers that were taken off and have not looked yet
  cell<unsigned> taken_{0};        // items so far; may wrap
  cell<bool> finished_{false};
  detail::timer_heap heap_;
  detail::bit_lock lock_;

  std::vector<thread> threads_;
};

PAWL_END
