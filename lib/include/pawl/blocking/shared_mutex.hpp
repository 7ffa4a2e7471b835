#pragma once
// A readers-writer lock of eight bytes that blocks threads.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/blocking/known_owner.hpp>
#include <pawl/blocking/parking_table.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// The word of a shared_mutex.
//
//   part     | means                                 | changed by
//   PARKED   | threads are queued for it             | who queues first, who takes the last one
//            |                                       | off, both with the bucket locked
//   WRITER   | somebody has it exclusively           | that one, or who hands it over to him
//   UPGRADER | somebody reads, and may become WRITER | the same
//   readers  | how many others read                  | each reader, or who lets him in
//
//   WRITER excludes all others; there is one UPGRADER at a time, beside any number of readers.
//   While PARKED is set, the word changes only with the bucket locked (SHARED-STILL): so whoever
//   has locked it can let others in by a plain store.
class rw_word {
 public:
  using rep = std::uint64_t;

  static constexpr rep parked = 1;
  static constexpr rep writer = 2;
  static constexpr rep upgrader = 4;
  static constexpr rep reader = 8;  // one of them

  constexpr explicit rw_word(rep bits) noexcept : bits_(bits) {}

  [[nodiscard]] constexpr rep bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr bool has(rep flag) const noexcept { return (bits_ & flag) != 0; }
  [[nodiscard]] constexpr rep readers() const noexcept { return bits_ / reader; }

  // Returns: whether somebody has what is counted by `share`.
  [[nodiscard]] constexpr bool is_held(rep share) const noexcept {
    return share == reader ? readers() != 0 : has(share);
  }

  // Returns: whether `share` goes with what others have. PARKED aside.
  [[nodiscard]] constexpr bool admits(rep share) const noexcept {
    if (share == writer) return (bits_ & ~parked) == 0;
    return !has(writer) && (share == reader || !has(upgrader));
  }

  // Returns: the word after somebody who had `from` has `to` instead; 0: nothing.
  [[nodiscard]] constexpr rw_word exchanged(rep from, rep to) const noexcept {
    return rw_word(bits_ - from + to);
  }

 private:
  rep bits_;
};

}  // namespace detail

namespace blocking {

// Has the members of std::shared_timed_mutex, so that std::unique_lock and std::shared_lock work
// with it; and, by the names that Boost gives them, those of an upgradable lock: one reader at a
// time may have the right to become the writer.
//
// Order: first come, first served (SHARED-FIFO). Whoever waits is handed the lock, readers that are
//   next to each other together; a newcomer queues if anybody waits, reader or writer, so that
//   neither starves. Two things go ahead: the upgrade of who reads already, and
//   lock_shared_recursive().
// Memory ordering: whatever its holders did happens before the return of the next writer; what a
//   writer did happens before that of the next readers (SHARED-HB). So it is for upgrading and
//   downgrading. What fails to lock has acquired nothing.
// Cancel safety: a wait that was ended by its stop or deadline leaves nothing behind; those behind
//   it go on.
// Allocation: none. Where a waiter resumes: on its thread.
// Complexity: one look and one read-modify-write lock, likewise unlock, where nobody waits; else
//   linear in the number of threads that wait in the same bucket.
// Errors: unlocking what nobody has throws std::logic_error, and nothing has changed. Built with
//   PAWL_DEBUG, so does waiting without a limit for what the calling thread keeps from itself: to
//   write or upgrade while it reads, to do anything while it writes, two upgradable locks. To read
//   while it reads may succeed, and is not judged.
class shared_mutex {
  static constexpr bool is_told = detail::known_owner::is_known;  // who waits for himself

 public:
  constexpr shared_mutex() noexcept = default;
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;

  // Precondition: nobody has it or waits for it. Whoever had it last may destroy it.
  ~shared_mutex() = default;

  // Effects: waits until the calling thread has the lock alone. Precondition: it has it in no way.
  void lock() noexcept(!is_told) { take(word::writer); }
  [[nodiscard]] bool lock(stop_token token) noexcept { return take(word::writer, token); }
  [[nodiscard]] bool try_lock() noexcept { return own_if(word::writer, try_take(word::writer)); }
  [[nodiscard]] bool try_lock_until(steady_clock::time_point deadline) noexcept {
    return take_until(word::writer, deadline);
  }
  [[nodiscard]] bool try_lock_for(steady_clock::duration timeout) noexcept {
    return try_lock_until(detail::deadline_after(timeout));
  }
  void unlock() { give(word::writer); }

