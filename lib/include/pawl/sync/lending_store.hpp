#pragma once
// What is taken and given back: what semaphores and shared locks have in common.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/word_and_inbox.hpp>

PAWL_BEGIN

// Word tells what a newcomer may take (admits) and give back (absorbs).
template <class Word>
class lending_store : public word_and_inbox<Word> {
 public:
  using typename word_and_inbox<Word>::word;

  constexpr lending_store(count_t permits, typename word::rep flags) noexcept
      : word_and_inbox<Word>(word(permits, flags)) {}

  // Effects: takes n if nobody waits and they are there: the uncontended acquire.
  // Returns: false also if another thread interfered.
  [[gnu::always_inline]] bool try_take(count_t n) noexcept {
    // [sem.2] acquire/relaxed: what happened before the releases that supply the permits happens
    // before us (SEM-HB); every change of the word is a read-modify-write, so the last one stands
    // for all; pairs with [sem.4], [sem.6].
    const memory_order order = fault::order_unless(fault::weak_acquire, memory_order_acquire);
    return this->state_.attempt([n](word now) { return now.admits(n); },
                                [n](word now) { return now.minus(n); }, order);
  }

  // Effects: adds n if nobody waits and they fit: the uncontended release.
  //   Precondition: n < 2^55.
  // Returns: false also if another thread interfered.
  bool try_put(count_t n) noexcept {
    // [sem.4] release/relaxed: SEM-HB, the other half; pairs with [sem.2], [sem.6], [sem.16],
    // [sem.22], [sem.23].
    const memory_order order = fault::order_unless(fault::weak_release, memory_order_release);
    return this->state_.attempt([n](word now) { return now.absorbs(n); },
                                [n](word now) { return now.plus(n); }, order);
  }
};

PAWL_END
