#pragma once
// A place that nobody passes before all are there.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/barrier_store.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/wait_op.hpp>
#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

// What somebody gets who has passed a barrier.
class barrier_arrival {
 public:
  constexpr explicit barrier_arrival(count_t is_last) noexcept : is_leader_(is_last != 0) {}

  // Returns: whether it was the last arrival of its generation.
  [[nodiscard]] constexpr bool is_leader() const noexcept { return is_leader_; }

 private:
  bool is_leader_;
};

// A meeting of a number of parties, again and again. When all have arrived, all go on, and the next
// generation begins.
//
// Ways to arrive and wait: co_await arrive_and_wait() · the same with a stop_token or a deadline ·
//   arrive_and_wait_blocking() from a plain thread · try_arrive_and_wait(). Each gives
//   result<barrier_arrival>; errors: cancelled, timed_out, closed; of try_ would_block.
// Leader: exactly one arrival of each generation is the last (BARRIER-LEADER). It does not wait for
//   anybody, except for a turn in progress.
// Cancel safety: an arrival that is cancelled, or whose coroutine is destroyed, is taken back
//   (BARRIER-CANCEL). Once all have arrived, cancelling comes too late and the call succeeds.
// Dropping: arrive_and_drop() arrives without waiting, and all later generations have one party
//   less. A barrier without parties is closed.
// Memory ordering: what happens before the arrivals of a generation happens before all its returns
//   (BARRIER-HB).
// Where it resumes: as acquire_op. Up to limits::turn_limit are resumed by the last one; the last
//   of these goes on.
// Progress: lock-free; with any other thread stopped anywhere, arrive_and_drop, try_arrive_and_wait
//   and the end of a wait by its token return within a bounded number of own steps.
class barrier {
  using mode = detail::acquire_terms::mode;

 public:
  using store_type = barrier_store;
  using operation = wait_op<barrier, barrier_arrival>;

  // Returns: the largest number of parties.
  static constexpr count_t max() noexcept { return barrier_word::max_parties; }

  // Throws: std::invalid_argument if there are no parties, std::length_error if more than max().
  constexpr explicit barrier(count_t parties) : core_(valid(parties)) {}

  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  // Precondition: nobody waits, no call is in progress, except arrivals whose generation the
  //   destroyer has passed.
  ~barrier() = default;

  // Effects: arrives, when it is awaited, and waits for the others. Resumes inline those who have
  //   no scheduler.
  operation arrive_and_wait() noexcept { return {this, count_t{0}}; }

  // Effects: as above; a stop request ends the wait with `cancelled`, and takes the arrival back.
  //   If the stop was requested before the call, there is none.
  operation arrive_and_wait(stop_token token) noexcept {
    return {this, {.how = mode::stoppable, .token = token}};
  }

  // Effects: as above; the deadline ends the wait with `timed_out`. If it has passed before, there
  //   is no arrival.
  operation arrive_and_wait_until(steady_clock::time_point deadline) noexcept {
    return {this, {.how = mode::timed, .deadline = deadline}};
  }
  operation arrive_and_wait_for(steady_clock::duration timeout) noexcept {
    return arrive_and_wait_until(detail::deadline_after(timeout));
  }

  // Effects: as the arrive_and_wait of the same arguments, but blocks the calling thread, which
  //   must not be one that another party needs. Runs on it what the call resumes inline, before
  //   it blocks.
  result<barrier_arrival> arrive_and_wait_blocking() noexcept;
  result<barrier_arrival> arrive_and_wait_blocking(stop_token token) noexcept;
  result<barrier_arrival> arrive_and_wait_blocking_until(
      steady_clock::time_point deadline) noexcept;
  result<barrier_arrival> arrive_and_wait_blocking_for(steady_clock::duration timeout) noexcept {
    return arrive_and_wait_blocking_until(detail::deadline_after(timeout));
  }

  // Effects: arrives if that is the last arrival of a generation; then all others go on.
  // Returns: the arrival; would_block, closed.
  result<barrier_arrival> try_arrive_and_wait() noexcept;

  // Effects: arrives, does not wait, and is no party any more.
  // Returns: the arrival; it may be the leader.
  // Throws: std::logic_error if there is no party left; nothing has changed.
  barrier_arrival arrive_and_drop();

  // What was true at some moment during the call.
  [[nodiscard]] count_t parties() const noexcept { return core_.look().parties(); }
  [[nodiscard]] count_t arrived() const noexcept {
    const barrier_word now = core_.look();
    return now.parties() - now.missing();
  }
  [[nodiscard]] count_t generation() const noexcept { return core_.look().generation(); }
  [[nodiscard]] bool is_closed() const noexcept { return core_.look().has(barrier_word::closed); }
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(barrier_word::queued); }

 private:
  template <class Grant>
  friend class detail::acquire_awaiter;

  static constexpr count_t valid(count_t parties) {
    if (parties == 0 || parties > max()) throw_not_possible(parties);
    return parties;
  }
  [[noreturn]] static void throw_not_possible(count_t parties);
  static result<barrier_arrival> ended(verdict v, count_t share) noexcept;

  synchronizer<barrier_store> core_;
};

PAWL_END