  // Effects: waits until the calling thread has the lock together with other readers.
  // Precondition: it has it in no way, or a writer that waits in between makes it wait for itself.
  void lock_shared() noexcept(!is_told) { take(word::reader); }
  [[nodiscard]] bool lock_shared(stop_token token) noexcept { return take(word::reader, token); }
  [[nodiscard]] bool try_lock_shared() noexcept {
    return own_if(word::reader, try_take(word::reader));
  }
  [[nodiscard]] bool try_lock_shared_until(steady_clock::time_point deadline) noexcept {
    return take_until(word::reader, deadline);
  }
  [[nodiscard]] bool try_lock_shared_for(steady_clock::duration timeout) noexcept {
    return try_lock_shared_until(detail::deadline_after(timeout));
  }
  void unlock_shared() { give(word::reader); }

  // Effects: as lock_shared(), but goes ahead of all who wait, so that a thread that reads already
  //   may call it. Readers that do so all the time starve writers.
  void lock_shared_recursive() noexcept(!is_told) {
    if (!try_lock_shared_recursive()) take(word::reader);
  }
  [[nodiscard]] bool try_lock_shared_recursive() noexcept {
    return own_if(word::reader, try_take_recursively());
  }

  // Effects: waits until the calling thread has the lock together with readers, and it alone may
  //   become the writer.
  void lock_upgrade() noexcept(!is_told) { take(word::upgrader); }
  [[nodiscard]] bool lock_upgrade(stop_token token) noexcept { return take(word::upgrader, token); }
  [[nodiscard]] bool try_lock_upgrade() noexcept {
    return own_if(word::upgrader, try_take(word::upgrader));
  }
  [[nodiscard]] bool try_lock_upgrade_until(steady_clock::time_point deadline) noexcept {
    return take_until(word::upgrader, deadline);
  }
  [[nodiscard]] bool try_lock_upgrade_for(steady_clock::duration timeout) noexcept {
    return try_lock_upgrade_until(detail::deadline_after(timeout));
  }
  void unlock_upgrade() { give(word::upgrader); }

  // Effects: from the right to become the writer, to the writer: waits until the readers have left,
  //   ahead of all who wait. Nobody writes in between (SHARED-UPGRADE).
  // Returns: whether it has become the writer; if not, it has what it had.
  void unlock_upgrade_and_lock() {
    detail::known_owner::refuse(this, word::reader,
                                "shared_mutex: upgrade by a thread that reads, too, and would wait "
                                "for itself; unlock_shared() first");
    static_cast<void>(upgrade({}));
  }
  [[nodiscard]] bool unlock_upgrade_and_lock(stop_token token) {
    return !token.stop_requested() && upgrade({.token = token});
  }
  [[nodiscard]] bool try_unlock_upgrade_and_lock();
  [[nodiscard]] bool try_unlock_upgrade_and_lock_until(steady_clock::time_point deadline) {
    return upgrade({.deadline = deadline});
  }
  [[nodiscard]] bool try_unlock_upgrade_and_lock_for(steady_clock::duration timeout) {
    return try_unlock_upgrade_and_lock_until(detail::deadline_after(timeout));
  }

  // Effects: gives up a part of what the thread has, at once; nobody writes in between. Lets in
  //   who is next in line and may come.
  void unlock_and_lock_shared() { exchange(word::writer, word::reader); }
  void unlock_and_lock_upgrade() { exchange(word::writer, word::upgrader); }
  void unlock_upgrade_and_lock_shared() { exchange(word::upgrader, word::reader); }

  // What was true at some moment during the call.
  [[nodiscard]] bool is_locked() const noexcept { return look().has(word::writer); }
  [[nodiscard]] bool is_locked_shared() const noexcept {
    return look().readers() != 0 || look().has(word::upgrader);
  }
  [[nodiscard]] bool has_waiters() const noexcept { return look().has(word::parked); }

 private:
  using word = detail::rw_word;
  using rep = word::rep;
  class queued_thread;

  [[nodiscard]] word look() const noexcept {
    // [shared.1] relaxed: a look, or a guess that an exchange will verify.
    return word(state_.load(memory_order_relaxed));
  }

