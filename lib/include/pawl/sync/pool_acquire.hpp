#pragma once
// The awaitable of pool::acquire, if the pool's functions are no coroutines.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/permit.hpp>
#include <pawl/task/context.hpp>

#include <coroutine>
#include <optional>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Pool>
class pool_acquire_awaiter;

}  // namespace detail

// `co_await` it where it is made; nothing happens before. It suspends only if it has to wait.
//
// Returns, cancel safety, where it resumes: as acquire_op; and what factory and check, which run in
//   the resumed coroutine, return and throw. Nothing allocates but they.
template <class Pool>
class [[nodiscard("co_await it")]] pool_acquire_op {
 public:
  pool_acquire_op(pool_acquire_op&&) = delete;
  pool_acquire_op& operator=(pool_acquire_op&&) = delete;

  auto operator co_await() && noexcept { return detail::pool_acquire_awaiter<Pool>(*this); }

 private:
  friend Pool;
  friend class detail::pool_acquire_awaiter<Pool>;

  explicit pool_acquire_op(Pool& pool) noexcept : pool_(pool) {}
  pool_acquire_op(Pool& pool, const detail::acquire_terms& terms) noexcept
      : pool_(pool), terms_(terms) {}

  Pool& pool_;
  detail::acquire_terms terms_;
};

namespace detail {

// What a pool_acquire_op becomes in the awaiting coroutine.
template <class Pool>
class [[nodiscard]] pool_acquire_awaiter {
 public:
  explicit pool_acquire_awaiter(pool_acquire_op<Pool>& op) noexcept : op_(op) {}
  pool_acquire_awaiter(const pool_acquire_awaiter&) = delete;
  pool_acquire_awaiter& operator=(const pool_acquire_awaiter&) = delete;

  bool await_ready() noexcept {
    return !op_.terms_.token.stop_requested() && op_.pool_.try_take_permit();
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    begin_wait();
    return wait_->awaiter.await_suspend(by);
  }

  typename Pool::outcome await_resume() {
    if (wait_) [[unlikely]]
      return op_.pool_.own(end_wait());
    return op_.pool_.with_permit();
  }

 private:
  [[gnu::cold, gnu::noinline]] void begin_wait() noexcept {
    if (op_.terms_.how == acquire_terms::mode::plain) {
      op_.terms_ = Pool::terms_for(op_.pool_.config().acquire_timeout);
    }
    meter_.emplace(op_.pool_);
    wait_.emplace(op_);
  }
  [[gnu::cold, gnu::noinline]] result<permit> end_wait() noexcept {
    auto granted = wait_->awaiter.await_resume();
    if (granted) meter_->succeeded();
    meter_.reset();
    return granted;
  }

  struct wait_for_permit {
    explicit wait_for_permit(pool_acquire_op<Pool>& op) noexcept
        : acquire(op.pool_.queue_up(op.terms_)), awaiter(acquire) {}

    acquire_op<permit> acquire;
    acquire_awaiter<permit> awaiter;
  };

  pool_acquire_op<Pool>& op_;
  std::optional<typename Pool::waiting> meter_;
  std::optional<wait_for_permit> wait_;
};

}  // namespace detail

PAWL_END
