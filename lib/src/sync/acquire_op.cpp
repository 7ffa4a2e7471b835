#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/take.hpp>

#include <memory>

PAWL_BEGIN

template <class Permit>
bool acquire_op<Permit>::prepare() noexcept {
  if (mode_ == mode::stoppable && token_.stop_requested()) return fail(verdict::cancelled);
  const verdict v = detail::take(owner_->core_, count_, mode_ == mode::up_to);
  if (v == verdict::granted) return true;
  if (v != verdict::pending) return fail(v);
  const bool too_late = mode_ == mode::timed && deadline_ <= steady_clock::now();
  return too_late && fail(verdict::timed_out);
}

template <class Permit>
bool acquire_op<Permit>::fail(verdict v) noexcept {
  failure_ = v;
  phase_ = phase::failed;
  return true;
}

template <class Permit>
bool acquire_op<Permit>::suspend(std::coroutine_handle<> by, scheduler* where) noexcept {
  std::construct_at(&wait_, owner_->core_, count_, mode_ == mode::up_to, by, where);
  phase_ = phase::waiting;
  switch (mode_) {
    case mode::stoppable:
      return wait_.suspend(token_);
    case mode::timed:
      return wait_.suspend_until(deadline_);
    default:
      return wait_.suspend();
  }
}

template <class Permit>
result<Permit> acquire_op<Permit>::finish_slowly() noexcept {
  if (phase_ == phase::waiting) {
    failure_ = wait_.resumed();
    const count_t given = wait_.weight();
    std::destroy_at(&wait_);
    phase_ = phase::failed;
    if (failure_ == verdict::granted) return Permit(std::move(owner_), given);
  }
  return detail::refusal(failure_, count_);
}

template <class Permit>
void acquire_op<Permit>::abandon() noexcept {
  wait_.abandon();
  std::destroy_at(&wait_);
}

template class acquire_op<permit>;
template class acquire_op<owned_permit>;

PAWL_END
