#pragma once
// The awaitable of semaphore::acquire and its relatives.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/permit.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <cstdint>
#include <utility>

PAWL_BEGIN

// `co_await` it where it is made. Nothing happens before it is awaited: that is when the call takes
// its place. If the permits are free and nobody waits, it does not suspend and costs one
// read-modify-write; only a call that has to wait makes the rest of what it needs, in place.
//
// Returns: result<Permit>; errors: cancelled, timed_out, closed, poisoned, exceeds_limit.
// Where it resumes: on the awaiting coroutine's scheduler, else inline on the thread that settles
//   the wait, after all state was released.
// Cancel safety: a wait that ends without a grant has left no trace; a grant that races with the
//   end is delivered (SEM-CANCEL). The suspended coroutine may be destroyed where nothing can
//   resume it at the same time; what it was granted is given back.
// Memory ordering: what happens before the releases of the permits happens before the return
//   (SEM-HB); what happens before close and poison happens before the failure.
template <class Permit>
class [[nodiscard("co_await it")]] acquire_op {
 public:
  class [[nodiscard]] awaiter {
   public:
    explicit awaiter(acquire_op& op) noexcept : op_(op) {}
    awaiter(const awaiter&) = delete;
    awaiter& operator=(const awaiter&) = delete;

    bool await_ready() noexcept { return op_.take_at_once(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
      return op_.suspend(by, scheduler_of(by));
    }
    result<Permit> await_resume() noexcept { return op_.finish(); }

   private:
    acquire_op& op_;
  };

  acquire_op(acquire_op&&) = delete;
  acquire_op& operator=(acquire_op&&) = delete;
  ~acquire_op() {
    if (phase_ == phase::waiting) [[unlikely]]
      abandon();
  }

  auto operator co_await() && noexcept { return awaiter(*this); }

 private:
  friend class semaphore;
  friend struct detail::owned_acquire;
  using owner_type = typename Permit::owner_type;
  using wait_type = detail::coroutine_wait<counting_permits>;

  enum class mode : std::uint8_t { plain, up_to, stoppable, timed };
  enum class phase : std::uint8_t { granted, waiting, failed };

  acquire_op(owner_type owner, count_t n) noexcept : owner_(std::move(owner)), count_(n) {}
  acquire_op(owner_type owner, count_t n, mode m) noexcept : acquire_op(std::move(owner), n) {
    mode_ = m;
  }
  acquire_op(owner_type owner, count_t n, stop_token token) noexcept
      : acquire_op(std::move(owner), n, mode::stoppable) {
    token_ = token;
  }
  acquire_op(owner_type owner, count_t n, steady_clock::time_point deadline) noexcept
      : acquire_op(std::move(owner), n, mode::timed) {
    deadline_ = deadline;
  }

  bool take_at_once() noexcept {
    const bool taken = mode_ == mode::plain && owner_->core_.try_take_now(count_);
    if (taken) [[likely]]
      return true;
    return prepare();
  }

  result<Permit> finish() noexcept {
    if (phase_ == phase::granted) [[likely]]
      return Permit(std::move(owner_), count_);
    return finish_slowly();
  }

  // Returns: whether the call is decided without waiting.
  [[gnu::cold, gnu::noinline]] bool prepare() noexcept;
  [[gnu::cold, gnu::noinline]] bool suspend(std::coroutine_handle<> by, scheduler* where) noexcept;
  [[gnu::cold, gnu::noinline]] result<Permit> finish_slowly() noexcept;
  [[gnu::cold, gnu::noinline]] void abandon() noexcept;
  bool fail(verdict v) noexcept;

  owner_type owner_;
  count_t count_;  // wanted; once granted, given
  phase phase_ = phase::granted;
  mode mode_ = mode::plain;
  verdict failure_;  // in phase::failed
  union {
    stop_token token_;                   // in mode::stoppable
    steady_clock::time_point deadline_;  // in mode::timed
  };
  union {
    wait_type wait_;  // in phase::waiting
  };
};

extern template class acquire_op<permit>;
extern template class acquire_op<owned_permit>;

PAWL_END
