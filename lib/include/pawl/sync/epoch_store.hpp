#pragma once
// Waits for something that happens to everybody at once: what the stores of such primitives share.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/waiter_queue.hpp>
#include <pawl/sync/word_and_inbox.hpp>

PAWL_BEGIN

// The word counts in epochs how often it has happened, and the weight of a waiter is the epoch in
// which its wait began: so it goes when that is over, whatever has come since (EPOCH-NO-LOST-WAKE).
// Word has is_over(epoch).
//
// The queue has those in front whose epoch is over, so a look at the first tells whether anybody
// can go. That rests on two things: a late arrival, whose epoch is over already, goes in front;
// and no waiter is queued by a word that is older than its epoch.
template <class Word>
class epoch_store : public word_and_inbox<Word> {
 public:
  using typename word_and_inbox<Word>::word;

  // Effects: as word_and_inbox has it. `now` is not older than what any arrival has seen, whom the
  //   inbox gave.
  inbox_entry collect(word& now) noexcept {
    const inbox_entry top = word_and_inbox<Word>::collect(now);
    // [epoch.1] relaxed: what the arrivals saw before they were pushed, this sees by coherence.
    // What else is new may not have been acquired, but then DIRTY has been set, and every exchange
    // fails that does not know of it.
    if (top && !fault::old_word_kept) {
      now = this->state_.load(memory_order_relaxed).without(word::dirty);
    }
    return top;
  }

  static void insert(waiter_queue& queue, waiter& w, word now) noexcept {
    if (now.is_over(w.weight()) && !fault::late_arrival_behind) {
      queue.push_front(w);
    } else {
      queue.push_back(w);
    }
  }

  // What ends a wait is nobody's, so there is nothing to give back.
  static bool try_put(count_t) noexcept { return true; }

 protected:
  using word_and_inbox<Word>::word_and_inbox;
};

PAWL_END
