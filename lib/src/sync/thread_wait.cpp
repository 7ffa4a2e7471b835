#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/sync/thread_wait.hpp>
#include <pawl/task/trampoline.hpp>

PAWL_BEGIN

namespace detail {

template <class Store>
thread_wait<Store>::thread_wait(synchronizer<Store>& core, count_t weight, bool up_to) noexcept
    : wait<Store>(core, weight, up_to, &wake), parker_(parker::current()) {}

template <class Store>
verdict thread_wait<Store>::block() noexcept {
  this->core().arrive(*this);
  park();
  return resumed();
}

template <class Store>
verdict thread_wait<Store>::block(stop_token token) noexcept {
  this->core().arrive(*this);
  this->watch(token);
  park();
  return resumed();
}

template <class Store>
verdict thread_wait<Store>::block_until(steady_clock::time_point deadline) noexcept {
  this->core().arrive(*this);
  run_put_off_inline();
  run_put_off();
  if (!this->suspend() || parker_.park_until(deadline)) return resumed();
  if (!this->unsuspend()) {
    parker_.park();  // settled after all: the unpark is under way
    return resumed();
  }
  this->core().withdraw(*this, verdict::timed_out);
  park();
  return resumed();
}

// Effects: lets others run on this thread first, then parks until the wait is settled. The parker
//   is given away by suspend, for the one unpark that park consumes (PARK-PAIR).
template <class Store>
void thread_wait<Store>::park() noexcept {
  run_put_off_inline();
  run_put_off();
  if (this->suspend()) parker_.park();
}

template <class Store>
verdict thread_wait<Store>::resumed() noexcept {
  this->continue_turn();
  return this->outcome();
}

template <class Store>
void thread_wait<Store>::wake(work_item& self) noexcept {
  // The thread may return, and *this be gone, before unpark returns.
  parker& sleeping = static_cast<thread_wait&>(self).parker_;
  sleeping.unpark();
}

#define PAWL_INSTANTIATE(Store) template class thread_wait<Store>;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

}  // namespace detail

PAWL_END
