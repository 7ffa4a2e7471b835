#pragma once
// A number of things in progress that goes up and down.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/gate_count.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/waitable.hpp>

PAWL_BEGIN

// A counter of what is in progress; waits end when there is nothing.
//
// Four ways to wait: co_await wait() · the same with a stop_token or a deadline · wait_blocking()
//   from a plain thread · try_wait(). waitable has their contract.
// It may be used again at any time: whoever waits when the counter comes to zero is released, even
//   if add() follows at once (GROUP-NO-LOST-WAKE).
// Memory ordering: what happens before each done() happens before the return of every wait that
//   returns because of the zero that it led to (GROUP-HB).
// Progress, and the order in which waiters are resumed: as manual_reset_event has it.
class wait_group : public waitable<gate_store> {
 public:
  // Returns: the largest count.
  static constexpr count_t max() noexcept { return gate_word::max_count; }

  // Throws: std::length_error if the count is above max().
  constexpr explicit wait_group(count_t in_progress = 0) : waitable(valid(in_progress)) {}

  // Precondition: nobody waits, no call is in progress, except done() by whom the wait of the
  //   destroyer was ended.
  ~wait_group() = default;

  // Effects: n more are in progress. Waits that began before, and were not released by a zero, wait
  //   for these, too.
  // Throws: std::length_error if the sum is above max(); nothing has changed.
  void add(count_t n = 1);

  // Effects: n of them are not in progress any more; at zero, everybody who waits is resumed,
  //   inline if he has no scheduler. Who waits may destroy the group as soon as the last call has
  //   begun.
  // Throws: std::logic_error if that is more than there are; nothing has changed.
  void done(count_t n = 1);

  // Returns: how many are in progress, at some moment during the call. Memory ordering: if there
  //   are none, as try_wait.
  [[nodiscard]] count_t count() const noexcept { return core_.look().count(); }

 private:
  static constexpr count_t valid(count_t n) {
    if (n > max()) detail::throw_too_many("wait_group", n, max());
    return n;
  }
};

PAWL_END
