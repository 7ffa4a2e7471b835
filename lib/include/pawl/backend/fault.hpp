#pragma once
// Deliberate faults, one line each, for proving that the models would notice them.
//
// A fault is a constant that is false in every product. `models/broken/` compiles the library with
// one of the macros defined (`-DPAWL_FAULT_DROPPED_WAKE`), and the model named for what the fault
// breaks must fail. At the place itself the fault reads as what it is:
//
//   if (!fault::dropped_wake) waiter();
//   word_.fetch_add(n, fault::order_unless(fault::weak_release, memory_order_release));

#include <pawl/backend/backend.hpp>

// 1 if the macro is defined (to 1, as -D does), else 0.
#define PAWL_FAULT_DEFINED(macro) PAWL_FAULT_EXPAND(macro)
#define PAWL_FAULT_EXPAND(value) PAWL_FAULT_PICK(PAWL_FAULT_COMMA_##value 1, 0, 0)
#define PAWL_FAULT_PICK(...) PAWL_FAULT_SECOND(__VA_ARGS__)
#define PAWL_FAULT_SECOND(first, second, ...) second
#define PAWL_FAULT_COMMA_1 0,

PAWL_BEGIN

namespace fault {

// Of the algorithm.
inline constexpr bool dropped_wake = PAWL_FAULT_DEFINED(PAWL_FAULT_DROPPED_WAKE);
inline constexpr bool barging_newcomer = PAWL_FAULT_DEFINED(PAWL_FAULT_BARGING_NEWCOMER);
inline constexpr bool lost_permit_on_cancel = PAWL_FAULT_DEFINED(PAWL_FAULT_LOST_PERMIT_ON_CANCEL);
inline constexpr bool double_grant = PAWL_FAULT_DEFINED(PAWL_FAULT_DOUBLE_GRANT);
inline constexpr bool wrong_weight = PAWL_FAULT_DEFINED(PAWL_FAULT_WRONG_WEIGHT);
inline constexpr bool poison_misses_waiter = PAWL_FAULT_DEFINED(PAWL_FAULT_POISON_MISSES_WAITER);
inline constexpr bool close_misses_inbox = PAWL_FAULT_DEFINED(PAWL_FAULT_CLOSE_MISSES_INBOX);
inline constexpr bool touch_after_hand_over = PAWL_FAULT_DEFINED(PAWL_FAULT_TOUCH_AFTER_HAND_OVER);
inline constexpr bool dirty_ignored = PAWL_FAULT_DEFINED(PAWL_FAULT_DIRTY_IGNORED);
inline constexpr bool cancelled_stays_linked =
    PAWL_FAULT_DEFINED(PAWL_FAULT_CANCELLED_STAYS_LINKED);
inline constexpr bool oversize_accepted = PAWL_FAULT_DEFINED(PAWL_FAULT_OVERSIZE_ACCEPTED);
inline constexpr bool overflow_accepted = PAWL_FAULT_DEFINED(PAWL_FAULT_OVERFLOW_ACCEPTED);
inline constexpr bool wake_under_lock = PAWL_FAULT_DEFINED(PAWL_FAULT_WAKE_UNDER_LOCK);
inline constexpr bool baton_dropped = PAWL_FAULT_DEFINED(PAWL_FAULT_BATON_DROPPED);
inline constexpr bool push_without_turn = PAWL_FAULT_DEFINED(PAWL_FAULT_PUSH_WITHOUT_TURN);
inline constexpr bool suspender_ignored = PAWL_FAULT_DEFINED(PAWL_FAULT_SUSPENDER_IGNORED);
inline constexpr bool canceller_ignored = PAWL_FAULT_DEFINED(PAWL_FAULT_CANCELLER_IGNORED);
inline constexpr bool lifo_arrivals = PAWL_FAULT_DEFINED(PAWL_FAULT_LIFO_ARRIVALS);

// Of the mutex.
inline constexpr bool poison_keeps_lock = PAWL_FAULT_DEFINED(PAWL_FAULT_POISON_KEEPS_LOCK);
inline constexpr bool poison_in_two_steps = PAWL_FAULT_DEFINED(PAWL_FAULT_POISON_IN_TWO_STEPS);
inline constexpr bool shared_repair = PAWL_FAULT_DEFINED(PAWL_FAULT_SHARED_REPAIR);
inline constexpr bool repair_overtakes = PAWL_FAULT_DEFINED(PAWL_FAULT_REPAIR_OVERTAKES);
inline constexpr bool mapped_lock_kept = PAWL_FAULT_DEFINED(PAWL_FAULT_MAPPED_LOCK_KEPT);

// Of the cancellation tree.
inline constexpr bool born_running = PAWL_FAULT_DEFINED(PAWL_FAULT_BORN_RUNNING);
inline constexpr bool children_abandoned = PAWL_FAULT_DEFINED(PAWL_FAULT_CHILDREN_ABANDONED);
inline constexpr bool root_expected = PAWL_FAULT_DEFINED(PAWL_FAULT_ROOT_EXPECTED);
inline constexpr bool puller_ignored = PAWL_FAULT_DEFINED(PAWL_FAULT_PULLER_IGNORED);

// Of the memory orders: one access becomes relaxed.
inline constexpr bool weak_acquire = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_ACQUIRE);
inline constexpr bool weak_release = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_RELEASE);
inline constexpr bool weak_enter = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_ENTER);
inline constexpr bool weak_unlock = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_UNLOCK);
inline constexpr bool weak_push = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_PUSH);
inline constexpr bool weak_party = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_PARTY);
inline constexpr bool weak_mutex_lock = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_MUTEX_LOCK);
inline constexpr bool weak_mutex_unlock = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_MUTEX_UNLOCK);

inline constexpr bool weak_tree_unlock = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_TREE_UNLOCK);
inline constexpr bool weak_stop_wait = PAWL_FAULT_DEFINED(PAWL_FAULT_WEAK_STOP_WAIT);

// Returns: the order that the code means, or relaxed if the fault is switched on.
constexpr memory_order order_unless(bool faulty, memory_order meant) noexcept {
  return faulty ? memory_order_relaxed : meant;
}

}  // namespace fault

PAWL_END
