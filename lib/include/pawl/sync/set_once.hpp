#pragma once
// A value that is set once, and can be waited for.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/notifications.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
class set_once;

// A value that was not taken, and why: `closed`, there is one already; of once_cell also what a
// wait fails with, and of a try would_block.
template <class T>
struct refused_value {
  error why;
  T value;
};

namespace detail {

// In the place of a permit or guard: the wait gives the value.
template <class T>
struct set_value {
  using owner_type = set_once<T>*;
  using store_type = notifications;
  struct access {
    static constexpr bool poisons = false;
  };
};

template <class T>
struct granting<set_value<T>> {
  using outcome = result<T*>;
  static outcome make(set_once<T>* owner, held_permits) noexcept { return owner->get(); }
};

}  // namespace detail

// Empty, and then a T for good. Who waits for it is a suspended coroutine or a blocked thread.
//
// Set once: of concurrent calls of set and emplace one succeeds (ONCE-SET). It constructs the value
//   before anybody can see it; the others are refused, maybe before it is there.
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · get(). Each gives result<T*>, but for get(), which gives null if there is
//   none; errors: cancelled, timed_out. Setting ends all waits.
// Cancel safety: a wait that ends without the value has left no trace.
// Memory ordering: setting happens before the return of a wait or a get() that gives the value
//   (ONCE-HB). Changes after that are the caller's to order.
// Complexity: get(), and a wait when the value is there, are one load, or two with an exchange.
//   Setting resumes who waits, in order, as semaphore::release; waiting allocates nothing.
template <class T>
class set_once {
  static_assert(std::is_object_v<T>, "it holds an object");
  using mode = detail::acquire_terms::mode;
  using word = notification_word;

 public:
  constexpr set_once() noexcept : core_(0) {}

  // Effects: is born with the value.
  explicit set_once(T value) : core_(0, word::after_broadcast), is_claimed_(true) {
    std::construct_at(&value_, std::move(value));
  }
  set_once(const set_once&) = delete;
  set_once& operator=(const set_once&) = delete;

  // Precondition: nobody waits, no call is in progress, except setting that has ended the wait of
  //   somebody: whoever is told last may destroy it.
  ~set_once() {
    if (is_set()) std::destroy_at(&value_);
  }

  // Effects: sets the value, if nobody else does or did. If its move constructor throws, it is as
  //   it was.
  // Returns: where the value is, valid until destruction or take(); or `value` again: closed.
  tl::expected<T*, refused_value<T>> set(T value) {
    if (T* const here = emplace(std::move(value))) return here;
    return tl::unexpected(refused_value<T>{{errc::closed}, std::move(value)});
  }

  // Effects: as set, with a value made in place.
  // Returns: where it is; null if refused: then nothing was made of the arguments.
  template <class... Args>
    requires std::is_constructible_v<T, Args...>
  T* emplace(Args&&... args) {
    // [set.1] acquire: what is left of an attempt that threw happens before the next; pairs with
    // [set.2].
    if (is_claimed_.exchange(true, memory_order_acquire) && !fault::set_twice) return nullptr;
    claim mine{this};
    if (fault::told_before_made) core_.put(word::to_all);
    T* const here = std::construct_at(&value_, std::forward<Args>(args)...);
    mine.of = nullptr;
    core_.put(fault::set_silently ? word::by_broadcast : word::to_all);
    return here;
  }

  // Returns: where the value is, null if there is none.
  [[nodiscard]] T* get() noexcept { return is_set() ? &value_ : nullptr; }
  [[nodiscard]] const T* get() const noexcept { return is_set() ? &value_ : nullptr; }
  [[nodiscard]] bool is_set() const noexcept { return core_.look().is_over(unset); }
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(word::queued); }

  // Effects: waits for the value. See acquire_op.
  acquire_op<detail::set_value<T>> wait() noexcept { return {this, unset}; }

  // Effects: as above; a stop request ends the wait with `cancelled`, also if it came before.
  acquire_op<detail::set_value<T>> wait(stop_token token) noexcept {
    return {this, {.count = unset, .how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, a
  //   value that is there is given nevertheless.
  acquire_op<detail::set_value<T>> wait_until(steady_clock::time_point deadline) noexcept {
    return {this, {.count = unset, .how = mode::timed, .deadline = deadline}};
  }
  acquire_op<detail::set_value<T>> wait_for(steady_clock::duration timeout) noexcept {
    return wait_until(detail::deadline_after(timeout));
  }

  // Effects: as the wait of the same arguments, but blocks the calling thread, which must not be
  //   one that the setter needs. Runs on it what the call resumes inline, before it blocks.
  result<T*> wait_blocking() noexcept {
    count_t asked_by = unset;
    return given(detail::take_blocking(core_, asked_by, false));
  }
  result<T*> wait_blocking(stop_token token) noexcept {
    count_t asked_by = unset;
    return given(detail::take_blocking(core_, asked_by, false, token));
  }
  result<T*> wait_blocking_until(steady_clock::time_point deadline) noexcept {
    count_t asked_by = unset;
    return given(detail::take_blocking_until(core_, asked_by, false, deadline));
  }
  result<T*> wait_blocking_for(steady_clock::duration timeout) noexcept {
    return wait_blocking_until(detail::deadline_after(timeout));
  }

  // Returns: the value, moved out of what is about to be destroyed; nothing if there is none.
  //   Precondition: no other call is in progress or begins.
  std::optional<T> take() && {
    if (!is_set()) return std::nullopt;
    return std::move(value_);
  }

 private:
  template <class Grant>
  friend class detail::acquire_awaiter;

  // Waits ask by the generation before the one broadcast that there is.
  static constexpr count_t unset = 0;

  struct nothing {};

  // Given back, if the value can't be made.
  struct claim {
    set_once* of;
    ~claim() {
      // [set.2] release: pairs with [set.1].
      if (of != nullptr) of->is_claimed_.store(false, memory_order_release);
    }
  };

  result<T*> given(verdict v) noexcept {
    if (v == verdict::granted) return &value_;
    return tl::unexpected<error>(detail::refusal(v, 0));
  }

  synchronizer<notifications> core_;
  atomic<bool> is_claimed_{false};
  union {
    nothing none_{};  // so that it is constant initialized
    T value_;
  };
};

PAWL_END
