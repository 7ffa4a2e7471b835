#include <pawl/task/cancellation_trigger.hpp>

PAWL_BEGIN

void detail::cancellation_trigger::await_pull() const noexcept {
  const auto is_true = [](bool begun) { return begun; };
  // [trigger.1] acquire: the last access of who pulls it happens before its end; pairs with
  // [cancel.7].
  spin_until(begun_, is_true, memory_order_acquire);
}

cancellation_deadline::cancellation_deadline(cancellation_source& source,
                                             steady_clock::time_point deadline, std::uint64_t value,
                                             scheduler* where) noexcept
    : cancellation_trigger(source, {stop_reason::kind::deadline, value}),
      timer_item(deadline, &expire),
      timers_(timers_for(where)) {
  timers_.arm(*this);
}

cancellation_deadline::~cancellation_deadline() {
  if (!timers_.try_disarm(*this)) await_pull();
}

void cancellation_deadline::expire(timer_item& self) noexcept {
  static_cast<cancellation_deadline&>(self).pull();
}

cancellation_link::cancellation_link(cancellation_source& source, stop_token token,
                                     stop_reason why) noexcept
    : cancellation_trigger(source, why),
      stop_node(&stop),
      token_(token),
      is_attached_(token.attach(*this)) {
  if (!is_attached_) pull();
}

cancellation_link::~cancellation_link() {
  if (is_attached_ && !token_.try_detach(*this)) await_pull();
}

void cancellation_link::stop(stop_node& self) noexcept {
  static_cast<cancellation_link&>(self).pull();
}

PAWL_END
