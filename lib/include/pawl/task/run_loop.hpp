#pragma once
// A scheduler that one thread drives.

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/timer_heap.hpp>

PAWL_BEGIN

class run_loop;

namespace detail {

// Effects: loop.run(), but without making it the current_scheduler(): nothing that is spawned
//   meanwhile ends up on a loop that lives only as long as the call that drives it.
void drive_privately(run_loop& loop) noexcept;

}  // namespace detail

// Runs work items on the thread that calls run(), in the order in which they were scheduled. Any
// thread may schedule; one thread at a time may drive.
//
// schedule is lock-free and touches the loop for the last time when it publishes the item, so the
// item itself may be what ends the loop's life.
class run_loop final : public scheduler, private timer_service {
 public:
  run_loop() noexcept;

  // Precondition: nobody drives it, nothing is scheduled, no timer is armed.
  ~run_loop() = default;
  run_loop(const run_loop&) = delete;
  run_loop& operator=(const run_loop&) = delete;

  // Complexity: constant, retried when another thread schedules at the same moment.
  void schedule(work_item& item) noexcept override;

  timer_service* timers() noexcept override { return this; }

  // Effects: runs items and due timers, and blocks while there are none, until finish() was called
  //   and nothing scheduled is left. Meanwhile current_scheduler() is this loop.
  // Complexity: besides what it runs, O(1) for each item and O(log n) for each of n armed timers
  //   that is due.
  void run() noexcept;

  // Effects: runs the timers that are due, and one item, waiting for it if need be.
  // Returns: false, having run no item, if finish() was called and nothing scheduled is left.
  // Complexity: as run; but the call that finds the inbox filled turns it round, in O(1) for each
  //   item that was scheduled since the last such call.
  bool run_one() noexcept;

  // Effects: makes run() return once everything scheduled has run. Idempotent, from any thread.
  // Complexity: that of schedule.
  void finish() noexcept;

 private:
  friend void detail::drive_privately(run_loop& loop) noexcept;

  void arm(timer_item& item) noexcept override;
  bool try_disarm(timer_item& item) noexcept override;

  work_item* next() noexcept;
  work_item* take_ready() noexcept;
  bool refill() noexcept;
  void fire_due_timers() noexcept;
  timer_item* take_due() noexcept;
  void wait() noexcept;
  void park_until_first_deadline() noexcept;
  void wake() noexcept;

  // inbox_      | meaning                                            | next, by whom
  // null        | empty; the driver is busy or away                  | item: any; idle: driver
  // &idle_mark_ | empty; the driver is parked or about to be, and    | item, null: any, who owes
  //             | does not go on until one unpark, so *this stays    | the unpark; null: driver
  // an item     | the latest of a chain of items                     | item: any; null: driver
  atomic<work_item*> inbox_{nullptr};
  atomic<bool> finish_called_{false};
  atomic<unsigned> armed_{0};        // size of heap_; only a hint outside timers_lock_
  cell<work_item*> ready_{nullptr};  // taken from the inbox, oldest first; the driver's
  cell<bool> finished_{false};       // the driver's
  cell<parker*> driver_{nullptr};    // written before the idle mark, read by who replaces it
  work_item idle_mark_;              // never runs
  work_item finish_item_;            // never runs: the driver knows it
  detail::bit_lock timers_lock_;
  detail::timer_heap heap_;  // under timers_lock_
};

PAWL_END
