#pragma once
// A coroutine that waits.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/wait.hpp>
#include <pawl/task/scheduler.hpp>

#include <coroutine>

PAWL_BEGIN

namespace detail {

// Lives in the coroutine's frame, from its suspension to its resumption. Resumes on `where`, or, if
// that is null or an inline_scheduler, inline on the thread that settles the wait.
template <class Store>
class coroutine_wait final : public wait<Store> {
 public:
  coroutine_wait(synchronizer<Store>& core, count_t weight, bool up_to,
                 std::coroutine_handle<> coroutine, scheduler* where) noexcept;

  // The end of await_suspend: returns false if the coroutine goes on at once; otherwise *this may
  // be gone. What these resume inline runs before they return.
  bool suspend() noexcept;
  bool suspend(stop_token token) noexcept;
  bool suspend_until(steady_clock::time_point deadline) noexcept;

  // What await_resume calls first. Returns: the verdict; weight() is what was granted.
  verdict resumed() noexcept;

  // Effects: the suspended coroutine is being destroyed: takes the wait out of the queue, gives
  //   back what it was granted, passes on the turn. May wait for a holder's turn, never for user
  //   code.
  // Precondition: nothing resumes the coroutine at the same time, nor is it on its way to its
  //   scheduler.
  void abandon() noexcept;

 private:
  static void dispatch(work_item& self) noexcept;
  static void resume_here(work_item& self) noexcept;

  const std::coroutine_handle<> coroutine_;
  scheduler* const where_;
};

}  // namespace detail

PAWL_END
