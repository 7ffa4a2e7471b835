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
#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Permit>
class acquire_awaiter;

// What a call asks for besides a number of permits.
struct acquire_terms {
  enum class mode : std::uint8_t { plain, stoppable, timed };

  static constexpr count_t none_plain = ~count_t{0};  // no number of permits

  count_t count = 0;
  mode how = mode::plain;
  bool up_to = false;                      // takes what is there, at least one, instead of all
  stop_token token = {};                   // if stoppable
  steady_clock::time_point deadline = {};  // if timed
};

}  // namespace detail

// `co_await` it where it is made. Nothing happens before it is awaited: that is when the call takes
// its place. If the permits are free and nobody waits, it does not suspend and costs one
// read-modify-write; only a call that has to wait makes the rest of what it needs, in place.
//
// Returns: result<Permit>; errors: cancelled, timed_out, closed, poisoned, exceeds_limit.
// Complexity: taking a place and leaving it are O(1), whoever waits. What a turn of the queue costs
//   is the synchronizer's: see semaphore::release.
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
  acquire_op(acquire_op&&) = delete;
  acquire_op& operator=(acquire_op&&) = delete;

  auto operator co_await() && noexcept { return detail::acquire_awaiter<Permit>(*this); }

 private:
  friend class semaphore;
  friend struct detail::owned_acquire;
  friend class detail::acquire_awaiter<Permit>;
  using owner_type = typename Permit::owner_type;

  acquire_op(owner_type owner, count_t n) noexcept : owner_(std::move(owner)), plain_(n) {
    if (n > counting_word::max_permits) [[unlikely]] {
      plain_ = detail::acquire_terms::none_plain;
      std::construct_at(&terms_, detail::acquire_terms{.count = n});
    }
  }
  acquire_op(owner_type owner, detail::acquire_terms terms) noexcept
      : owner_(std::move(owner)), plain_(detail::acquire_terms::none_plain), terms_(terms) {}

  owner_type owner_;
  count_t plain_;  // how many, if that is all to say; otherwise none_plain
  union {
    detail::acquire_terms terms_;
  };
};

namespace detail {

// What an acquire_op becomes in the awaiting coroutine. Without waiting, two words are written and
// read once; what only a wait needs is made when the coroutine suspends.
template <class Permit>
class [[nodiscard]] acquire_awaiter {
 public:
  explicit acquire_awaiter(acquire_op<Permit>& op) noexcept
      : owner_(std::move(op.owner_)), plain_(op.plain_) {
    if (plain_ == acquire_terms::none_plain) [[unlikely]] {
      std::construct_at(&terms_, op.terms_);
      phase_ = phase::failed;
    }
  }
  acquire_awaiter(const acquire_awaiter&) = delete;
  acquire_awaiter& operator=(const acquire_awaiter&) = delete;
  ~acquire_awaiter() {
    if (plain_ == acquire_terms::none_plain) [[unlikely]] {
      abandon();
    }
  }

  bool await_ready() noexcept {
    return plain_ != acquire_terms::none_plain && owner_->core_.try_take_now(plain_);
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return take_or_suspend(by, scheduler_of(by));
  }

  // Written so that compilers follow both outcomes to the end, and need not ask again which it was.
  result<Permit> await_resume() noexcept {
    const unsigned exceptions = uncaught_exceptions();
    if (plain_ == acquire_terms::none_plain) [[unlikely]] {
      if (const error* const why = finish()) {
        plain_ = 0;
        return tl::unexpected<error>(*why);
      }
    }
    const held_permits held(plain_, exceptions);
    plain_ = 0;
    return Permit(std::move(owner_), held);
  }

 private:
  enum class phase : std::uint8_t { waiting, failed };

  // Returns: whether the coroutine stays suspended.
  [[gnu::cold, gnu::noinline]] bool take_or_suspend(std::coroutine_handle<> by,
                                                    scheduler* where) noexcept;
  // Returns: null if there was a grant, of plain_; otherwise what stays valid until destruction.
  [[gnu::cold, gnu::noinline]] const error* finish() noexcept;
  [[gnu::cold, gnu::noinline]] void abandon() noexcept;

  bool is_decided_at_once() noexcept;
  void fail(verdict v) noexcept;

  typename Permit::owner_type owner_;
  count_t plain_;  // wanted; once granted, given. none_plain: see the rest
  phase phase_;
  union {
    acquire_terms terms_;
  };
  union {
    coroutine_wait<counting_permits> wait_;  // in phase::waiting
    error failure_;                          // in phase::failed
  };
};

extern template class acquire_awaiter<permit>;
extern template class acquire_awaiter<owned_permit>;

}  // namespace detail

PAWL_END
