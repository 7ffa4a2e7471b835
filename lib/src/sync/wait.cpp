#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/sync/wait.hpp>

PAWL_BEGIN

namespace detail {

template <class Store>
void wait<Store>::watch(stop_token token) noexcept {
  if (!token.stop_possible()) return;
  auto& hook = trigger_.template emplace<stop_hook>(*this, token);
  if (token.attach(hook)) {
    watching_.write(true);
  } else {
    core_.withdraw(*this, verdict::cancelled);
  }
}

template <class Store>
void wait<Store>::watch(timer_service& timers, steady_clock::time_point deadline) noexcept {
  auto& hook = trigger_.template emplace<timer_hook>(*this, timers, deadline);
  watching_.write(true);
  timers.arm(hook);
}

template <class Store>
bool wait<Store>::suspend() noexcept {
  const bool is_watched = watching_.read();
  const auto both = static_cast<waiter::party_bits>(waiter::suspended | waiter::finished);
  return !this->join(is_watched ? waiter::suspended : both) || !is_resumable();
}

template <class Store>
bool wait<Store>::stop_watching() noexcept {
  if (!watching_.read()) return true;
  if (auto* const stop = std::get_if<stop_hook>(&trigger_)) return stop->token.try_detach(*stop);
  auto& timer = std::get<timer_hook>(trigger_);
  return timer.service.try_disarm(timer);
}

// Called by whoever settled the wait, the canceller with the request excepted. Returns: whether he
// is to resume it; otherwise a canceller is who came too late.
template <class Store>
bool wait<Store>::is_resumable() noexcept {
  if (is_by_request(outcome())) return true;
  return stop_watching() || fault::canceller_ignored || this->join_closing();
}

template <class Store>
void wait<Store>::settled(work_item& self) noexcept {
  auto& me = static_cast<wait&>(self);
  if (me.is_resumable()) me.resume_(me);
}

// The canceller's part, on whatever thread pulled the trigger.
template <class Store>
void wait<Store>::cancel(verdict reason) noexcept {
  if (!core_.withdraw_and_finish(*this, reason) && this->join_finished()) resume_(*this);
  // *this may be gone.
  run_put_off_inline();
}

template <class Store>
void wait<Store>::continue_turn() noexcept {
  if (!this->has_baton()) return;
  core_.continue_turn();
  run_put_off_inline(1);  // they come after us
}

#define PAWL_INSTANTIATE(Store) template class wait<Store>;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

}  // namespace detail

PAWL_END
