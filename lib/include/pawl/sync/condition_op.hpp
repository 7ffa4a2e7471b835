#pragma once
// The awaitable of condition_variable::wait.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/condition_wait.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/unlocked_guard.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/resume.hpp>

#include <coroutine>
#include <exception>
#include <utility>

PAWL_BEGIN

class condition_variable;

namespace detail {

// What a wait is for: a notification;
struct one_notification {
  static bool is_there_already() noexcept { return false; }
  static bool has_come() noexcept { return true; }
  static bool came(bool was_notified) noexcept { return was_notified; }
};

// or that pred() is true, which is called with the lock held.
template <class Predicate>
class becoming_true {
 public:
  explicit becoming_true(Predicate pred) : pred_(std::move(pred)) {}

  bool is_there_already() { return is_true_ = pred_(); }

  // Returns: whether it is, or throws: then came() does.
  bool has_come() noexcept {
    try {
      is_true_ = pred_();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    return is_true_ || thrown_ != nullptr;
  }

  [[nodiscard]] bool came(bool /*was_notified*/) const {
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
    return is_true_;
  }

 private:
  Predicate pred_;
  std::exception_ptr thrown_;
  bool is_true_ = false;
};

template <class Guard, class Event>
class condition_awaiter;

}  // namespace detail

// `co_await` it where it is made. Nothing happens before it is awaited: that is when the guard has
// to hold its lock. Returns, errors and all else: see condition_variable.
template <class Guard, class Event>
class [[nodiscard("co_await it")]] condition_op {
 public:
  condition_op(condition_op&&) = delete;
  condition_op& operator=(condition_op&&) = delete;

  // Throws: std::logic_error if the guard holds no lock; nothing has changed.
  auto operator co_await() && { return detail::condition_awaiter<Guard, Event>(*this); }

 private:
  friend condition_variable;
  friend detail::condition_awaiter<Guard, Event>;

  condition_op(detail::condition_queue& condition, Guard& guard, detail::acquire_terms terms,
               Event event)
      : condition_(condition), guard_(guard), terms_(terms), event_(std::move(event)) {}

  detail::condition_queue& condition_;
  Guard& guard_;
  const detail::acquire_terms terms_;
  Event event_;
};

namespace detail {

// Waits again and again until the event has come, without the coroutine: on its scheduler, what
// would resume it looks first.
template <class Guard, class Event>
class [[nodiscard]] condition_awaiter final : private work_item {
  using unlocked = unlocked_guard<Guard>;

 public:
  explicit condition_awaiter(condition_op<Guard, Event>& op)
      : work_item(&resumed),
        lock_(op.guard_),
        wait_(op.condition_, lock_.core(), unlocked::unit, op.terms_),
        event_(std::move(op.event_)),
        token_(op.terms_.token) {}
  condition_awaiter(const condition_awaiter&) = delete;
  condition_awaiter& operator=(const condition_awaiter&) = delete;

  // A stop that was requested before is as good as one that comes at once.
  bool await_ready() {
    if (event_.is_there_already()) return true;
    if (!token_.stop_requested()) return false;
    ended_ = verdict::cancelled;
    return true;
  }

  // Throws: lock_order_violation; it has not begun to wait.
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept(
      noexcept(std::declval<unlocked&>().admit(by))) {
    lock_.admit(by);
    by_ = by;
    where_ = scheduler_of(by);
    return waits();
  }

  result<void> await_resume() {
    if (event_.came(ended_ == verdict::granted)) return {};
    return tl::unexpected<error>(refusal(ended_, 0));
  }

 private:
  static void resumed(work_item& self) noexcept {
    auto& me = static_cast<condition_awaiter&>(self);
    if (me.is_over() || !me.waits()) resume(me.by_);
  }

  // Returns: false if the coroutine goes on; otherwise *this may be gone.
  bool waits() noexcept {
    do {
      lock_.begin();
      if (wait_.begin(by_, where_, *this)) return true;
    } while (!is_over());
    return false;
  }

  bool is_over() noexcept {
    ended_ = wait_.finish();
    if (!wait_.has_lock()) {
      lock_.lose();
      return true;
    }
    lock_.end();
    return event_.has_come() || ended_ != verdict::granted;
  }

  unlocked lock_;
  condition_wait<typename unlocked::store_type> wait_;
  Event event_;
  const stop_token token_;
  std::coroutine_handle<> by_;
  scheduler* where_ = nullptr;
  verdict ended_ = verdict::granted;
};

}  // namespace detail

PAWL_END
