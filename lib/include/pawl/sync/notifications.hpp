#pragma once
// Notifications: the store behind pawl::notify.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/epoch_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/waiter_queue.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of notifications. What a wait asks by, in the place of a number of permits, is the
// generation in which it was made; what it is granted, in the place of their number, is what ended
// it (below), and that is what is passed on if it turns out to be gone.
//
//   field      | bits  | meaning                               | set by         | cleared by
//   flags      | 0-5   | as in every word; none ever FAILED    |                |
//   firsts     | 6-27  | sent to whoever is first in the queue | notify_one     | who is notified
//   lasts      | 28-37 | sent to whoever is last               | notify_last    | who is notified
//   generation | 38-63 | number of broadcasts, modulo its size | notify_waiters | nobody
//
//   QUEUED firsts lasts | what may happen
//    0      0     0     | idle: a wait has to queue, a notification is stored
//    0      1     0     | one is stored: the next wait takes it, more are merged into it
//    1      n     m     | a turn is running that hands them on, or they have just come
//   When the queue runs empty, what is left becomes one that is stored.
//
// A wait whose generation is over is ended by the broadcast, and takes no notification
// (NOTIFY-BROADCAST). The queue has those that are over in front of all others, so a look at its
// first waiter tells.
class notification_word : public state_word<notification_word> {
 public:
  // What ends a wait; what a call sends.
  static constexpr count_t by_broadcast = 0;
  static constexpr count_t to_first = 1;
  static constexpr count_t to_last = 2;
  static constexpr count_t to_all = 3;

  static constexpr count_t max_permits = (count_t{1} << 26) - 1;  // generations, less one
  static constexpr count_t most_firsts = (count_t{1} << 22) - 1;
  static constexpr count_t most_lasts = (count_t{1} << 10) - 1;

  // As an initial flag: one broadcast was made.
  static constexpr rep after_broadcast = rep{1} << 38;

  using state_word::state_word;
  constexpr notification_word(count_t stored, rep flags) noexcept
      : state_word(flags | (stored != 0 ? a_first : 0)) {}

  [[nodiscard]] constexpr notification_word with(rep f) const noexcept {
    return notification_word(bits() | f);
  }
  [[nodiscard]] constexpr notification_word without(rep f) const noexcept {
    return notification_word(bits() & ~f);
  }

  [[nodiscard]] constexpr count_t generation() const noexcept { return bits() / a_generation; }
  [[nodiscard]] constexpr count_t firsts() const noexcept { return bits() / a_first & most_firsts; }
  [[nodiscard]] constexpr count_t lasts() const noexcept { return bits() / a_last & most_lasts; }

  // Returns: whether a wait of that generation is ended by a broadcast.
  [[nodiscard]] constexpr bool is_over(count_t asked_by) const noexcept {
    return asked_by != generation();
  }

  // Returns: whether that generation has come before this one. (Others may come while the holder of
  //   LOCK looks at an older word.)
  [[nodiscard]] constexpr bool follows(count_t asked_by) const noexcept {
    const count_t since = (generation() - asked_by) & max_permits;
    return since != 0 && since <= max_permits / 2;
  }