  // Effects: takes the share if it is to be had without waiting and nobody waits.
  bool try_take(rep share) noexcept {
    // [shared.2] acquire/relaxed: SHARED-HB; pairs with [shared.3], [shared.6], [shared.7].
    const memory_order order = fault::order_unless(fault::weak_shared_lock, memory_order_acquire);
    if (share == word::writer) {
      rep free = 0;
      // [shared.10] relaxed: who fails has acquired nothing.
      return state_.compare_exchange_strong(free, share, order, memory_order_relaxed);
    }
    const auto admitted = [share](rep w) { return admits_newcomer(word(w), share); };
    const auto taken = [share](rep w) { return w + share; };
    return attempt(state_, admitted, taken, order) || try_take_again(share);
  }
  static bool admits_newcomer(word seen, rep share) noexcept {
    return !seen.has(word::parked) && seen.admits(share);
  }

  void take(rep share) noexcept(!is_told) {
    if (!try_take(share)) [[unlikely]] {
      detail::known_owner::refuse(this, excluding(share));
      static_cast<void>(take_slowly(share, {}));
    }
    own_if(share, true);
  }
  bool take(rep share, stop_token token) noexcept {
    return !token.stop_requested() && take_within(share, {.token = token});
  }
  bool take_until(rep share, steady_clock::time_point deadline) noexcept {
    return take_within(share, {.deadline = deadline});
  }
  bool take_within(rep share, const detail::patience& limit) noexcept {
    return own_if(share, try_take(share) || take_slowly(share, limit));
  }
  bool own_if(rep share, bool is_taken) noexcept {
    if (is_taken) detail::known_owner::begin(this, share);
    return is_taken;
  }
  bool own_upgraded_if(bool is_taken) noexcept {
    if (is_taken) detail::known_owner::end(this, word::upgrader);
    return own_if(word::writer, is_taken);
  }
  // Returns: what nobody may have for another share to be taken.
  static constexpr rep excluding(rep share) noexcept {
    if (share == word::reader) return word::writer;
    if (share == word::upgrader) return word::writer | word::upgrader;
    return word::writer | word::upgrader | word::reader;
  }

  void give(rep share) { exchange(share, 0); }
  void exchange(rep from, rep to) {
    detail::known_owner::end(this, from);
    if (!try_exchange(from, to)) [[unlikely]] {
      if (!try_exchange_again(from, to)) exchange_slowly(from, to);
    }
    if (to != 0) detail::known_owner::begin(this, to);
  }
  // Returns: false also if somebody waits, or `from` is not held.
  bool try_exchange(rep from, rep to) noexcept {
    // [shared.3] release/relaxed: SHARED-HB, the other half; pairs with [shared.2], [shared.4],
    // [shared.5], [shared.8], [shared.9].
    const memory_order order = fault::order_unless(fault::weak_shared_unlock, memory_order_release);
    if (from == word::writer) {
      rep alone = from;
      // [shared.11] relaxed: who fails looks again.
      return state_.compare_exchange_strong(alone, to, order, memory_order_relaxed);
    }
    const auto quiet = [from](rep w) { return is_held_in_quiet(word(w), from); };
    const auto exchanged = [from, to](rep w) { return word(w).exchanged(from, to).bits(); };
    return attempt(state_, quiet, exchanged, order);
  }
  static bool is_held_in_quiet(word seen, rep share) noexcept {
    return !seen.has(word::parked) && seen.is_held(share);
  }

  // The same after another thread has interfered, until none does.
  [[gnu::cold, gnu::noinline]] bool try_take_again(rep share) noexcept;
  bool try_take_recursively() noexcept;
  [[gnu::cold, gnu::noinline]] bool try_exchange_again(rep from, rep to) noexcept;

  [[gnu::cold, gnu::noinline]] bool take_slowly(rep share, const detail::patience&) noexcept;
  [[gnu::cold, gnu::noinline]] void exchange_slowly(rep from, rep to);
  bool upgrade(const detail::patience&);
  void require_upgrader() const;
  bool take_or_announce(const queued_thread& me) noexcept;
  void let_in(detail::parking_bucket& here, word now) noexcept;

  atomic<rep> state_{0};
};

}  // namespace blocking

PAWL_END
