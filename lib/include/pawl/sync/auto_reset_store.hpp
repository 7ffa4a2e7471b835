#pragma once
// Something that lets one waiter pass each time it happens: the store behind auto_reset_event.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/word_and_inbox.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of an auto-reset event.
//
//   field | bits  | meaning                                        | up by       | down by
//   flags | 0-5   | as in every word; none of FAILED               |             |
//   sets  | 6-34  | set() that nobody has taken yet                | set()       | who is released
//   waits | 35-63 | waits that were counted and not released yet   | who arrives | who is released
//
//   QUEUED sets waits | what may happen
//    0      0    0    | idle, not set
//    0      1    0    | idle, set: the next wait takes it, the next set() changes nothing
//    1      m    n    | n wait, of whom the first m will be released, and one set() may be left
//
// AUTO-ONE: sets <= max(waits, 0) + 1. A set() releases one of those who wait, and one may be left
// for somebody who comes later; what is beyond that has no effect.
//
// An arrival is counted when it enters, perhaps after a push. So one that was not counted yet can
// be first in the queue, and be released on account of one behind it; `waits` may be -1 until the
// count catches up.
class auto_reset_word : public state_word<auto_reset_word> {
 public:
  static constexpr count_t max_permits = 1;

  using state_word::state_word;
  constexpr auto_reset_word(count_t sets, rep flags) noexcept : state_word(flags | sets * a_set) {}

  [[nodiscard]] constexpr auto_reset_word with(rep f) const noexcept {
    return auto_reset_word(bits() | f);
  }
  [[nodiscard]] constexpr auto_reset_word without(rep f) const noexcept {
    return auto_reset_word(bits() & ~f);
  }

  [[nodiscard]] constexpr count_t sets() const noexcept { return bits() / a_set & most_sets; }

  // Returns: whether one is left for somebody who comes now.
  [[nodiscard]] constexpr bool is_set() const noexcept { return sets() > waiting(); }

  [[nodiscard]] constexpr auto_reset_word arrived() const noexcept {
    return auto_reset_word(bits() + a_wait);
  }
  // The word after a waiter has left without being released. (AUTO-ONE)
  [[nodiscard]] constexpr auto_reset_word withdrawn() const noexcept {
    return auto_reset_word(bits() - a_wait).with_at_most(1);
  }

  // What a wait takes, and gives on if its coroutine is destroyed: one.
  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t) const noexcept {
    return sets() != 0 && waiting() != 0 ? maybe<count_t>(1) : std::nullopt;
  }
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t) const noexcept {
    const bool barred = has(queued) && !fault::barging_newcomer;
    return sets() != 0 && !barred ? maybe<count_t>(1) : std::nullopt;
  }
  [[nodiscard]] constexpr auto_reset_word minus(count_t n) const noexcept {
    return auto_reset_word(bits() - n * a_set);
  }
  [[nodiscard]] constexpr auto_reset_word granted(count_t n) const noexcept {
    return auto_reset_word(bits() - n * (a_set + a_wait));
  }

  // The word after a set().
  [[nodiscard]] constexpr maybe<auto_reset_word> released(count_t) const noexcept {
    const bool has_no_effect = is_set() && !fault::sets_pile_up;
    return has_no_effect ? *this : auto_reset_word(bits() + a_set);
  }
  // The word after what is left for others was taken back.
  [[nodiscard]] constexpr auto_reset_word reset() const noexcept {
    return fault::reset_takes_all ? minus(sets()) : with_at_most(0);
  }

  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }
  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr unsigned wait_shift = 35;
  static constexpr rep a_set = rep{1} << 6;
  static constexpr rep a_wait = rep{1} << wait_shift;
  static constexpr rep most_sets = a_wait / a_set - 1;

  [[nodiscard]] constexpr count_t waiting() const noexcept {
    const auto counted = static_cast<std::int64_t>(bits()) >> wait_shift;
    return static_cast<count_t>(std::max<std::int64_t>(counted, 0));
  }
  [[nodiscard]] constexpr auto_reset_word with_at_most(count_t left_over) const noexcept {
    return minus(sets() - std::min(sets(), waiting() + left_over));
  }
};

class auto_reset_store : public word_and_inbox<auto_reset_word> {
 public:
  constexpr auto_reset_store(count_t sets, word::rep flags) noexcept
      : word_and_inbox(word(sets, flags)) {}

  // Effects: takes what is left by set(), if nobody waits.
  // Returns: false also if another thread interfered.
  bool try_take(count_t) noexcept {
    // [auto.1] acquire/relaxed: EVENT-HB: what happened before set() happens before the return;
    // pairs with [auto.4], [sem.6].
    const memory_order order = fault::order_unless(fault::weak_auto_take, memory_order_acquire);
    return state_.attempt([](word now) { return now.newcomer_share(0, 0).has_value(); },
                          [](word now) { return now.minus(1); }, order);
  }

  // Effects: a set(), if nobody waits. One that has no effect is an exchange, too, for the sake of
  //   EVENT-HB.
  // Returns: false also if another thread interfered.
  bool try_put(count_t n) noexcept {
    // [auto.4] release/relaxed: EVENT-HB, the other half; pairs with [auto.1], [auto.3], [sem.6],
    // [sem.16], [sem.22].
    const memory_order order = fault::order_unless(fault::weak_auto_set, memory_order_release);
    return state_.attempt([](word now) { return !now.has(word::queued); },
                          [n](word now) { return *now.released(n); }, order);
  }

  // Effects: takes back that w waits.
  bool let_go(waiter&, word& now) noexcept {
    // [auto.2] relaxed: nothing is handed over, and the release sequences of others go on.
    state_.update(
        now, [](word w) { return maybe(w.withdrawn()); }, memory_order_relaxed,
        memory_order_relaxed);
    now = now.withdrawn();
    return true;
  }
};

PAWL_END
