#include <pawl/backend/fault.hpp>
#include <pawl/sync/inline_queue.hpp>
#include <pawl/task/stop_wait.hpp>
#include <pawl/task/trampoline.hpp>

#include <cassert>

PAWL_BEGIN

namespace detail {

bool stop_wait::watch() noexcept { return awaited_.token.attach(awaited_); }

void stop_wait::limit(stop_token other) noexcept {
  auto& hook = limit_.emplace<stop_hook<limited>>(*this, other);
  is_limited_.write(true);
  if (!other.attach(hook)) static_cast<void>(join(limited));
}

void stop_wait::limit(timer_service& timers, steady_clock::time_point deadline) noexcept {
  auto& hook = limit_.emplace<timer_hook>(*this, timers, deadline);
  is_limited_.write(true);
  timers.arm(hook);
}

stop_wait::bits stop_wait::join(bits own) noexcept {
  // [stop_wait.1] acq_rel: hands what this party did to the last one, who acquires it from all;
  // pairs with [stop_wait.1], [stop_wait.2].
  return party_.fetch_or(own, fault::order_unless(fault::weak_stop_wait, memory_order_acq_rel));
}

void stop_wait::await(bits trigger) const noexcept {
  const auto is_pulled = [trigger](bits v) { return (v & trigger) != 0; };
  // [stop_wait.2] acquire: the last access of who pulled it happens before the destruction; pairs
  // with [stop_wait.1].
  spin_until(party_, is_pulled, memory_order_acquire);
}

bool stop_wait::suspend() noexcept {
  const bits pulled = join(suspended) & (stopped | limited);
  return pulled == 0 || !close(pulled);
}

void stop_wait::resume_if(bits trigger) noexcept {
  if (pull(trigger)) resume_(*this);
  run_put_off_inline();
}

// Returns: whether the wait has ended, and the caller is to resume it; else *this may be gone.
bool stop_wait::pull(bits trigger) noexcept {
  const bits before = join(trigger);
  if ((before & abandoned) != 0) return false;
  if ((before & closing) != 0) return true;
  const bool is_closer = (before & suspended) != 0 && (before & (stopped | limited)) == 0;
  return is_closer && close(trigger);
}

// Returns: whether the wait has ended; otherwise it will be resumed by who pulls the other trigger.
bool stop_wait::close(bits pulled) noexcept {
  const bits other = (stopped | limited) & ~pulled;
  if (other == 0 || take_back(other) || fault::puller_ignored) return true;
  return (join(closing) & other) != 0;
}

// Returns: whether the trigger was not pulled and will not be.
bool stop_wait::take_back(bits trigger) noexcept {
  if (trigger == stopped) return awaited_.token.try_detach(awaited_);
  if (!is_limited_.read()) return true;
  if (auto* const stop = std::get_if<stop_hook<limited>>(&limit_)) {
    return stop->token.try_detach(*stop);
  }
  auto& timer = std::get<timer_hook>(limit_);
  return timer.service.try_disarm(timer);
}

bool stop_wait::try_abandon() noexcept {
  if ((join(abandoned) & (stopped | limited)) != 0) return false;
  for (const bits trigger : {stopped, limited}) {
    if (!take_back(trigger)) await(trigger);
  }
  return true;
}

bool stop_wait::was_stopped() const noexcept {
  // [stop_wait.3] relaxed: whoever ended the wait has acquired from all.
  return (party_.load(memory_order_relaxed) & stopped) != 0;
}

bool coroutine_stop_wait::suspend(const wait_limit& limit) noexcept {
  if (const auto* const stop = std::get_if<stop_token>(&limit)) {
    this->limit(*stop);
  } else if (const auto* const deadline = std::get_if<steady_clock::time_point>(&limit)) {
    this->limit(timers_for(where_), *deadline);
  }
  return stop_wait::suspend();
}

void coroutine_stop_wait::abandon() noexcept {
  if (try_abandon()) return;
  [[maybe_unused]] const bool taken_back = take_back_inline(item_);
  assert(taken_back && "a suspended coroutine was destroyed on its way to its scheduler");
}

void coroutine_stop_wait::dispatch(stop_wait& self) noexcept {
  auto& me = static_cast<coroutine_stop_wait&>(self);
  if (me.where_ != nullptr) {
    me.where_->schedule(me.item_);
  } else {
    put_off_inline(me.item_);
  }
}

namespace {

struct thread_stop_wait final : stop_wait {
  explicit thread_stop_wait(stop_token awaited) noexcept : stop_wait(awaited, &wake) {}

  static void wake(stop_wait& self) noexcept {
    // The thread may return, and the wait be gone, before unpark returns.
    parker& sleeping = static_cast<thread_stop_wait&>(self).sleeping;
    sleeping.unpark();
  }

  parker& sleeping = parker::current();
};

}  // namespace

bool wait_stopped_blocking(stop_token awaited, const wait_limit& limit) noexcept {
  thread_stop_wait wait(awaited);
  if (!wait.watch()) return true;
  if (const auto* const stop = std::get_if<stop_token>(&limit)) wait.limit(*stop);
  run_put_off_inline();
  run_put_off();
  if (!wait.suspend()) return wait.was_stopped();
  const auto* const deadline = std::get_if<steady_clock::time_point>(&limit);
  const bool is_late = deadline != nullptr && !wait.sleeping.park_until(*deadline);
  // Who is late and can't give up has been told: the unpark is under way.
  if (deadline == nullptr || (is_late && !wait.give_up())) wait.sleeping.park();
  return wait.was_stopped();
}

}  // namespace detail

PAWL_END
