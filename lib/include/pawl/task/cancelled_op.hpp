#pragma once
// The awaitable of cancellation_token::cancelled.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/cancellation_tree.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/stop_wait.hpp>

#include <coroutine>
#include <optional>

PAWL_BEGIN

namespace detail {

// `node` is null if there is no source: then it is never cancelled.
inline stop_token stop_token_of_node(cancellation_node* node) noexcept {
  return node != nullptr ? node->core.get_token() : stop_token();
}

// Returns: what a wait has come to.
result<stop_reason> outcome_of_wait(const cancellation_node* node, bool was_stopped,
                                    const wait_limit& limit) noexcept;

// Effects: blocks the calling thread. Returns: as a cancelled_op.
result<stop_reason> wait_cancelled_blocking(cancellation_node* node,
                                            const wait_limit& limit) noexcept;

// What a cancelled_op becomes in the awaiting coroutine.
class [[nodiscard]] cancelled_awaiter {
 public:
  cancelled_awaiter(cancellation_node* node, const wait_limit& limit) noexcept
      : node_(node), limit_(limit) {}
  cancelled_awaiter(const cancelled_awaiter&) = delete;
  cancelled_awaiter& operator=(const cancelled_awaiter&) = delete;
  ~cancelled_awaiter() {
    if (wait_) wait_->abandon();
  }

  [[nodiscard]] bool await_ready() const noexcept {
    return stop_token_of_node(node_).stop_requested();
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return wait(by, scheduler_of(by));
  }

  result<stop_reason> await_resume() noexcept;

 private:
  bool wait(std::coroutine_handle<> by, scheduler* where) noexcept;

  cancellation_node* const node_;
  const wait_limit limit_;
  std::optional<coroutine_stop_wait> wait_;
};

}  // namespace detail

// `co_await` it where it is made; nothing happens before. If the source is cancelled already, it
// does not suspend.
//
// Returns: result<stop_reason>; errors: cancelled, timed_out.
// Cancel safety: a wait that ends otherwise has left no trace. The suspended coroutine may be
//   destroyed where nothing can resume it at the same time.
// Where it resumes: on the awaiting coroutine's scheduler, else inline on the thread that cancels,
//   between two callbacks of its request_stop.
// Memory ordering: what happens before the request happens before the return.
// Complexity: O(1), without allocation; with a deadline, that of the timers.
class [[nodiscard("co_await it")]] cancelled_op {
 public:
  cancelled_op(detail::cancellation_node* node, detail::wait_limit limit) noexcept
      : node_(node), limit_(limit) {}
  cancelled_op(cancelled_op&&) = delete;
  cancelled_op& operator=(cancelled_op&&) = delete;

  auto operator co_await() && noexcept { return detail::cancelled_awaiter(node_, limit_); }

 private:
  detail::cancellation_node* const node_;
  const detail::wait_limit limit_;
};

PAWL_END
