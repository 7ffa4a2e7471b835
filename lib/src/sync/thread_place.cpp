#include <pawl/backend/fault.hpp>
#include <pawl/sync/thread_place.hpp>
#include <pawl/task/trampoline.hpp>

PAWL_BEGIN

namespace detail {

thread_place::bits thread_place::join(bits own) noexcept {
  // [place.1] acq_rel: hands what one has done to who sees the bit; pairs with [place.1].
  return state_.fetch_or(own, fault::order_unless(fault::weak_place, memory_order_acq_rel));
}

void thread_place::schedule(work_item&) noexcept {
  parker& sleeping = parker_;
  // Afterwards the thread may have returned, unless it needs the unpark.
  if ((join(done) & parked) != 0) sleeping.unpark();
}

void thread_place::arm(timer_item& item) noexcept {
  due_ = &item;
  deadline_ = item.deadline;
}

bool thread_place::try_disarm(timer_item&) noexcept { return (join(disarmed) & fired) == 0; }

void thread_place::await() noexcept {
  run_put_off();
  if (due_ != nullptr) {
    if (park_in_time()) return;
    if ((join(fired) & disarmed) == 0) due_->expired(*due_);
  }
  park();
}

void thread_place::park() noexcept {
  if ((join(parked) & done) == 0) parker_.park();
}

// Returns: whether the wait is over; otherwise the deadline has passed, and the parker is taken
//   back (PARK-PAIR).
bool thread_place::park_in_time() noexcept {
  if ((join(parked) & done) != 0 || parker_.park_until(deadline_)) return true;
  // [place.2] relaxed: if it is over, the unpark that is under way hands over what led to that.
  if ((state_.fetch_and(static_cast<bits>(~parked), memory_order_relaxed) & done) == 0) {
    return false;
  }
  parker_.park();
  return true;
}

}  // namespace detail

PAWL_END
