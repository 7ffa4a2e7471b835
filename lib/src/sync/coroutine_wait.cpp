#include <pawl/backend/fault.hpp>
#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/resume.hpp>

#include <cassert>

PAWL_BEGIN

namespace detail {

template <class Store>
bool coroutine_wait<Store>::suspend(std::coroutine_handle<> by, scheduler* where) noexcept {
  resumes(by, where);
  const bool suspended = wait<Store>::suspend();
  // *this may be gone.
  run_put_off_inline();
  return suspended;
}

template <class Store>
bool coroutine_wait<Store>::suspend(std::coroutine_handle<> by, scheduler* where,
                                    stop_token token) noexcept {
  resumes(by, where);
  this->watch(token);
  const bool suspended = wait<Store>::suspend();
  run_put_off_inline();
  return suspended;
}

template <class Store>
bool coroutine_wait<Store>::suspend_until(std::coroutine_handle<> by, scheduler* where,
                                          steady_clock::time_point deadline) noexcept {
  resumes(by, where);
  this->watch(timers_for(where_), deadline);
  const bool suspended = wait<Store>::suspend();
  run_put_off_inline();
  return suspended;
}

template <class Store>
void coroutine_wait<Store>::leave(std::coroutine_handle<> by, scheduler* where) noexcept {
  resumes(by, where);
  if (!wait<Store>::suspend()) dispatch(*this);
}

template <class Store>
void coroutine_wait<Store>::resumes(std::coroutine_handle<> by, scheduler* where) noexcept {
  coroutine_ = by;
  where_ = unless_inline(where);
}

template <class Store>
verdict coroutine_wait<Store>::resumed() noexcept {
  this->continue_turn();
  return this->outcome();
}

template <class Store>
void coroutine_wait<Store>::abandon() noexcept {
  const bool was_suspended = coroutine_ != nullptr;
  if (!was_suspended) this->abandon_unsuspended();
  if (!was_suspended || this->try_abandon()) {
    if (!this->stop_watching()) this->await_finished();
    // Of a request that was made, the holder who takes it out reads the reason.
    if (!this->is_requested()) this->core().withdraw(*this, verdict::cancelled);
    this->await_delivered();
  } else {
    // The last party has resumed the coroutine already, if inline then by putting it off.
    [[maybe_unused]] const bool taken_back = take_back_inline(*this);
    assert(taken_back && "a suspended coroutine was destroyed on its way to its scheduler");
  }
  const bool is_granted = this->outcome() == verdict::granted;
  if (is_granted && !fault::abandoned_grant_kept) this->core().put_back(this->weight());
  if (this->has_baton()) this->core().continue_turn();
  run_put_off_inline(1);
}

template <class Store>
void coroutine_wait<Store>::dispatch(work_item& self) noexcept {
  auto& me = static_cast<coroutine_wait&>(self);
  me.run.write(&resume_here);
  if (me.where_ != nullptr) {
    me.where_->schedule(me);
  } else {
    put_off_inline(me);
  }
}

template <class Store>
void coroutine_wait<Store>::resume_here(work_item& self) noexcept {
  resume(static_cast<coroutine_wait&>(self).coroutine_);
}

#define PAWL_INSTANTIATE(Store) template class coroutine_wait<Store>;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

}  // namespace detail

PAWL_END
