#pragma once
// One permit: the store behind locks.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/queue_policy.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of the one-permit store: flags, a bit that says that the permit is taken, and in bits
// 16 to 63 the inbox. So an arrival pushes and enters in one step, and QUEUED is never out of step
// with the inbox. User addresses have 48 bits on every platform of ours (five-level paging hands
// out more only on request).
class single_word : public state_word<single_word> {
 public:
  static constexpr rep taken = 64;
  static constexpr rep flags = 0xffff;
  static constexpr count_t max_permits = 1;

  using state_word::state_word;
  constexpr single_word(count_t permits, rep f) noexcept
      : state_word(f | (permits == 0 ? taken : 0) | (permits > max_permits ? poisoned : 0)) {}

  [[nodiscard]] constexpr single_word with(rep f) const noexcept { return single_word(bits() | f); }
  [[nodiscard]] constexpr single_word without(rep f) const noexcept {
    return single_word(bits() & ~f);
  }

  [[nodiscard]] constexpr count_t available() const noexcept { return has(taken) ? 0 : 1; }
  [[nodiscard]] constexpr bool admits(count_t n) const noexcept {
    return !has(failed | queued) && n <= available();
  }

  // Returns: whether n can be added without a look at the queue or at the limit. (LOCK, DIRTY and
  //   the inbox go with QUEUED; so one look at the sum tells that nobody waits, and that the permit
  //   was taken.)
  [[nodiscard]] constexpr bool absorbs(count_t n) const noexcept {
    return n == 1 && !plus(1).has(~(failed | lenient));
  }
  [[nodiscard]] constexpr maybe<count_t> share(count_t least, count_t most) const noexcept {
    if (available() < least) return std::nullopt;
    return least == most ? most : available();
  }
  [[nodiscard]] constexpr single_word plus(count_t n) const noexcept {
    return single_word(bits() - n * taken);
  }
  [[nodiscard]] constexpr single_word minus(count_t n) const noexcept {
    return single_word(bits() + n * taken);
  }
  [[nodiscard]] constexpr count_t room_for(count_t) const noexcept {
    return max_permits - available();
  }
  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }

  // Returns: whether releases have no effect. None: the poison of a lock may be cleared, and then
  //   the permit must be there.
  [[nodiscard]] constexpr bool voids_releases() const noexcept { return false; }

  // Returns: the word after a release of n; there is no second permit, so more is overflow.
  [[nodiscard]] constexpr maybe<single_word> released(count_t n) const noexcept {
    return n > max_permits - available() ? with(poisoned) : plus(n);
  }

  [[nodiscard]] constexpr bool has_news() const noexcept { return bits() > flags || has(dirty); }

  [[nodiscard]] constexpr inbox_entry inbox() const noexcept {
    return inbox_entry::from_bits(static_cast<std::uintptr_t>(bits() >> shift));
  }
  [[nodiscard]] constexpr single_word with_inbox(inbox_entry top) const noexcept {
    return single_word((bits() & flags) | static_cast<rep>(top.bits()) << shift);
  }

 private:
  static constexpr unsigned shift = 16;
};

class single_permit : public first_come_first_served {
 public:
  using word = single_word;

  constexpr single_permit(count_t permits, word::rep flags) noexcept
      : state_(word(permits, flags)) {}

  state_cell<word>& state() noexcept { return state_; }
  [[nodiscard]] const state_cell<word>& state() const noexcept { return state_; }

  bool try_take(count_t n) noexcept {
    // [single.2] acquire/relaxed: SEM-HB, as in the counting store; pairs with [single.1],
    // [single.4], [sem.6].
    const memory_order order = fault::order_unless(fault::weak_mutex_lock, memory_order_acquire);
    return state_.attempt([n](word now) { return now.admits(n); },
                          [n](word now) { return now.minus(n); }, order);
  }

  bool try_put(count_t n) noexcept {
    // [single.4] release/relaxed: SEM-HB, the other half; pairs with [single.1], [single.2],
    // [sem.16], [sem.22], [sem.23].
    const memory_order order = fault::order_unless(fault::weak_mutex_unlock, memory_order_release);
    return state_.attempt([n](word now) { return now.absorbs(n); },
                          [n](word now) { return now.plus(n); }, order);
  }

  // Effects: enters with the entry, in one step, which is the FIFO point: it takes LOCK, or, if
  //   somebody has LOCK, pushes the entry.
  submission<word> submit(inbox_entry entry) noexcept {
    const auto pushed = [entry](word before) {
      const word w = before.has(word::locked) ? before.with_inbox(entry) : before;
      return w.with(word::queued).entered();
    };
    // [single.1] acq_rel: as [sem.6], in whose place it stands; pairs with [sem.6], [sem.13],
    // [sem.16], [sem.22], [sem.23], [single.1], [single.2], [single.4], [single.5].
    const memory_order order = fault::order_unless(fault::weak_enter, memory_order_acq_rel);
    const auto below = [](word before) { return before.inbox(); };
    const word before = state_.push(entry.below(), below, pushed, order);
    if (before.has(word::locked)) return {};
    return {pushed(before), entry};
  }

  // Effects: takes all entries, and DIRTY with them. Precondition: the caller is the holder.
  // Returns: the entry pushed last.
  inbox_entry collect(word& now) noexcept {
    if (!now.has_news()) return {};
    // [single.5] acquire/relaxed: takes over entries and waiters; pairs with [sem.6], [single.1].
    state_.update(
        now, [](word w) { return maybe(w.with_inbox({}).without(word::dirty)); },
        memory_order_acquire, memory_order_relaxed);
    const inbox_entry top = now.inbox();
    now = now.with_inbox({}).without(word::dirty);
    return top;
  }

 private:
  state_cell<word> state_;
};

PAWL_END
