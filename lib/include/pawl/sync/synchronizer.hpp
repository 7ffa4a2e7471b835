#pragma once
// The one queue of the library: everything that waits, waits here.
//
// A synchronizer hands out the permits of its Store (stores.hpp has them all), first come, first
// served unless the store knows better (queue_policy.hpp). There is no mutex: whoever has something
// for the queue takes LOCK, or, finding it taken, sets DIRTY and leaves the work to the holder, in
// the same read-modify-write (state_word.hpp has the table). What the holder does then is a *turn*:
//
//   collect the inbox · decide waiters, one after the other · drop LOCK · deliver the verdicts
//
// Rules, on which everything rests:
//  (a) Release, poison and close are one read-modify-write on the word. Whoever defers by it never
//      touches the object again: a waiter may get the permits, return, and destroy it.
//  (b) An arrival that finds LOCK free takes it, which is the FIFO point, and brings itself.
//      Otherwise it pushes itself on the inbox, then enters. Those keep the order of their pushes,
//      and come after an arrival that took LOCK before they were collected: they are still on their
//      way then, for what has entered is collected before LOCK is dropped.
//  (c) A waiter is resumed by the last of its parties (waiter.hpp), and touched by nobody
//      afterwards. A coroutine may be resumed on another thread before its await_suspend returns.
//  (d) Dropping LOCK is the holder's last access to the synchronizer; verdicts are delivered after
//      it. One compare-and-swap drops LOCK and, if the queue is empty, QUEUED; it fails if DIRTY
//      came.
//  (e) A turn decides at most limits::turn_limit waiters. If more could be decided, the last of
//      them carries a baton: once resumed, as the first thing it does, on its own scheduler, it
//      takes LOCK again or leaves it to the holder (continue_turn). Its call is still in progress
//      then, so the object lives; if its coroutine is destroyed instead, the destroyer carries on.
//      A decided waiter exists whenever the limit was reached, so no storage is needed for this.
//
// Why the object is alive while somebody holds LOCK: LOCK is taken only with QUEUED set. Either the
// queue holds a waiter, whose call can't return before this holder decides it; or the caller's own
// call (arrival, withdrawal, baton) is not settled before the caller joins its parties, after the
// turn.
//
// Progress: with any other thread stopped anywhere, release, try_take, withdraw, poison and close
// return within a bounded number of own steps. Retries are caused by the success of another
// thread's read-modify-write only (lock-free). A turn takes at most turn_limit waiters out as
// decided, and one step for each arrival or request that came before it dropped LOCK: those of
// calls that were in progress when it began or came in during it.
//
// Invariants: SEM-FIFO, SEM-CONSERVE, SEM-NO-LOST-PERMIT, SEM-POISON, SEM-CANCEL, SEM-HB and
// SEM-MUTEX(1), named where they are relied on or kept.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/permit_store.hpp>
#include <pawl/sync/single_permit.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/waiter_queue.hpp>
#include <pawl/sync/wake_list.hpp>

PAWL_BEGIN

// Whether what a store hands out comes back, so that it can be told how much may.
template <class Store>
concept takes_back = requires(typename Store::word w, count_t n) { w.room_for(n); };

template <class Store>
class synchronizer {
 public:
  using word = typename Store::word;
  using flag = typename word::rep;

  // What an attempt to take permits came to: granted with the number, pending if it has to wait.
  struct taking {
    verdict outcome;
    count_t given = 0;
  };

  // Precondition: permits <= word::max_permits, or flags has word::poisoned.
  constexpr explicit synchronizer(count_t permits, flag flags = 0) noexcept
      : store_(permits, flags) {}
  synchronizer(const synchronizer&) = delete;
  synchronizer& operator=(const synchronizer&) = delete;

  // Effects: the uncontended acquire: one attempt, one read-modify-write.
  // Returns: false if it has to be looked into: try_take or an arrival.
  [[gnu::always_inline]] bool try_take_now(count_t n) noexcept { return store_.try_take(n); }

  // Effects: the release; uncontended, one read-modify-write. More permits than max_permits, judged
  //   after the grants that this release allows, poison (SEM-POISON). No effect if void.
  // The caller may not touch the object afterwards unless he knows it alive (rule a).
  [[gnu::always_inline]] void put(count_t n) noexcept {
    if (n > word::max_permits || !store_.try_put(n)) [[unlikely]] {
      put_slowly(n);
    }
  }

  // Effects: the uncontended release: one attempt, one read-modify-write. Precondition: n < 2^55.
  // Returns: false if nothing was done: then put.
  bool try_put_now(count_t n) noexcept { return store_.try_put(n); }

  // Effects: as put(n), if n more fit under word::max_permits, what waiters are about to take not
  //   counted, and poison does not void releases.
  // Returns: granted, poisoned, or exceeds_limit with the number that would have fitted.
  taking try_put(count_t n) noexcept
    requires takes_back<Store>;

  // Effects: as put(n), but what is resumed by this is put off.
  void put_back(count_t n) noexcept;

