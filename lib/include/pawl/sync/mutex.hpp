#pragma once
// A fair, asynchronous mutex, and what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/mutex_base.hpp>
#include <pawl/sync/mutex_guard.hpp>
#include <pawl/sync/owned_acquire.hpp>
#include <pawl/sync/protected_value.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

// A value that one call at a time has access to, through the guard that locking gives. mutex<> is
// the lock alone.
//
// Order: strictly first come, first served (MUTEX-FIFO). A call takes its place when it is awaited;
//   unlocking hands over to the first in the queue, so that nobody overtakes him.
// Four ways to wait: co_await lock() · the same with a stop_token or a deadline · lock_blocking()
//   from a plain thread · try_lock(). Each gives result<mutex_guard<T>>; errors: cancelled,
//   timed_out, poisoned; of try_lock would_block.
// Poison: a guard that dies of an exception poisons the mutex, since the value may be half changed,
//   unless it was made with on_unwind::release. Then every lock fails, waiting ones included, until
//   somebody takes it over by clear_poison(). Cancelling a wait never poisons; but the exception by
//   which .value() says so, of a task that obeys a stop, is one like any other.
// Not recursive: whoever locks again what he holds waits for himself. Built with PAWL_DEBUG, the
//   library refuses where that is certain. Without a limit, these throw std::logic_error, and
//   nothing has changed: lock_blocking(), while a guard on the stack of the calling thread has the
//   lock; and awaiting lock(), while a guard in the frame of the awaiting task, or of one that
//   awaits it, has it.
// Memory ordering: unlocking happens before the return of the next lock (MUTEX-HB), whichever way.
//   A failed try_lock, and a failure by poison, have acquired what they saw.
// Progress, allocation, and where a waiter resumes: as semaphore has it. One read-modify-write
//   locks and one unlocks where nobody waits.
template <class T = void>
class mutex : public detail::mutex_base, private detail::protected_value<T> {
  static_assert(std::is_object_v<T> || std::is_void_v<T>, "it protects an object, or nothing");
  using mode = detail::acquire_terms::mode;

 public:
  using guard = mutex_guard<T>;
  using owned_guard = owned_mutex_guard<T>;

  // Makes the value from nothing, from another one, or in place from `args`.
  constexpr explicit mutex(on_unwind policy = on_unwind::poison)
    requires(std::is_void_v<T> || std::is_default_constructible_v<T>)
      : mutex_base(policy) {}
  template <class U = T>
    requires(std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, mutex>)
  constexpr explicit mutex(U&& value, on_unwind policy = on_unwind::poison)
      : mutex_base(policy), detail::protected_value<T>(std::forward<U>(value)) {}
  template <class... Args>
    requires std::is_constructible_v<T, Args...>
  constexpr explicit mutex(std::in_place_t, Args&&... args)
      : mutex(on_unwind::poison, std::in_place, std::forward<Args>(args)...) {}
  template <class... Args>
    requires std::is_constructible_v<T, Args...>
  constexpr mutex(on_unwind policy, std::in_place_t, Args&&... args)
      : mutex_base(policy), detail::protected_value<T>(std::forward<Args>(args)...) {}

  // Precondition: it is not locked, nobody waits, no call is in progress, except unlocking whose
  //   lock was granted to somebody else already: whoever locks last may destroy the mutex.
  ~mutex() = default;

  // Effects: waits in turn for the lock. See acquire_op.
  acquire_op<guard> lock() noexcept { return {this, 1}; }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before the call, nothing is locked.
  acquire_op<guard> lock(stop_token token) noexcept {
    return {this, {.count = 1, .how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, a
  //   mutex that is free is locked nevertheless.
  acquire_op<guard> lock_until(steady_clock::time_point deadline) noexcept {
    return {this, {.count = 1, .how = mode::timed, .deadline = deadline}};
  }
  acquire_op<guard> lock_for(steady_clock::duration timeout) noexcept {
    return lock_until(detail::deadline_after(timeout));
  }

  // Effects: as the lock of the same arguments, but blocks the calling thread, which must not be
  //   one that the holder needs. Runs on it what the call resumes inline, before it blocks.
  // Throws: the first, built with PAWL_DEBUG, std::logic_error if it would wait for its own thread,
  //   or would wait on a thread that a scheduler runs tasks on; nothing has changed.
  [[nodiscard]] result<guard> lock_blocking() {
    if (try_lock_now()) [[likely]]
      return granted();
    return own(lock_slowly());
  }
  result<guard> lock_blocking(stop_token token) { return own(lock_slowly(token)); }
  [[nodiscard]] result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return own(lock_slowly_until(deadline));
  }
  [[nodiscard]] result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return lock_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: locks if nobody has the lock or waits for it.
  // Returns: the guard; would_block, poisoned. A call of another thread that is joining or leaving
  //   the queue counts as waiting.
  [[nodiscard]] result<guard> try_lock() noexcept {
    if (try_lock_now()) [[likely]]
      return granted();
    return own(try_lock_slowly());
  }

  // Effects: as try_lock, but locks a poisoned mutex, too, and ends the poison: the guard is for
  //   the repair of the value, before anybody else sees it. Whoever waits then and was not refused
  //   yet waits on. Discarding the result just ends the poison.
  // Returns: the guard; would_block, and nothing has changed.
  result<guard> clear_poison() noexcept { return own(try_recover()); }

  // Returns: the value, without locking. Precondition: no other call is in progress, nor begins
  //   before the last access through the result.
  // Throws: std::logic_error if the mutex is locked.
  template <class U = T>
    requires std::is_object_v<U>
  U& unguarded() & {
    require_unguarded();
    return this->value_;
  }
  template <class U = T>
    requires std::is_object_v<U>
  U&& unguarded() && {
    require_unguarded();
    return std::move(this->value_);
  }

 private:
  template <class Owner, class U>
  friend class detail::basic_mutex_guard;

  void require_unguarded() {
    if (is_locked()) detail::throw_locked("unguarded");
    note_access(detail::exclusive_access());
  }

  guard granted() noexcept {
    return guard(this, detail::held_permits(1, detail::uncaught_exceptions()));
  }

  result<guard> own(verdict v) noexcept {
    if (v == verdict::granted) return granted();
    if (v == verdict::pending) return failure(errc::would_block);
    return tl::unexpected<error>(detail::refusal(v, 1));
  }
};

mutex() -> mutex<>;
mutex(on_unwind) -> mutex<>;
template <class T>
mutex(T) -> mutex<T>;
template <class T>
mutex(T, on_unwind) -> mutex<T>;

PAWL_END