  // Returns: what ends the wait of a waiter that is decided now; nothing if it has to wait on.
  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t asked_by) const noexcept {
    if (is_over(asked_by)) return by_broadcast;
    if (firsts() != 0) return to_first;
    if (lasts() != 0) return to_last;
    return std::nullopt;
  }

  // Returns: the same for a call that has not waited.
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t asked_by) const noexcept {
    const bool is_stored = !has(queued) && firsts() != 0;
    if (fault::broadcast_burns_notification && is_stored) return to_first;
    if (is_over(asked_by)) return by_broadcast;
    return is_stored ? maybe(to_first) : std::nullopt;
  }

  // The word after a wait was ended so.
  [[nodiscard]] constexpr notification_word granted(count_t how) const noexcept {
    if (how == by_broadcast) return *this;
    return notification_word(bits() - (how == to_first ? a_first : a_last));
  }
  [[nodiscard]] constexpr notification_word minus(count_t how) const noexcept {
    return granted(how);
  }

  // The word after that was sent. So many that they can't be counted are a broadcast: no
  //   notification is lost.
  [[nodiscard]] constexpr maybe<notification_word> released(count_t what) const noexcept {
    switch (what) {
      case to_first:
        if (!has(queued)) return stored();
        return firsts() == most_firsts ? released(to_all) : notification_word(bits() + a_first);
      case to_last:
        if (!has(queued)) return stored();
        return lasts() == most_lasts ? released(to_first) : notification_word(bits() + a_last);
      case to_all:
        return notification_word(bits() + a_generation);
      default:
        return *this;
    }
  }

  // The holder is through: what is left over is stored, if nobody waits for it.
  [[nodiscard]] constexpr notification_word left(bool queue_is_empty) const noexcept {
    const notification_word unlocked = state_word::left(queue_is_empty);
    const bool is_left_over = unlocked.firsts() != 0 || unlocked.lasts() != 0;
    if (!queue_is_empty || !is_left_over) return unlocked;
    if (fault::leftover_notification_lost) return unlocked.without(counts);
    return fault::notifications_pile_up ? unlocked : unlocked.without(counts).stored();
  }

  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }
  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr rep a_first = rep{1} << 6;
  static constexpr rep a_last = rep{1} << 28;
  static constexpr rep a_generation = after_broadcast;
  static constexpr rep counts = a_generation - a_first;

  [[nodiscard]] constexpr notification_word stored() const noexcept { return with(a_first); }
};

class notifications : public epoch_store<notification_word> {
 public:
  constexpr notifications(count_t stored, word::rep flags) noexcept
      : epoch_store(word(stored, flags)) {}

  // Effects: ends a wait that need not queue.
  // Returns: false also if another thread interfered.
  [[gnu::always_inline]] bool try_take(count_t asked_by) noexcept {
    const auto share = [asked_by](word now) { return now.newcomer_share(asked_by, asked_by); };
    // [note.1] acquire/relaxed: NOTIFY-HB: what happened before the notification happens before the
    // return; pairs with [note.2], [sem.6].
    const memory_order order = fault::order_unless(fault::weak_wait, memory_order_acquire);
    return state_.attempt([share](word now) { return share(now).has_value(); },
                          [share](word now) { return now.granted(*share(now)); }, order);
  }

  // Effects: sends it, if nobody waits. One that is stored already is exchanged, too, for the sake
  //   of NOTIFY-HB.
  // Returns: false also if another thread interfered.
  [[gnu::always_inline]] bool try_put(count_t what) noexcept {
    // [note.2] release/relaxed: NOTIFY-HB, the other half; pairs with [note.1], [sem.6], [sem.16],
    // [sem.22].
    const memory_order order = fault::order_unless(fault::weak_notify, memory_order_release);
    return state_.attempt([](word now) { return !now.has(word::queued); },
                          [what](word now) { return *now.released(what); }, order);
  }

  // Effects: the arrival takes its place: those whose generation is over are in front.
  static void insert(waiter_queue& queue, waiter& w, word now) noexcept {
    if (now.follows(w.weight()) && !fault::late_arrival_queued) {
      queue.push_front(w);
    } else {
      queue.push_back(w);
    }
  }

  // Returns: whether a broadcast has told w, who withdraws: then it was in time.
  static maybe<count_t> due(const waiter& w, word now) noexcept {
    if (!now.follows(w.weight())) return std::nullopt;
    return word::by_broadcast;
  }

  // Returns: whom to decide next.
  static waiter* next(const waiter_queue& queue, word now) noexcept {
    waiter* const first = queue.front();
    if (first == nullptr || now.is_over(first->weight()) || now.firsts() != 0) return first;
    return now.lasts() != 0 ? queue.back() : nullptr;
  }
};

PAWL_END
