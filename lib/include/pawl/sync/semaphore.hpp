#pragma once
// A weighted, fair, asynchronous semaphore.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/permit.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

// Permits, and a FIFO queue of calls that want some of them: either permits are free, or somebody
// waits whose request does not fit yet.
//
// Order: strictly first come, first served (SEM-FIFO). A call takes its place when it is awaited;
//   while anybody waits, newcomers wait behind him, those for 0 permits too, even if permits would
//   suffice.
// Four ways to wait, each for n permits, weight 0 included: co_await acquire(n) · the same with a
//   stop_token or a deadline · acquire_blocking(n) from a plain thread · try_acquire(n). The same
//   four take up to n permits: acquire_up_to(n).
//   Asking for more than max_permits fails at once with exceeds_limit{n, max_permits}; so does no
//   sum, however: a request above what the semaphore was made with waits for release().
// End: poison() and close() are for ever. Either makes acquires fail, waiting ones included; a
//   grant made before stands. After close(), permits may still be returned and are counted; after
//   poison(), which overrides close(), releases have no effect.
// Memory ordering: the release of permits happens before the return of the acquire that takes them
//   (SEM-HB), whichever way. A failed try_ has acquired what it saw.
// Progress: release, try_acquire, poison, close and the end of a wait never block, nor wait for a
//   stopped thread. One read-modify-write takes and one releases where nobody waits. Nothing
//   allocates.
// Where a waiter resumes: on its coroutine's scheduler, else inline on the thread whose call
//   settled the wait, at the end of that call, when everything is in a consistent state; it may do
//   anything there, destroying the semaphore included.
class semaphore {
  using mode = detail::acquire_terms::mode;

 public:
  static constexpr count_t max_permits = counting_word::max_permits;

  // More than max_permits: born poisoned.
  constexpr explicit semaphore(count_t permits, on_unwind policy = on_unwind::poison) noexcept
      : core_(permits <= max_permits ? permits : 0, initial_flags(permits, policy)) {}

  // Precondition: nobody waits, no call is in progress, except calls of release whose permits were
  //   acquired already: the last owner of a permit may destroy the semaphore.
  ~semaphore() = default;
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  // Effects: waits in turn for n permits. See acquire_op.
  acquire_op<permit> acquire(count_t n = 1) noexcept { return {this, n}; }

