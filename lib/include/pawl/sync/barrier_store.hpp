#pragma once
// So many have to arrive before anybody goes on: the store behind pawl::barrier.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/epoch_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of a barrier.
//
//   field      | bits  | meaning                                    | changed by
//   flags      | 0-5   | as in every word; CLOSED: all have dropped | who drops last
//   parties    | 6-21  | how many have to arrive                    | who drops
//   missing    | 22-37 | how many have not yet, of this generation  | who arrives, drops, withdraws
//   generation | 38-63 | how often all have, modulo 2^26            | who arrives or drops last
//
//   parties missing | what may happen
//    n       1..n   | the next one waits, or, if he is the last, ends the generation
//    0       0      | CLOSED: arrivals are refused
//
// Whoever arrives is counted first, in one read-modify-write that also tells him his generation and
// whether he is the last (BARRIER-COUNT, BARRIER-LEADER). Then he waits for the generation to be
// over, which for the last one it is.
class barrier_word : public state_word<barrier_word> {
 public:
  static constexpr count_t max_parties = (count_t{1} << 16) - 1;
  static constexpr count_t max_permits = (count_t{1} << 27) - 1;  // what a wait asks by: see below

  using state_word::state_word;
  constexpr barrier_word(count_t parties, rep flags) noexcept
      : state_word(flags | parties * (a_party | a_missing)) {}

  [[nodiscard]] constexpr barrier_word with(rep f) const noexcept {
    return barrier_word(bits() | f);
  }
  [[nodiscard]] constexpr barrier_word without(rep f) const noexcept {
    return barrier_word(bits() & ~f);
  }

  [[nodiscard]] constexpr count_t parties() const noexcept {
    return bits() / a_party & max_parties;
  }
  [[nodiscard]] constexpr count_t missing() const noexcept {
    return bits() / a_missing & max_parties;
  }
  [[nodiscard]] constexpr count_t generation() const noexcept { return bits() / a_generation; }
  [[nodiscard]] constexpr bool is_last() const noexcept { return missing() == 1; }

  // What an arrival now waits by: its generation, and in the low bit whether it is the last.
  [[nodiscard]] constexpr count_t place() const noexcept {
    return generation() * 2 + (is_last() ? 1 : 0);
  }
  [[nodiscard]] constexpr bool is_over(count_t place) const noexcept {
    return place / 2 != generation();
  }

  // The word after somebody has arrived. Precondition: not CLOSED.
  [[nodiscard]] constexpr barrier_word reached() const noexcept {
    const barrier_word less(bits() - a_missing);
    if (!is_last()) return less;
    return barrier_word(less.bits() + parties() * a_missing + a_generation);
  }
  // The word after somebody has arrived who will not come again. Precondition: not CLOSED.
  [[nodiscard]] constexpr barrier_word dropped() const noexcept {
    const barrier_word fewer =
        is_last() && fault::drop_ends_nothing ? *this : barrier_word(bits() - a_party).reached();
    return fewer.parties() == 0 ? fewer.with(closed) : fewer;
  }
  // The word after somebody who has arrived has left again. Precondition: his generation is not
  //   over.
  [[nodiscard]] constexpr barrier_word withdrawn() const noexcept {
    return fault::withdrawn_still_counts ? *this : barrier_word(bits() + a_missing);
  }

  // An arrival takes nothing; what it gets is whether it was the last.
  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t place) const noexcept {
    return is_over(place) ? maybe(place % 2) : std::nullopt;
  }
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t) const noexcept {
    return std::nullopt;
  }
  [[nodiscard]] constexpr barrier_word minus(count_t) const noexcept { return *this; }

  // Nor can it give anything back.
  [[nodiscard]] constexpr maybe<barrier_word> released(count_t) const noexcept {
    return std::nullopt;
  }
  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }
  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr rep a_party = rep{1} << 6;
  static constexpr rep a_missing = rep{1} << 22;
  static constexpr rep a_generation = rep{1} << 38;
};

class barrier_store : public epoch_store<barrier_word> {
 public:
  constexpr barrier_store(count_t parties, word::rep flags) noexcept
      : epoch_store(word(parties, flags)) {}

  // Nobody passes without being counted.
  static bool try_take(count_t) noexcept { return false; }

  // Effects: as word_and_inbox has it; an arrival is counted before.
  submission<word> submit(inbox_entry entry) noexcept {
    if (!entry.is_request()) count(entry.subject());
    return epoch_store::submit(entry);
  }

  // Returns: whom to decide next: whose generation is over; or anybody, if the barrier is closed.
  [[nodiscard]] waiter* next(const waiter_queue& queue, word now) const noexcept {
    waiter* const first = queue.front();
    if (first == nullptr) return nullptr;
    if (!now.is_over(first->weight())) return now.has(word::failed) ? first : nullptr;
    // [barrier.2] acquire: BARRIER-HB: who ended the generation has not entered, perhaps, so
    // that `now` may have been seen by a relaxed access; pairs with [barrier.1].
    (void)state_.load(fault::order_unless(fault::weak_generation, memory_order_acquire));
    return first;
  }

  // Whose generation is over has arrived, although the barrier may have been closed since.
  static bool refuses(const waiter& w, word now) noexcept {
    return now.has(word::failed) && !now.is_over(w.weight());
  }

  // Effects: w has not arrived (BARRIER-CANCEL), unless its generation is over. A closed barrier
  //   has not counted it.
  bool let_go(waiter& w, word& now) noexcept {
    while (!now.has(word::failed)) {
      if (now.is_over(w.weight())) return fault::crossing_cancelled;
      // [barrier.3] relaxed: nothing is handed over, and the release sequences of others go on.
      if (state_.replace(now, now.withdrawn(), memory_order_relaxed, memory_order_relaxed)) {
        now = now.withdrawn();
        return true;
      }
    }
    return !now.is_over(w.weight());
  }

 private:
  // Effects: w arrives, unless the barrier is closed.
  void count(waiter& w) noexcept {
    const auto arrived = [](word now) {
      return now.has(word::failed) ? std::nullopt : maybe(now.reached());
    };
    word before;
    // [barrier.1] release/relaxed: BARRIER-HB: what was done before this arrival happens before
    // all returns of the generation; pairs with [barrier.2].
    const memory_order order = fault::order_unless(fault::weak_arrival, memory_order_release);
    state_.update(before, arrived, order, memory_order_relaxed);
    w.reweigh(before.place());
  }
};

PAWL_END
