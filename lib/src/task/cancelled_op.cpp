#include <pawl/task/cancelled_op.hpp>

PAWL_BEGIN

namespace detail {

result<stop_reason> outcome_of_wait(const cancellation_node* node, bool was_stopped,
                                    const wait_limit& limit) noexcept {
  if (was_stopped) return node->reason.read();
  const bool is_timed = std::holds_alternative<steady_clock::time_point>(limit);
  return failure(is_timed ? errc::timed_out : errc::cancelled);
}

result<stop_reason> wait_cancelled_blocking(cancellation_node* node,
                                            const wait_limit& limit) noexcept {
  return outcome_of_wait(node, wait_stopped_blocking(stop_token_of_node(node), limit), limit);
}

bool cancelled_awaiter::wait(std::coroutine_handle<> by, scheduler* where) noexcept {
  wait_.emplace(stop_token_of_node(node_), by, where);
  if (wait_->watch()) return wait_->suspend(limit_);
  wait_.reset();
  return false;
}

result<stop_reason> cancelled_awaiter::await_resume() noexcept {
  const bool was_stopped = !wait_ || wait_->was_stopped();
  wait_.reset();
  return outcome_of_wait(node_, was_stopped, limit_);
}

}  // namespace detail

PAWL_END
