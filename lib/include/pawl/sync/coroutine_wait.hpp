#pragma once
// A coroutine that waits.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/wait.hpp>
#include <pawl/task/scheduler.hpp>

#include <coroutine>

PAWL_BEGIN

namespace detail {

// Lives in the coroutine's frame, from its suspension to its resumption. Resumes on its scheduler,
// or, if there is none or an inline_scheduler, inline on the thread that settles the wait.
template <class Store>
class coroutine_wait final : public wait<Store> {
 public:
  // With `lingers`, the coroutine may do something else between its arrival and its suspension.
  coroutine_wait(synchronizer<Store>& core, count_t weight, bool up_to,
                 bool lingers = false) noexcept
      : wait<Store>(core, weight, up_to, &dispatch, lingers) {}

  // Effects: takes a place in the queue: the first half of a suspension. What this resumes inline
  //   is put off.
  void arrive() noexcept { this->core().arrive(*this); }

  // The other half, the end of await_suspend: returns false if the coroutine goes on at once;
  // otherwise *this may be gone. What these resume inline runs before they return.
  bool suspend(std::coroutine_handle<> by, scheduler* where) noexcept;
  bool suspend(std::coroutine_handle<> by, scheduler* where, stop_token token) noexcept;
  bool suspend_until(std::coroutine_handle<> by, scheduler* where,
                     steady_clock::time_point deadline) noexcept;

  // As suspend, of a coroutine that is suspended already: it is resumed in any case, and what that
  // resumes inline is put off. *this may be gone.
  void leave(std::coroutine_handle<> by, scheduler* where) noexcept;

  // Returns: whether a suspension would not last. Precondition: it has arrived, and not suspended.
  [[nodiscard]] bool is_delivered() const noexcept { return waiter::is_delivered(); }

  // What await_resume calls first. Returns: the verdict; weight() is what was granted.
  verdict resumed() noexcept;

  // Effects: the coroutine is being destroyed while suspended, or has changed its mind before that:
  //   takes the wait out of the queue, gives back what it was granted, passes on the turn. May wait
  //   for a holder's turn, never for user code.
  // Precondition: nothing resumes the coroutine at the same time, nor is it on its way to its
  //   scheduler.
  void abandon() noexcept;

 private:
  static void dispatch(work_item& self) noexcept;
  static void resume_here(work_item& self) noexcept;

  void resumes(std::coroutine_handle<> by, scheduler* where) noexcept;

  // Of the waiting call, until it joins with `suspended`.
  std::coroutine_handle<> coroutine_;
  scheduler* where_ = nullptr;
};

}  // namespace detail

PAWL_END
