#pragma once
// A lock that many may share to read, and one has alone to write, and what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/protected_value.hpp>
#include <pawl/sync/shared_mutex_base.hpp>
#include <pawl/sync/shared_mutex_guard.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

PAWL_BEGIN

// A value that many calls at a time may look at, or one may change, through the guard that locking
// gives. shared_mutex<> is the lock alone.
//
// Three ways to lock (SHARED-EXCLUSION): lock() to write, alone; lock_shared() to read, beside
//   other readers, at most max_readers at a time; lock_upgrade() to read beside other readers, and
//   become the writer later without letting go: one at a time.
// Order, by the policy of the object. A call takes its place when it is awaited, and no newcomer
//   overtakes who waits.
//   fair: first come, first served (SHARED-FIFO). Readers that follow one another get in together.
//   writer_preferring: writers in their order, then those who read in theirs. Only after 16 waiting
//   writers were let in before the reader who waits longest, he is the next, alone; so one that has
//   p readers before him waits for at most (p + 1) * 16 writers (SHARED-BYPASS).
//   Either way a reader that waits again while he reads may wait for himself, if a writer waits.
// Four ways to wait for each: co_await · the same with a stop_token or a deadline · _blocking from
//   a plain thread · try_. Each gives a result of a guard; errors: cancelled, timed_out, poisoned;
//   of the tries would_block. A writer that leaves the queue lets in at once those behind him whom
//   only he held back.
// Poison: a write_guard that dies of an exception poisons the object, since the value may be half
//   changed, unless it was made with on_unwind::release. Then every lock fails, waiting ones
//   included, until somebody takes it over by clear_poison(). Readers never poison, nor does
//   cancelling a wait; but the exception by which .value() says so is one like any other.
// Not recursive: whoever locks again what he holds may wait for himself. Built with PAWL_DEBUG, the
//   library refuses as mutex does, where a guard that excludes what is wanted is as near: to write
//   or upgrade while one reads, to lock in any way while one writes, to be upgradable twice. To
//   read while one reads is not judged: it may succeed.
// Memory ordering: unlocking happens before the return of every later lock that it excludes
//   (SHARED-HB). A failed try, and a failure by poison, have acquired what they saw.
// Progress, allocation, and where a waiter resumes: as semaphore has it. One read-modify-write
//   locks and one unlocks where nobody waits.
template <class T = void>
class shared_mutex : public detail::shared_mutex_base, private detail::protected_value<T> {
  static_assert(std::is_object_v<T> || std::is_void_v<T>, "it protects an object, or nothing");

 public:
  using guard = write_guard<T>;
  using shared_guard = read_guard<T>;
  using upgrade_guard = upgradable_guard<T>;
  using owned_guard = owned_write_guard<T>;
  using owned_shared_guard = owned_read_guard<T>;
  using owned_upgrade_guard = owned_upgradable_guard<T>;
  using options = shared_mutex_options;

  // Makes the value from nothing, from another one, or in place from `args`.
  // Throws: std::invalid_argument if max_readers is 0, or more than 4194303.
  constexpr explicit shared_mutex(options o = {})
    requires(std::is_void_v<T> || std::is_default_constructible_v<T>)
      : shared_mutex_base(o) {}
  template <class U = T>
    requires(std::is_constructible_v<T, U> && !std::same_as<std::remove_cvref_t<U>, shared_mutex> &&
             !std::same_as<std::remove_cvref_t<U>, options>)
  constexpr explicit shared_mutex(U&& value, options o = {})
      : shared_mutex_base(o), detail::protected_value<T>(std::forward<U>(value)) {}
  template <class... Args>
    requires std::is_constructible_v<T, Args...>
  constexpr explicit shared_mutex(std::in_place_t, Args&&... args)
      : shared_mutex(options(), std::in_place, std::forward<Args>(args)...) {}
  template <class... Args>
    requires std::is_constructible_v<T, Args...>
  constexpr shared_mutex(options o, std::in_place_t, Args&&... args)
      : shared_mutex_base(o), detail::protected_value<T>(std::forward<Args>(args)...) {}

  // Precondition: it is not locked, nobody waits, no call is in progress, except unlocking whose
  //   lock was granted to somebody else already: whoever locks it last, alone, may destroy it.
  ~shared_mutex() = default;

  // ---- to write ---------------------------------------------------------------------------------

  // Effects: waits in turn for the lock. See acquire_op.
  acquire_op<guard> lock() noexcept { return start<guard>(); }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before the call, nothing is locked.
  acquire_op<guard> lock(stop_token token) noexcept { return start<guard>(token); }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, what
  //   is free is locked nevertheless.
  acquire_op<guard> lock_until(steady_clock::time_point deadline) noexcept {
    return start<guard>(deadline);
  }
  acquire_op<guard> lock_for(steady_clock::duration timeout) noexcept {
    return lock_until(detail::deadline_after(timeout));
  }