  // Effects: takes between `least` and `most` permits, if nobody waits.
  // Returns: granted, pending with what the call can wait by, or why not.
  // Memory ordering: acquires what it sees, also if it fails.
  taking try_take(count_t least, count_t most) noexcept;

  // Effects: as try_take(n, n), but takes from a poisoned object, too, and ends the poison. Who
  //   waits then and was not refused yet waits on.
  // Returns: granted; pending, and nothing has changed.
  verdict try_recover(count_t n) noexcept
    requires takes_back<Store>;

  // Effects: sets word::poisoned or word::closed; whoever waits fails (SEM-POISON). In the same
  //   step gives n permits back, so that it may be the caller's last access.
  void fail(flag how, count_t n = 0) noexcept;

  // Effects: w takes its place and waits for its verdict; what is resumed by this is put off
  //   (inline_queue.hpp). The caller joins w's parties with `suspended` afterwards.
  void arrive(waiter& w) noexcept;

  // Effects: withdraws w from the queue; its verdict will be `reason`, unless it has or is getting
  //   another. What is resumed by this is put off. Precondition: w is not settled before the caller
  //   has joined its parties, and nobody else withdraws it.
  void withdraw(waiter& w, verdict reason) noexcept { submit_request(w, reason, nullptr); }

  // Effects: as withdraw, for a canceller from outside, who does nothing with w afterwards: if the
  //   turn is his own, it says so with w's verdict.
  // Returns: whether it did, and w may be gone. Otherwise the caller joins with `finished`.
  bool withdraw_and_finish(waiter& w, verdict reason) noexcept {
    return submit_request(w, reason, &w);
  }

  // Effects: what a resumed call with a baton owes. What is resumed by this is put off.
  void continue_turn() noexcept;

  // Effects: as change(word), in one read-modify-write that does not concern the queue. `change`
  //   has no effects.
  // Returns: the word before.
  // [sem.20] relaxed: takes permits away from everybody; nothing is handed over.
  template <class Change>
  word alter(Change change, memory_order order = memory_order_relaxed) noexcept {
    word before;
    // [sem.24] relaxed: who interferes is not looked at.
    store_.state().update(
        before, [change](word w) { return maybe<word>(change(w)); }, order, memory_order_relaxed);
    return before;
  }

  // Effects: as change(word), if accepts(word), in one read-modify-write that does not concern the
  //   queue, tried once. Neither has effects.
  // Returns: whether it was done: if not, it may be that another thread interfered.
  template <class Accepts, class Change>
  [[gnu::always_inline]] bool try_alter(Accepts accepts, Change change,
                                        memory_order order) noexcept {
    return store_.state().attempt(accepts, change, order);
  }

  // Effects: as change(word), in one read-modify-write after which those go who can; nothing, if
  //   change returns nothing. `change` has no effects.
  // Returns: what change was given.
  // The caller may not touch the object afterwards unless he knows it alive (rule a).
  // Memory ordering: releases, and acquires what it changes.
  template <class Change>
  word update(Change change) noexcept {
    word before;
    if (const maybe<word> entered = pawl::enter(store_.state(), before, change)) {
      turn(entered);
      detail::run_put_off_inline();
    }
    return before;
  }

  // Memory ordering: acquires what it sees.
  [[nodiscard]] word look() const noexcept {
    // [sem.16] acquire: whoever sees a failure or permits sees what led to it; pairs with [note.2],
    // [sem.4], [sem.6], [single.1], [single.4], [auto.4], [gate.3].
    return store_.state().load(memory_order_acquire);
  }

  // Returns: the flags that never change.
  [[nodiscard]] bool is_lenient() const noexcept {
    // [sem.21] relaxed: constant since construction.
    return store_.state().load(memory_order_relaxed).has(word::lenient);
  }

 private:
  [[gnu::cold, gnu::noinline]] void put_slowly(count_t n) noexcept;

  template <class Change>
  maybe<word> enter(Change change) noexcept {
    word before;
    return pawl::enter(store_.state(), before, change);
  }

  bool submit_request(waiter& w, verdict reason, waiter* finished) noexcept;

  // The word if LOCK is ours: then a turn is due. `brought` is for the queue, too, if it is any.
  void turn(maybe<word> entered, inbox_entry brought = {}, waiter* finished = nullptr) noexcept;
  void hold(word now, inbox_entry brought, wake_list& wakes) noexcept;
  void collect(word& now, wake_list& wakes) noexcept;
  void take_out(waiter& w, word& now, wake_list& wakes) noexcept;
  void poison_overflowing(word& now) noexcept;
  bool decide(waiter& w, word& now, wake_list& wakes) noexcept;
  void grant(waiter& w, count_t share, wake_list& wakes) noexcept;

  Store store_;
  typename Store::queue queue_;
};

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(synchronizer<counting_permits>) <= 32);
static_assert(sizeof(synchronizer<single_permit>) == 16);
#endif

PAWL_END
