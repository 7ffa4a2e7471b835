#pragma once
// Deliberate faults, one line each, for proving that the models would notice them.
//
// A fault is a constant that is false in every product. `models/broken/` compiles the library with
// PAWL_FAULTS; then the environment may name one in PAWL_FAULT (`PAWL_FAULT=dropped_wake`), and the
// model named for what the fault breaks must fail. At the place itself the fault reads as what it
// is:
//
//   if (!fault::dropped_wake) waiter();
//   word_.fetch_add(n, fault::order_unless(fault::weak_release, memory_order_release));

#include <pawl/backend/backend.hpp>

#if defined(PAWL_FAULTS)
#include <cstdlib>
#include <string_view>
#endif

PAWL_BEGIN

namespace fault {

#if defined(PAWL_FAULTS)
// Whether the environment named this one when the program began. (No constant expression, so that
// no compiler takes it for one.)
class deliberate_fault {
 public:
  explicit deliberate_fault(std::string_view name) noexcept {
    const char* const chosen = std::getenv("PAWL_FAULT");
    is_chosen_ = chosen != nullptr && name == chosen;
  }
  constexpr operator bool() const noexcept {  // NOLINT(google-explicit-constructor)
    return is_chosen_;
  }

 private:
  bool is_chosen_;
};
#define PAWL_FAULT(name) \
  inline const deliberate_fault name { #name }
#else
#define PAWL_FAULT(name) inline constexpr bool name = false
#endif

// Of the algorithm.
PAWL_FAULT(dropped_wake);
PAWL_FAULT(barging_newcomer);
PAWL_FAULT(lost_permit_on_cancel);
PAWL_FAULT(double_grant);
PAWL_FAULT(wrong_weight);
PAWL_FAULT(poison_misses_waiter);
PAWL_FAULT(close_misses_inbox);
PAWL_FAULT(touch_after_hand_over);
PAWL_FAULT(dirty_ignored);
PAWL_FAULT(cancelled_stays_linked);
PAWL_FAULT(oversize_accepted);
PAWL_FAULT(overflow_accepted);
PAWL_FAULT(wake_under_lock);
PAWL_FAULT(baton_dropped);
PAWL_FAULT(push_without_turn);
PAWL_FAULT(suspender_ignored);
PAWL_FAULT(canceller_ignored);
PAWL_FAULT(lifo_arrivals);

// Of the mutex.
PAWL_FAULT(poison_keeps_lock);
PAWL_FAULT(poison_in_two_steps);
PAWL_FAULT(shared_repair);
PAWL_FAULT(repair_overtakes);
PAWL_FAULT(mapped_lock_kept);

// Of events, latch and wait_group.
PAWL_FAULT(epoch_stands_still);
PAWL_FAULT(late_arrival_behind);
PAWL_FAULT(old_word_kept);
PAWL_FAULT(sets_pile_up);
PAWL_FAULT(set_event_left_alone);
PAWL_FAULT(reset_takes_all);
PAWL_FAULT(several_count_as_one);
PAWL_FAULT(overcount_opens);
PAWL_FAULT(opened_early);
PAWL_FAULT(done_silently);
PAWL_FAULT(adding_releases);
PAWL_FAULT(refused_but_added);

// Of the barrier.
PAWL_FAULT(drop_ends_nothing);
PAWL_FAULT(crossing_cancelled);
PAWL_FAULT(withdrawn_still_counts);

// Of the blocking locks.
PAWL_FAULT(parks_unannounced);
PAWL_FAULT(parked_forgotten);
PAWL_FAULT(gone_stays_parked);
PAWL_FAULT(handed_over_unlocked);
PAWL_FAULT(unlocked_before_queued);
PAWL_FAULT(moved_unannounced);
PAWL_FAULT(unlocked_half_way);
PAWL_FAULT(one_is_told);
PAWL_FAULT(parks_when_done);
PAWL_FAULT(failure_is_done);
PAWL_FAULT(leaves_alone);
PAWL_FAULT(newest_first);
PAWL_FAULT(upgraded_beside_readers);
PAWL_FAULT(wait_unregistered);
PAWL_FAULT(wait_stays_registered);
PAWL_FAULT(past_owner_stays);
PAWL_FAULT(owner_stays);
PAWL_FAULT(owner_waits);
PAWL_FAULT(others_forgotten);
PAWL_FAULT(unlocked_unfairly);
PAWL_FAULT(stop_overlooked);
PAWL_FAULT(deadline_ignored);

// Of the mutexes that are observed.
PAWL_FAULT(observed_after_unlock);
PAWL_FAULT(wait_unseen);
PAWL_FAULT(reset_by_anybody);
PAWL_FAULT(recursion_unseen);
PAWL_FAULT(cycle_unseen);
PAWL_FAULT(release_unseen);
PAWL_FAULT(moved_lock_unseen);
PAWL_FAULT(split_permit_unseen);
PAWL_FAULT(upgrade_unchecked);
PAWL_FAULT(relock_unchecked);

// Of the obligation ledger.
PAWL_FAULT(resolved_twice);
PAWL_FAULT(closed_in_two_steps);
PAWL_FAULT(settled_after_return);
PAWL_FAULT(unsettled);

// Of telemetry.
PAWL_FAULT(leaves_unlocked);
PAWL_FAULT(destroyed_still_waits);
PAWL_FAULT(begun_in_two_steps);

// Of the cancellation tree.
PAWL_FAULT(born_running);
PAWL_FAULT(children_abandoned);
PAWL_FAULT(hasty_second);
PAWL_FAULT(root_expected);
PAWL_FAULT(puller_ignored);

// Of the cooperative budget.
PAWL_FAULT(turn_never_ends);
PAWL_FAULT(operations_are_free);
PAWL_FAULT(waiting_costs);
PAWL_FAULT(forgotten_in_yield);

// Of notifications.
PAWL_FAULT(broadcast_burns_notification);
PAWL_FAULT(late_arrival_queued);
PAWL_FAULT(leftover_notification_lost);
PAWL_FAULT(notifications_pile_up);
PAWL_FAULT(abandoned_grant_kept);
PAWL_FAULT(idle_carrier);

// Of the condition variable.
PAWL_FAULT(unlocked_too_early);
PAWL_FAULT(told_leaves);
PAWL_FAULT(told_and_gone);
PAWL_FAULT(watchers_forgotten);

// Of set_once and once_cell.
PAWL_FAULT(set_twice);
PAWL_FAULT(set_silently);
PAWL_FAULT(told_before_made);
PAWL_FAULT(made_again);
PAWL_FAULT(late_refused);
PAWL_FAULT(failure_poisons);

// Of senders.
PAWL_FAULT(forwarder_ignored);
PAWL_FAULT(told_too_early);
PAWL_FAULT(told_in_waker);

// Of the shared mutex.
PAWL_FAULT(reader_joins_writer);
PAWL_FAULT(two_upgradables);
PAWL_FAULT(upgrade_in_line);
PAWL_FAULT(unbounded_bypass);
PAWL_FAULT(reader_poisons);
PAWL_FAULT(downgrade_lets_go);

// Of the pool.
PAWL_FAULT(released_before_kept);
PAWL_FAULT(claim_keeps_permit);
PAWL_FAULT(kept_after_close);
PAWL_FAULT(made_after_close);
PAWL_FAULT(checked_after_close);
PAWL_FAULT(examined_without_permit);

// Of the memory orders: one access becomes relaxed.
PAWL_FAULT(weak_acquire);
PAWL_FAULT(weak_release);
PAWL_FAULT(weak_enter);
PAWL_FAULT(weak_unlock);
PAWL_FAULT(weak_push);
PAWL_FAULT(weak_party);
PAWL_FAULT(weak_mutex_lock);
PAWL_FAULT(weak_mutex_unlock);
PAWL_FAULT(weak_gate_look);
PAWL_FAULT(weak_count);
PAWL_FAULT(weak_auto_take);
PAWL_FAULT(weak_auto_set);
PAWL_FAULT(weak_generation);
PAWL_FAULT(weak_arrival);
PAWL_FAULT(weak_bucket);
PAWL_FAULT(weak_byte_lock);
PAWL_FAULT(weak_byte_unlock);
PAWL_FAULT(weak_once);
PAWL_FAULT(weak_shared_lock);
PAWL_FAULT(weak_shared_unlock);
PAWL_FAULT(weak_shared_queue);
PAWL_FAULT(weak_tree_unlock);
PAWL_FAULT(weak_stop_wait);
PAWL_FAULT(weak_wait);
PAWL_FAULT(weak_notify);
PAWL_FAULT(weak_watch);
PAWL_FAULT(weak_place);
PAWL_FAULT(weak_relay);
PAWL_FAULT(weak_inbox);

#undef PAWL_FAULT

// Returns: the order that the code means, or relaxed if the fault is switched on.
constexpr memory_order order_unless(bool faulty, memory_order meant) noexcept {
  return faulty ? memory_order_relaxed : meant;
}

}  // namespace fault

PAWL_END
