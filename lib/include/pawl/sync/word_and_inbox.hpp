#pragma once
// A word with its inbox beside it: what the stores have in common whose word has no room for one.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/queue_policy.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

template <class Word>
class word_and_inbox : public first_come_first_served {
 public:
  using word = Word;

  state_cell<word>& state() noexcept { return state_; }
  [[nodiscard]] const state_cell<word>& state() const noexcept { return state_; }

  // Effects: enters with the entry, which is when the word may count an arrival: in one step that
  //   takes LOCK; or, if somebody has LOCK, after a push on the inbox. That second step is needed
  //   even if QUEUED was set: a holder may have emptied the queue in between.
  submission<word> submit(inbox_entry entry) noexcept {
    const auto arrived = [is_request = entry.is_request()](word before) {
      return is_request ? before : before.arrived();
    };
    if (const auto taken = enter_first(state_, arrived)) return {taken, entry};
    // [sem.8] release: hands the entry, and the waiter, to the holder that takes it out; pairs with
    // [sem.10].
    push(
        inbox_, entry.below(), inbox_entry::from_bits,
        [entry](std::uintptr_t) { return entry.bits(); },
        fault::order_unless(fault::weak_push, memory_order_release));
    if (is_left_to_others()) return {};
    word before;
    return {
        enter(state_, before, [arrived](word w) { return maybe(arrived(w).with(word::queued)); }),
        {}};
  }

  // Effects: takes all entries, and DIRTY with them. Precondition: the caller is the holder.
  // Returns: the entry pushed last.
  inbox_entry collect(word& now) noexcept {
    if (now.has(word::dirty)) {
      // [sem.9] acquire/relaxed: whoever set DIRTY has pushed before, so the next lines find it;
      // pairs with [sem.6].
      state_.update(
          now, [](word w) { return maybe(w.without(word::dirty)); }, memory_order_acquire,
          memory_order_relaxed);
      now = now.without(word::dirty);
    }
    // [sem.10] acquire/relaxed: takes over entries and waiters, through the chain of exchanges all
    // of them; pairs with [sem.8]. Whom it does not see has pushed and not entered yet, and will.
    std::uintptr_t top = 0;
    update(
        inbox_, top,
        [](std::uintptr_t last) { return last != 0 ? maybe<std::uintptr_t>(0) : std::nullopt; },
        memory_order_acquire, memory_order_relaxed);
    return inbox_entry::from_bits(top);
  }

 protected:
  constexpr explicit word_and_inbox(word initial) noexcept : state_(initial) {}

  state_cell<word> state_;

 private:
  // Only faulty variants push and leave it at that.
  [[nodiscard]] bool is_left_to_others() const noexcept {
    if (!fault::push_without_turn && !fault::close_misses_inbox) return false;
    // [sem.17] relaxed: not part of the algorithm.
    const word now = state_.load(memory_order_relaxed);
    return now.has(fault::push_without_turn ? word::queued : word::failed);
  }

  atomic<std::uintptr_t> inbox_{0};
};

PAWL_END