  // Effects: as above; a stop request ends the wait with `cancelled`. If the stop was requested
  //   before the call, nothing is taken.
  acquire_op<permit> acquire(count_t n, stop_token token) noexcept {
    return {this, {.count = n, .how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before,
  //   permits that are free are taken nevertheless.
  acquire_op<permit> acquire_until(count_t n, steady_clock::time_point deadline) noexcept {
    return {this, {.count = n, .how = mode::timed, .deadline = deadline}};
  }
  acquire_op<permit> acquire_for(count_t n, steady_clock::duration timeout) noexcept {
    return acquire_until(n, detail::deadline_after(timeout));
  }

  // Effects: waits in turn until a permit is there, and takes at most n of what is there then, so
  //   that no n exceeds the limit; with 0, waits for the turn alone. Stop request and deadline end
  //   the wait as those of acquire.
  acquire_op<permit> acquire_up_to(count_t n) noexcept {
    return {this, {.count = n, .up_to = true}};
  }
  acquire_op<permit> acquire_up_to(count_t n, stop_token token) noexcept {
    return {this, {.count = n, .how = mode::stoppable, .up_to = true, .token = token}};
  }
  acquire_op<permit> acquire_up_to_until(count_t n, steady_clock::time_point deadline) noexcept {
    return {this, {.count = n, .how = mode::timed, .up_to = true, .deadline = deadline}};
  }
  acquire_op<permit> acquire_up_to_for(count_t n, steady_clock::duration timeout) noexcept {
    return acquire_up_to_until(n, detail::deadline_after(timeout));
  }

  // Effects: as the acquire of the same arguments, but blocks the calling thread, which must not be
  //   one that the release needs. Runs on it what the call resumes inline, before it blocks.
  // Throws: those without an end, built with PAWL_DEBUG, std::logic_error if they would wait on a
  //   thread that a scheduler runs tasks on; nothing has changed.
  [[nodiscard]] result<permit> acquire_blocking(count_t n = 1) {
    if (core_.try_take_now(n)) [[likely]]
      return permit(this, n);
    return acquire_blocking_slowly(n);
  }
  [[nodiscard]] result<permit> acquire_blocking(count_t n, stop_token token);
  [[nodiscard]] result<permit> acquire_blocking_until(count_t n, steady_clock::time_point deadline);
  [[nodiscard]] result<permit> acquire_blocking_for(count_t n, steady_clock::duration timeout) {
    return acquire_blocking_until(n, detail::deadline_after(timeout));
  }
  [[nodiscard]] result<permit> acquire_up_to_blocking(count_t n);
  [[nodiscard]] result<permit> acquire_up_to_blocking(count_t n, stop_token token);
  [[nodiscard]] result<permit> acquire_up_to_blocking_until(count_t n,
                                                            steady_clock::time_point deadline);
  [[nodiscard]] result<permit> acquire_up_to_blocking_for(count_t n,
                                                          steady_clock::duration timeout) {
    return acquire_up_to_blocking_until(n, detail::deadline_after(timeout));
  }

  // Effects: takes n permits if they are free and nobody waits.
  // Returns: them; would_block, closed, poisoned, exceeds_limit. A call of another thread that is
  //   joining or leaving the queue counts as waiting.
  [[nodiscard]] result<permit> try_acquire(count_t n = 1) noexcept {
    if (core_.try_take_now(n)) [[likely]]
      return permit(this, n);
    return try_acquire_slowly(n);
  }

  // Effects: takes at most n permits, if one is free (none for n = 0) and nobody waits.
  // Returns: them; would_block, closed, poisoned.
  [[nodiscard]] result<permit> try_acquire_up_to(count_t n) noexcept;

  // Effects: takes all free permits. Returns: them; an empty permit if there are none, if anybody
  //   waits, or after close() or poison().
  permit acquire_all() noexcept;

  // Effects: adds n permits, whoever took them, and grants in turn what they allow. If more than
  //   max_permits are left after that, the semaphore is poisoned.
  // Complexity: one read-modify-write if nobody waits or another call has the queue; else O(1) for
  //   each of at most limits::turn_limit grants, the rest of them left to the last waiter resumed,
  //   and for each call that began or ended its wait since somebody last held the queue. So it is
  //   for every call that concerns the queue: a wait, its end, try_release, close, poison.
  void release(count_t n = 1) noexcept { core_.put(n); }

  // Effects: as release(n), if n more permits fit under max_permits. What those who wait are about
  //   to take is not counted.
  // Returns: exceeds_limit{n, what would have fitted}, and nothing has changed; poisoned.
  result<void> try_release(count_t n = 1) noexcept;

  // Effects: removes at most n of the free permits for ever. Returns: how many.
  // Complexity: one read-modify-write, whoever waits; so has shrink.
  count_t forget_permits(count_t n) noexcept;

  // Effects: removes n permits for ever; those that are not free are paid from the next releases,
  //   before anything is granted. The debt is at most max_permits.
  void shrink(count_t n) noexcept;

  // Effects: see "End" above. Idempotent.
  void poison() noexcept { core_.fail(counting_word::poisoned); }
  void close() noexcept { core_.fail(counting_word::closed); }

  // What was true at some moment during the call.
  [[nodiscard]] bool is_poisoned() const noexcept {
    return core_.look().has(counting_word::poisoned);
  }
  [[nodiscard]] bool is_closed() const noexcept { return core_.look().has(counting_word::closed); }
  [[nodiscard]] bool has_waiters() const noexcept {
    return core_.look().has(counting_word::queued);
  }

  // Returns: the free permits; 0 if there is debt, or after poison().
  [[nodiscard]] count_t available_permits() const noexcept;

 private:
  friend class detail::acquire_awaiter<permit>;
  friend class detail::acquire_awaiter<owned_permit>;
  friend class detail::holding<semaphore*>;
  friend class detail::holding<std::shared_ptr<semaphore>>;

  static constexpr counting_word::rep initial_flags(count_t permits, on_unwind policy) noexcept {
    return (permits > max_permits ? counting_word::poisoned : 0) |
           (policy == on_unwind::release ? counting_word::lenient : 0);
  }

  [[gnu::cold, gnu::noinline]] result<permit> try_acquire_slowly(count_t n) noexcept;
  [[gnu::cold, gnu::noinline]] result<permit> acquire_blocking_slowly(count_t n);
  result<permit> own(verdict v, count_t n) noexcept;  // n permits, if granted

  synchronizer<counting_permits> core_;
};

// The same, for callers that share the semaphore: the call in progress and the permit keep it
// alive, and the last of them may be its last owner.
// Throws: std::invalid_argument if there is no semaphore.
acquire_op<owned_permit> acquire_owned(std::shared_ptr<semaphore> from, count_t n = 1);
acquire_op<owned_permit> acquire_owned(std::shared_ptr<semaphore> from, count_t n,
                                       stop_token token);
acquire_op<owned_permit> acquire_owned_until(std::shared_ptr<semaphore> from, count_t n,
                                             steady_clock::time_point deadline);
acquire_op<owned_permit> acquire_owned_for(std::shared_ptr<semaphore> from, count_t n,
                                           steady_clock::duration timeout);
acquire_op<owned_permit> acquire_owned_up_to(std::shared_ptr<semaphore> from, count_t n);
acquire_op<owned_permit> acquire_owned_up_to(std::shared_ptr<semaphore> from, count_t n,
                                             stop_token token);
acquire_op<owned_permit> acquire_owned_up_to_until(std::shared_ptr<semaphore> from, count_t n,
                                                   steady_clock::time_point deadline);
acquire_op<owned_permit> acquire_owned_up_to_for(std::shared_ptr<semaphore> from, count_t n,
                                                 steady_clock::duration timeout);

[[nodiscard]] result<owned_permit> acquire_owned_blocking(std::shared_ptr<semaphore> from,
                                                          count_t n = 1);
[[nodiscard]] result<owned_permit> acquire_owned_blocking(std::shared_ptr<semaphore> from,
                                                          count_t n, stop_token token);
[[nodiscard]] result<owned_permit> acquire_owned_blocking_until(std::shared_ptr<semaphore> from,
                                                                count_t n,
                                                                steady_clock::time_point deadline);
[[nodiscard]] result<owned_permit> acquire_owned_blocking_for(std::shared_ptr<semaphore> from,
                                                              count_t n,
                                                              steady_clock::duration timeout);
[[nodiscard]] result<owned_permit> acquire_owned_up_to_blocking(std::shared_ptr<semaphore> from,
                                                                count_t n);
[[nodiscard]] result<owned_permit> acquire_owned_up_to_blocking(std::shared_ptr<semaphore> from,
                                                                count_t n, stop_token token);
[[nodiscard]] result<owned_permit> acquire_owned_up_to_blocking_until(
    std::shared_ptr<semaphore> from, count_t n, steady_clock::time_point deadline);
[[nodiscard]] result<owned_permit> acquire_owned_up_to_blocking_for(std::shared_ptr<semaphore> from,
                                                                    count_t n,
                                                                    steady_clock::duration timeout);

[[nodiscard]] result<owned_permit> try_acquire_owned(std::shared_ptr<semaphore> from,
                                                     count_t n = 1);
[[nodiscard]] result<owned_permit> try_acquire_owned_up_to(std::shared_ptr<semaphore> from,
                                                           count_t n);

PAWL_END
