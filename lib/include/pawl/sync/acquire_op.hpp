#pragma once
// The awaitable of semaphore::acquire, mutex::lock and their relatives.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/known_frame.hpp>

#include <coroutine>
#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Grant>
class acquire_awaiter;

template <class Grant>
struct owned_acquire;

// What a call gives that was granted something: an owner of it, which is the usual case.
template <class Grant>
struct granting {
  using outcome = result<Grant>;
  static outcome make(typename Grant::owner_type owner, held_permits held) noexcept {
    return Grant(std::move(owner), held);
  }
};

}  // namespace detail

// `co_await` it where it is made. Nothing happens before it is awaited: that is when the call takes
// its place. If the permits are free and nobody waits, it does not suspend and costs one
// read-modify-write; only a call that has to wait makes the rest of what it needs, in place.
//
// Returns: result<Grant>; errors: cancelled, timed_out, closed, poisoned, exceeds_limit.
// Complexity: taking a place and leaving it are O(1), whoever waits. What a turn of the queue costs
//   is the synchronizer's: see semaphore::release.
// Where it resumes: on the awaiting coroutine's scheduler, else inline on the thread that settles
//   the wait, after all state was released.
// Cancel safety: a wait that ends without a grant has left no trace; a grant that races with the
//   end is delivered (SEM-CANCEL). The suspended coroutine may be destroyed where nothing can
//   resume it at the same time; what it was granted is given back.
// Memory ordering: what happens before the releases of the permits happens before the return
//   (SEM-HB); what happens before close and poison happens before the failure.
template <class Grant>
class [[nodiscard("co_await it")]] acquire_op {
 public:
  acquire_op(acquire_op&&) = delete;
  acquire_op& operator=(acquire_op&&) = delete;

  auto operator co_await() && noexcept { return detail::acquire_awaiter<Grant>(*this); }

 private:
  using owner_type = typename Grant::owner_type;
  using primitive = typename std::pointer_traits<owner_type>::element_type;

  friend primitive;
  friend detail::owned_acquire<Grant>;
  friend class detail::acquire_awaiter<Grant>;

  acquire_op(owner_type owner, count_t n) noexcept : owner_(std::move(owner)), plain_(n) {
    if (n > Grant::store_type::word::max_permits) [[unlikely]] {
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

// What an acquire_op becomes in the awaiting coroutine, which keeps the operation as long. What an
// uncontended call executes is always inlined: where a file has several, compilers would rather
// not, and then look up at run time what is constant in each.
template <class Grant>
class [[nodiscard]] acquire_awaiter {
 public:
  explicit acquire_awaiter(acquire_op<Grant>& op) noexcept
      : owner_(std::move(op.owner_)), acquisition_(op.plain_, op.terms_) {}

  [[gnu::always_inline]] bool await_ready() noexcept {
    return acquisition_.try_take_now(owner_->core_);
  }

  // Throws: std::logic_error, built with PAWL_DEBUG, if it is a lock, and the coroutine waited for
  //   itself.
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept(!is_told) {
    if constexpr (is_told) {
      const auto& lock = *std::to_address(owner_);
      const bool has_no_limit = !acquisition_.is_unfinished();
      if (has_no_limit && !lock.is_poisoned()) {
        lock.wanted(acquisition_.given()).refuse_task(known_frame_of(by));
      }
    }
    return acquisition_.take_or_suspend(owner_->core_, by, scheduler_of(by));
  }

  // Returns: whether it was granted without a place in the queue. Precondition: it goes on, and has
  //   not been resumed.
  [[nodiscard]] bool is_granted_at_once() const noexcept { return !acquisition_.is_unfinished(); }

  // Written so that compilers follow both outcomes to the end, and need not ask again which it was.
  [[gnu::always_inline]] typename granting<Grant>::outcome await_resume() noexcept {
    const unsigned exceptions = exceptions_for<Grant>();
    if (acquisition_.is_unfinished()) [[unlikely]] {
      if (const verdict v = acquisition_.finish(); v != verdict::granted) {
        const error why = refusal(v, acquisition_.given());
        acquisition_.close();
        return tl::unexpected<error>(why);
      }
    }
    const held_permits held(acquisition_.given(), exceptions);
    acquisition_.close();
    return granting<Grant>::make(std::move(owner_), held);
  }

 private:
  static constexpr bool is_told =
      known_frame::is_known &&
      owns_lock<decltype(std::to_address(std::declval<const typename Grant::owner_type&>()))>;

  typename Grant::owner_type owner_;
  acquisition<typename Grant::store_type> acquisition_;
};

}  // namespace detail

PAWL_END