  // Effects: as the lock of the same arguments, but blocks the calling thread, which must not be
  //   one that a holder needs. Runs on it what the call resumes inline, before it blocks.
  // Throws: the first, built with PAWL_DEBUG, std::logic_error if it would wait for its own thread,
  //   or would wait on a thread that a scheduler runs tasks on; nothing has changed.
  [[nodiscard]] result<guard> lock_blocking() { return block<guard>(); }
  [[nodiscard]] result<guard> lock_blocking(stop_token token) { return block<guard>(token); }
  [[nodiscard]] result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return block<guard>(deadline);
  }
  [[nodiscard]] result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return lock_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: locks if nobody has the lock, in any way, or waits for it.
  // Returns: the guard; would_block, poisoned. A call of another thread that is joining or leaving
  //   the queue counts as waiting.
  [[nodiscard]] result<guard> try_lock() noexcept { return attempt<guard>(); }

  // Effects: as try_lock, but locks what is poisoned, too, and ends the poison: the guard is for
  //   the repair of the value, before anybody else sees it. Whoever waits then and was not refused
  //   yet waits on. Discarding the result just ends the poison.
  // Returns: the guard; would_block, and nothing has changed.
  result<guard> clear_poison() noexcept { return own<guard>(try_recover()); }

  // ---- to read ----------------------------------------------------------------------------------

  // Effects: as the functions of the same name without `shared`, beside other readers.
  acquire_op<shared_guard> lock_shared() noexcept { return start<shared_guard>(); }
  acquire_op<shared_guard> lock_shared(stop_token token) noexcept {
    return start<shared_guard>(token);
  }
  acquire_op<shared_guard> lock_shared_until(steady_clock::time_point deadline) noexcept {
    return start<shared_guard>(deadline);
  }
  acquire_op<shared_guard> lock_shared_for(steady_clock::duration timeout) noexcept {
    return lock_shared_until(detail::deadline_after(timeout));
  }
  [[nodiscard]] result<shared_guard> lock_shared_blocking() { return block<shared_guard>(); }
  [[nodiscard]] result<shared_guard> lock_shared_blocking(stop_token token) {
    return block<shared_guard>(token);
  }
  [[nodiscard]] result<shared_guard> lock_shared_blocking_until(steady_clock::time_point deadline) {
    return block<shared_guard>(deadline);
  }
  [[nodiscard]] result<shared_guard> lock_shared_blocking_for(steady_clock::duration timeout) {
    return lock_shared_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: locks if there is no writer, room for another reader, and nobody waits.
  // Returns: the guard; would_block, poisoned.
  [[nodiscard]] result<shared_guard> try_lock_shared() noexcept { return attempt<shared_guard>(); }

  // ---- to read, and write later -----------------------------------------------------------------

  // Effects: as lock_shared, for one at a time: upgradable_guard has the rest.
  acquire_op<upgrade_guard> lock_upgrade() noexcept { return start<upgrade_guard>(); }
  acquire_op<upgrade_guard> lock_upgrade(stop_token token) noexcept {
    return start<upgrade_guard>(token);
  }
  acquire_op<upgrade_guard> lock_upgrade_until(steady_clock::time_point deadline) noexcept {
    return start<upgrade_guard>(deadline);
  }
  acquire_op<upgrade_guard> lock_upgrade_for(steady_clock::duration timeout) noexcept {
    return lock_upgrade_until(detail::deadline_after(timeout));
  }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking() { return block<upgrade_guard>(); }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking(stop_token token) {
    return block<upgrade_guard>(token);
  }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking_until(
      steady_clock::time_point deadline) {
    return block<upgrade_guard>(deadline);
  }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking_for(steady_clock::duration timeout) {
    return lock_upgrade_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: locks if there is no writer, no other upgradable_guard, room for another reader, and
  //   nobody waits.
  // Returns: the guard; would_block, poisoned.
  [[nodiscard]] result<upgrade_guard> try_lock_upgrade() noexcept {
    return attempt<upgrade_guard>();
  }

  // ---- without locking --------------------------------------------------------------------------

  // Returns: the value. Precondition: no other call is in progress, nor begins before the last
  //   access through the result.
  // Throws: std::logic_error if it is locked.
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
  template <class Owner, class U, class Kind>
  friend class detail::basic_shared_mutex_guard;

  using mode = detail::acquire_terms::mode;

  void require_unguarded() {
    if (is_locked()) detail::throw_shared_mutex_locked("unguarded");
    note_access(detail::exclusive_access());
  }

  template <class Guard>
  acquire_op<Guard> start() noexcept {
    return {this, Guard::unit};
  }
  template <class Guard>
  acquire_op<Guard> start(stop_token token) noexcept {
    return {this, {.count = Guard::unit, .how = mode::stoppable, .token = token}};
  }
  template <class Guard>
  acquire_op<Guard> start(steady_clock::time_point deadline) noexcept {
    return {this, {.count = Guard::unit, .how = mode::timed, .deadline = deadline}};
  }

  template <class Guard>
  [[nodiscard]] result<Guard> block() {
    if (try_lock_now(Guard::unit)) [[likely]]
      return granted<Guard>();
    return own<Guard>(lock_slowly(Guard::unit));
  }
  template <class Guard>
  [[nodiscard]] result<Guard> block(stop_token token) {
    return own<Guard>(lock_slowly(Guard::unit, token));
  }
  template <class Guard>
  [[nodiscard]] result<Guard> block(steady_clock::time_point deadline) {
    return own<Guard>(lock_slowly_until(Guard::unit, deadline));
  }

  template <class Guard>
  [[nodiscard]] result<Guard> attempt() noexcept {
    if (try_lock_now(Guard::unit)) [[likely]]
      return granted<Guard>();
    return own<Guard>(try_lock_slowly(Guard::unit));
  }

  template <class Guard>
  Guard granted() noexcept {
    return Guard(this, detail::held_permits(Guard::unit, detail::exceptions_for<Guard>()));
  }
  template <class Guard>
  result<Guard> own(verdict v) noexcept {
    if (v == verdict::granted) return granted<Guard>();
    if (v == verdict::pending) return failure(errc::would_block);
    return tl::unexpected<error>(detail::refusal(v, 1));
  }
};

shared_mutex() -> shared_mutex<>;
shared_mutex(shared_mutex_options) -> shared_mutex<>;
template <class T>
shared_mutex(T) -> shared_mutex<T>;
template <class T>
shared_mutex(T, shared_mutex_options) -> shared_mutex<T>;

PAWL_END
