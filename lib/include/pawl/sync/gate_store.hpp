#pragma once
// Something that is open or closed: the store behind manual_reset_event, latch and wait_group.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/epoch_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of a gate.
//
//   field | bits  | meaning                                          | changed by
//   flags | 0-5   | as in every word; none of FAILED                 |
//   count | 6-29  | what is still to happen; the gate is open at 0   | who counts down or up
//   epoch | 30-63 | how often it has opened, modulo 2^34             | who opens it
//
//   count QUEUED | what may happen
//    0      0    | open: waits return at once
//    n      0    | closed, nobody waits
//    n      1    | closed: those wait whose epoch this is; those of earlier epochs are on their way
//    0      1    | open: all are on their way
//
// A wait is late by a multiple of 2^34 openings only if its thread stands still meanwhile between
// the look at the word and its arrival; then the next opening is the one that ends it.
class gate_word : public state_word<gate_word> {
 public:
  static constexpr count_t max_count = (count_t{1} << 24) - 1;
  static constexpr count_t max_permits = (count_t{1} << 34) - 1;  // what a wait asks by: an epoch

  using state_word::state_word;
  constexpr gate_word(count_t count, rep flags) noexcept : state_word(flags | count * one) {}

  [[nodiscard]] constexpr gate_word with(rep f) const noexcept { return gate_word(bits() | f); }
  [[nodiscard]] constexpr gate_word without(rep f) const noexcept { return gate_word(bits() & ~f); }

  [[nodiscard]] constexpr count_t count() const noexcept { return bits() / one & max_count; }
  [[nodiscard]] constexpr count_t epoch() const noexcept { return bits() / an_epoch; }
  [[nodiscard]] constexpr bool is_open() const noexcept { return count() == 0; }
  [[nodiscard]] constexpr bool is_over(count_t e) const noexcept { return e != epoch(); }

  // The word after n of what is to happen have happened. Precondition: n <= count().
  [[nodiscard]] constexpr gate_word counted_down(count_t n) const noexcept {
    if (n < count() || n == 0) [[likely]]
      return gate_word(bits() - n * one);
    return gate_word(bits() - n * one + (fault::epoch_stands_still ? 0 : an_epoch));
  }
  // The word after n more are to happen. Precondition: count() + n <= max_count.
  [[nodiscard]] constexpr gate_word counted_up(count_t n) const noexcept {
    return gate_word(bits() + n * one + (fault::adding_releases ? an_epoch : 0));
  }

  // A wait takes nothing.
  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t began) const noexcept {
    return is_open() || is_over(began) ? maybe<count_t>(0) : std::nullopt;
  }
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t) const noexcept {
    return is_open() ? maybe<count_t>(0) : std::nullopt;
  }
  [[nodiscard]] constexpr count_t waits_by(count_t) const noexcept { return epoch(); }
  [[nodiscard]] constexpr gate_word minus(count_t) const noexcept { return *this; }

  // Nor can it give anything back.
  [[nodiscard]] constexpr maybe<gate_word> released(count_t) const noexcept { return std::nullopt; }
  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }
  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr rep one = rep{1} << 6;
  static constexpr rep an_epoch = rep{1} << 30;
};

class gate_store : public epoch_store<gate_word> {
 public:
  constexpr gate_store(count_t count, word::rep flags) noexcept : epoch_store(word(count, flags)) {}

  // Returns: whether the gate is open.
  bool try_take(count_t) noexcept {
    // [gate.1] acquire: GATE-HB: what happened before each count that led to this happens before
    // the return: every change of the word is a read-modify-write; pairs with [gate.3], [sem.6].
    return state_.load(fault::order_unless(fault::weak_gate_look, memory_order_acquire)).is_open();
  }
};

PAWL_END
