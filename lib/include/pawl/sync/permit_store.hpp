#pragma once
// Any number of permits: the store behind pawl::semaphore.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/lending_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

PAWL_BEGIN

// The word of the counting store: bits 6 to 63 hold the permits, signed.
//
// Negative permits are debt (shrink), which releases pay before anything is granted. More than
// max_permits stand there for a moment only, while there are waiters left whom a release may
// satisfy: overflow is judged after its grants.
//
// While a flag bars newcomers (QUEUED, POISONED, CLOSED), the field is lower by `barrier`, far
// below zero. So one comparison tells an acquire that it may take, and one a release that it may
// add.
class counting_word : public state_word<counting_word> {
 public:
  static constexpr count_t max_permits = (count_t{1} << 48) - 1;

  constexpr counting_word() noexcept = default;
  constexpr explicit counting_word(rep bits) noexcept : state_word(bits) {}
  constexpr counting_word(count_t permits, rep flags) noexcept
      : counting_word(counting_word(permits << shift).with(flags)) {}

  [[nodiscard]] constexpr counting_word with(rep flags) const noexcept {
    const bool becomes_barred = !has(barred) && (flags & barred) != 0;
    return counting_word((bits() | flags) - (becomes_barred ? barrier : 0));
  }
  [[nodiscard]] constexpr counting_word without(rep flags) const noexcept {
    const bool stays_barred = (bits() & barred & ~flags) != 0;
    return counting_word((bits() & ~flags) + (has(barred) && !stays_barred ? barrier : 0));
  }

  // Returns: what can be taken; 0 if there is debt.
  [[nodiscard]] constexpr count_t available() const noexcept {
    return static_cast<count_t>(std::clamp<std::int64_t>(permits(), 0, max_permits));
  }

  // Returns: whether a newcomer may take n without waiting.
  [[nodiscard]] constexpr bool admits(count_t n) const noexcept {
    if (fault::barging_newcomer) return !has(failed) && share(n, n).has_value();
    return n <= max_permits &&
           static_cast<std::int64_t>(bits()) >= static_cast<std::int64_t>(n << shift);
  }

  // Returns: whether n can be added without a look at the queue, at debt, or at the limit.
  // Precondition: n < 2^55, so that the sum tells everything, whatever bars it.
  [[nodiscard]] constexpr bool absorbs(count_t n) const noexcept {
    constexpr counting_word fullest(max_permits, all_flags & ~barred);
    return plus(n).bits() <= fullest.bits();
  }

  // Returns: what a waiter that takes between `least` and `most` gets; nothing if it has to wait.
  [[nodiscard]] constexpr maybe<count_t> share(count_t least, count_t most) const noexcept {
    const auto slack = fault::wrong_weight ? std::int64_t{1} : std::int64_t{0};
    if (permits() + slack < static_cast<std::int64_t>(least)) return std::nullopt;
    return least == most ? most : std::min(available(), most);
  }

  [[nodiscard]] constexpr counting_word plus(count_t n) const noexcept {
    return counting_word(bits() + (n << shift));
  }
  [[nodiscard]] constexpr counting_word minus(count_t n) const noexcept {
    return counting_word(bits() - (n << shift));
  }

  // Returns: how many of n can be added and fit, what waiters are about to take not counted.
  [[nodiscard]] constexpr count_t room_for(count_t) const noexcept {
    return max_permits - available();
  }

  // Returns: whether more is here than may be; irrelevant once poisoned.
  [[nodiscard]] constexpr bool overflows() const noexcept {
    return permits() > most && !has(poisoned) && !fault::overflow_accepted;
  }

  // Returns: whether releases have no effect.
  [[nodiscard]] constexpr bool voids_releases() const noexcept { return has(poisoned); }

  // Returns: the word after a release of n. What no waiter can absorb is overflow and poisons; if
  //   there are waiters, the turn judges (there is room for a hundred such sums).
  //   Nothing, if the release is void.
  [[nodiscard]] constexpr maybe<counting_word> released(count_t n) const noexcept {
    if (voids_releases()) return std::nullopt;
    if (n > max_permits || permits() > 100 * most) return with(poisoned);
    return plus(n).overflows() && !has(queued) ? with(poisoned) : plus(n);
  }

  // Returns: the word with n permits less, as far as debt may go.
  [[nodiscard]] constexpr counting_word shrunk(count_t n) const noexcept {
    const auto possible = static_cast<count_t>(std::max<std::int64_t>(permits() + most, 0));
    return has(poisoned) ? *this : minus(std::min(n, possible));
  }

  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr unsigned shift = 6;
  static constexpr rep barred = failed | queued;
  static constexpr rep barrier = rep{1} << 62;  // 2^56 permits
  static constexpr auto most = static_cast<std::int64_t>(max_permits);

  [[nodiscard]] constexpr std::int64_t permits() const noexcept {
    return static_cast<std::int64_t>(bits() + (has(barred) ? barrier : 0)) >> shift;
  }
};

class counting_permits : public lending_store<counting_word> {
 public:
  using lending_store::lending_store;
};

PAWL_END
