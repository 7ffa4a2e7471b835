#pragma once
// Waits that end when they are told to: the store behind pawl::condition_variable.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/word_and_inbox.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of a condition variable.
//
//   field | bits  | meaning                                     | up by     | down by
//   flags | 0-5   | as in every word; none of FAILED            |           |
//   told  | 6-34  | notifications that have not ended a wait    | notify    | whose wait is ended
//   waits | 35-63 | waits that have begun and were not ended    | who waits | the same; who leaves
//
//   QUEUED told waits | what may happen
//    0      0    0    | idle: a notification is forgotten
//    0      m    n    | n waits are about to arrive, and the first m to come will be ended
//    1      0    n    | n wait
//    1      m    n    | a turn is running that ends the first m, or is about to
//
// CV-COUNT: told <= waits. A notification is for a wait that has begun, or for nobody; so its
// sender knows which. Counts go up to 2^29 - 1, of waits of some 500 bytes each.
//
// A wait is counted before it arrives: whoever lets go of the lock after that can't miss what
// comes then. With a lock that is shared, a wait that was counted and has yet to arrive may be
// overtaken by one that begins later; it looked at what the lock protects while no change could be
// made, so what it loses to the other was about nothing new to it.
class condition_word : public state_word<condition_word> {
 public:
  static constexpr count_t max_permits = 1;  // what a wait gets: one notification

  using state_word::state_word;
  constexpr condition_word(count_t, rep flags) noexcept : state_word(flags) {}

  [[nodiscard]] constexpr condition_word with(rep f) const noexcept {
    return condition_word(bits() | f);
  }
  [[nodiscard]] constexpr condition_word without(rep f) const noexcept {
    return condition_word(bits() & ~f);
  }

  // Returns: how many wait for a notification that was not sent yet.
  [[nodiscard]] constexpr count_t untold() const noexcept { return waits() - told(); }

  [[nodiscard]] constexpr bool has_untold() const noexcept { return waits() != 0 && untold() != 0; }

  // The word after n more were told. Precondition: n <= untold().
  [[nodiscard]] constexpr condition_word tell(count_t n) const noexcept {
    return condition_word(bits() + n * a_told);
  }
  // The word after a wait has begun.
  [[nodiscard]] constexpr condition_word begun() const noexcept {
    return condition_word(bits() + a_wait);
  }
  // The word after a wait has ended without a notification. Precondition: untold() != 0.
  [[nodiscard]] constexpr condition_word withdrawn() const noexcept {
    return condition_word(bits() - a_wait);
  }

  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t) const noexcept {
    return told() != 0 ? maybe<count_t>(1) : std::nullopt;
  }
  [[nodiscard]] constexpr condition_word minus(count_t n) const noexcept {
    return condition_word(bits() - n * (a_told + a_wait));
  }

  // Nobody passes without waiting.
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t) const noexcept {
    return std::nullopt;
  }

  // The word after a notification was passed on, because who was told is gone.
  [[nodiscard]] constexpr maybe<condition_word> released(count_t) const noexcept {
    return untold() != 0 ? tell(1) : *this;
  }

  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }
  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr rep a_told = rep{1} << 6;
  static constexpr rep a_wait = rep{1} << 35;

  [[nodiscard]] constexpr count_t told() const noexcept { return bits() % a_wait / a_told; }
  [[nodiscard]] constexpr count_t waits() const noexcept { return bits() / a_wait; }
};

class condition_store : public word_and_inbox<condition_word> {
 public:
  constexpr condition_store(count_t, word::rep flags) noexcept : word_and_inbox(word(0, flags)) {}

  static bool try_take(count_t) noexcept { return false; }
  static bool try_put(count_t) noexcept { return false; }

  // Effects: as word_and_inbox has it; a wait is counted before.
  submission<word> submit(inbox_entry entry) noexcept {
    if (!entry.is_request()) count();
    return word_and_inbox::submit(entry);
  }

  // Effects: takes back that w waits, and leaves what it was told to others (CV-CANCEL).
  // Returns: false if nobody is left to be told in its place: then it was in time.
  bool let_go(waiter&, word& now) noexcept {
    const auto withdrawn = [](word w) {
      return w.untold() != 0 || fault::told_leaves ? maybe(w.withdrawn()) : std::nullopt;
    };
    // [cond.2] relaxed: nothing is handed over, and the release sequences of others go on.
    if (!state_.update(now, withdrawn, memory_order_relaxed, memory_order_relaxed)) return false;
    now = now.withdrawn();
    return true;
  }

 private:
  void count() noexcept {
    word before;
    // [cond.1] relaxed: who is to see it has synchronized with the unlocking that follows.
    state_.update(
        before, [](word w) { return maybe(w.begun()); }, memory_order_relaxed,
        memory_order_relaxed);
  }
};

PAWL_END
