#pragma once
// A wait that lets go of a lock, and comes back with it.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/condition_store.hpp>
#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/task/scheduler.hpp>

#include <coroutine>
#include <cstdint>

PAWL_BEGIN

namespace detail {

// Those who wait for a notification.
//
// CV-DESTROY: it may be destroyed as soon as all of them were told. A wait that was told needs its
// lock, and this no more; but who would have ended it from outside, because of a stop or deadline,
// may still be here. So such waits are counted until that is over, and the destructor waits for
// them: for other threads that run none but our code. (Destroying a coroutine on its way to the
// lock passes its notification on, so that needs the queue.)
class condition_queue : public synchronizer<condition_store> {
 public:
  constexpr condition_queue() noexcept : synchronizer(0) {}
  ~condition_queue();

  // Effects: something from outside may end a wait; can't any more, as the last access.
  void begin_watch() noexcept;
  void end_watch() noexcept;

 private:
  atomic<unsigned> watched_{0};
};

// Of a coroutine, in its frame, or of a thread, on its stack. It takes its place among those who
// wait for a notification before it unlocks, so that it misses none (CV-NO-LOST). When it is told,
// or ends otherwise, whoever sees to that makes it lock, and if that takes time, moves it to the
// queue of the lock (CV-REQUEUE). It is resumed once, when that is over. Both waits have the same
// room, one after the other; to either of them, *this is the scheduler where it is resumed.
//
//   phase    | alive          | next, by whom
//   idle     |                | untold: begin, by the waiting call
//   untold   | untold_        | locking or over: who settles the wait
//   locking  | unlocked_      | over, which leaves it alive: who hands the lock over
//   over     | maybe the same | idle: finish, by the waiting call
//
// In `untold` it touches the queue of the condition, afterwards that of the lock only. Store is
// that of the lock.
template <class Store>
class condition_wait final : private scheduler {
 public:
  using lock_type = synchronizer<Store>;

  // For a lock by `unit`; of `terms` counts what may end the wait.
  condition_wait(condition_queue& condition, lock_type& lock, count_t unit,
                 const acquire_terms& terms) noexcept
      : condition_(condition), lock_(lock), unit_(unit), terms_(terms) {}
  condition_wait(const condition_wait&) = delete;
  condition_wait& operator=(const condition_wait&) = delete;

  // Effects: of a coroutine that is destroyed while it waits: leaves the queue that it is in; gives
  //   back the lock, and passes on the notification, that it has got.
  // Precondition: as coroutine_wait::abandon.
  ~condition_wait() {
    if (phase_.read() != phase::idle) abandon();
  }

  // Effects: waits, without the lock, and locks again. Then `back` runs: on `where`, or if null
  //   inline in who resumes it. May resume others inline. Precondition: idle, and locked.
  // Returns: false if it is over already, and `back` does not run; otherwise *this may be gone.
  bool begin(std::coroutine_handle<> by, scheduler* where, work_item& back) noexcept;

  // Effects: as begin, but blocks the calling thread until it is over.
  void block() noexcept;

  // Effects: what the resumed call owes to the queue of the lock.
  // Returns: what ended the wait; or why there is no lock. Then has_lock() is false.
  verdict finish() noexcept;

  [[nodiscard]] bool has_lock() const noexcept { return locked_.read() == verdict::granted; }

 private:
  enum class phase : std::uint8_t { idle, untold, locking, over };

  void schedule(work_item& item) noexcept override;
  timer_service* timers() noexcept override;

  [[nodiscard]] bool is_watched() const noexcept {
    return terms_.how != acquire_terms::mode::plain;
  }
  bool suspend() noexcept;
  void end_untold() noexcept;
  bool is_locked_at_once() noexcept;
  void resume() noexcept;
  void end_locking() noexcept;
  void abandon() noexcept;

  condition_queue& condition_;
  lock_type& lock_;
  const count_t unit_;
  const acquire_terms terms_;
  std::coroutine_handle<> by_;
  scheduler* where_ = nullptr;
  work_item* back_ = nullptr;
  cell<phase> phase_{phase::idle};
  cell<verdict> ended_{verdict::pending};   // how the wait for a notification did
  cell<verdict> locked_{verdict::pending};  // what locking came to; pending while unlocked_ lives
  union {
    coroutine_wait<condition_store> untold_;
    coroutine_wait<Store> unlocked_;
  };
};

}  // namespace detail

PAWL_END
