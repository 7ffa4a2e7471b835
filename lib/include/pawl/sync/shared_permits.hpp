#pragma once
// Readers, writers, and who may become a writer: the store behind shared_mutex.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/lending_store.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/state_word.hpp>
#include <pawl/sync/two_part_queue.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// The word of a lock that is shared:
//
//   bits     | what
//   0 to 5   | flags (state_word.hpp)
//   6        | WRITERS_FIRST: the policy is writer_preferring; never changes
//   7        | UPGRADABLE: one of the readers may become the writer
//   8 to 29  | READERS that have the lock now, the upgradable one included
//   30       | WRITER has the lock
//   31 to 52 | the most readers at a time; never changes
//   53 to 61 | 0
//   62, 63   | BARRED: newcomers are, by QUEUED, POISONED or CLOSED
//
//   UPGRADABLE READERS WRITER | the lock is
//    0          0       0     | free
//    0          n       0     | read by n
//    1          n       0     | read by n, one of them upgradable
//    0          0       1     | written
//   Nothing else occurs.
//
// What a call asks for, and what a guard holds, is a number in units of bit 7, which is added to
// the word when it is granted: `reader`, `upgradable`, `writer`. An upgrade asks for the
// difference, `upgrade`; a downgrade gives back such a difference. The four tell calls apart.
class shared_word : public state_word<shared_word> {
 public:
  static constexpr rep writers_first = 64;

  static constexpr count_t reader = 2;
  static constexpr count_t upgradable = reader + 1;
  static constexpr count_t writer = count_t{1} << 23;
  static constexpr count_t upgrade = writer - upgradable;
  static constexpr count_t max_permits = writer;  // of one call

  static constexpr count_t most_readers = (count_t{1} << 22) - 1;

  using state_word::state_word;
  // Precondition: limit <= most_readers.
  constexpr shared_word(count_t limit, rep flags) noexcept
      : shared_word(shared_word(limit << limit_shift).with(flags)) {}

  [[nodiscard]] constexpr shared_word with(rep flags) const noexcept {
    return shared_word(bits() | flags | ((flags & barring) != 0 ? barred : 0));
  }
  [[nodiscard]] constexpr shared_word without(rep flags) const noexcept {
    const rep rest = bits() & ~flags;
    return shared_word((rest & barring) != 0 ? rest : rest & ~barred);
  }

  [[nodiscard]] constexpr count_t limit() const noexcept {
    return bits() >> limit_shift & most_readers;
  }
  [[nodiscard]] constexpr count_t readers() const noexcept {
    return bits() >> readers_shift & most_readers;
  }
  [[nodiscard]] constexpr bool is_free() const noexcept { return held() == 0; }
  [[nodiscard]] constexpr bool is_written() const noexcept { return has(writer_bit); }

  // Returns: what a waiter that asks for `unit` gets, which is that; nothing if it has to wait.
  [[nodiscard]] constexpr maybe<count_t> share(count_t, count_t unit) const noexcept {
    return unbarred().admits(unit) ? maybe(unit) : std::nullopt;
  }

  // Returns: what a call gets that has not waited.
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t, count_t unit) const noexcept {
    return admits(unit) ? maybe(unit) : std::nullopt;
  }

  // Returns: whether a newcomer may take `unit` without waiting. An upgrade comes before all who
  //   wait: they could not have the lock before it.
  [[nodiscard]] constexpr bool admits(count_t unit) const noexcept {
    switch (unit) {
      case reader:
        return !has(barred | (fault::reader_joins_writer ? 0 : writer_bit)) && has_room();
      case upgradable:
        return !has(barred | writer_bit | (fault::two_upgradables ? 0 : upgradable_bit)) &&
               has_room();
      case writer:
        return !has(barred | all_units);
      default:
        return held() == upgradable && !has(failed);
    }
  }

  // Returns: whether `unit`, which is held, can be given back without a look at the queue. False if
  //   exceptions were in flight when it was granted (held_permits): that is a number from 2^48, and
  //   takes the difference below zero; BARRED makes it negative whatever is taken away.
  [[nodiscard]] constexpr bool absorbs(count_t unit) const noexcept {
    return static_cast<std::int64_t>(plus(unit).bits()) >= 0;
  }

  [[nodiscard]] constexpr shared_word plus(count_t unit) const noexcept {
    return shared_word(bits() - (unit << shift));
  }
  [[nodiscard]] constexpr shared_word minus(count_t unit) const noexcept {
    return shared_word(bits() + (unit << shift));
  }

  // Returns: the word after `unit`, which is held, was given back. Poison does not void that: it
  //   may be cleared.
  [[nodiscard]] constexpr maybe<shared_word> released(count_t unit) const noexcept {
    return plus(unit);
  }
  [[nodiscard]] constexpr bool voids_releases() const noexcept { return false; }
  [[nodiscard]] constexpr bool overflows() const noexcept { return false; }

  // Returns: how much of `unit` can be given back: all or nothing.
  [[nodiscard]] constexpr count_t room_for(count_t unit) const noexcept {
    return holds(unit) ? unit : 0;
  }

  // Returns: whether who holds `unit` may have left the value half changed.
  [[nodiscard]] static constexpr bool changes_value(count_t unit) noexcept {
    return unit == writer || fault::reader_poisons;
  }

  // Returns: whether nobody gets `wanted` before `held` was given back. What an upgrade comes from,
  //   `upgradable`, does not count.
  [[nodiscard]] static constexpr bool excludes(count_t held, count_t wanted) noexcept {
    switch (wanted) {
      case reader:
        return held == writer;
      case upgradable:
        return held != reader;
      case upgrade:
        return held == reader;
      default:
        return true;
    }
  }

  [[nodiscard]] constexpr bool has_news() const noexcept { return has(dirty); }

 private:
  static constexpr unsigned shift = 7;
  static constexpr unsigned readers_shift = 8;
  static constexpr unsigned limit_shift = 31;
  static constexpr rep upgradable_bit = rep{1} << shift;
  static constexpr rep writer_bit = writer << shift;
  static constexpr rep all_units = (2 * writer - 1) << shift;
  static constexpr rep barred = rep{3} << 62;
  static constexpr rep barring = failed | queued;

  [[nodiscard]] constexpr shared_word unbarred() const noexcept {
    return shared_word(bits() & ~(barred | barring));
  }

  // Whether there may be one more reader. Precondition: not BARRED, so that the limit is alone.
  [[nodiscard]] constexpr bool has_room() const noexcept {
    return readers() < bits() >> limit_shift;
  }

  // All units that are held.
  [[nodiscard]] constexpr count_t held() const noexcept { return (bits() & all_units) >> shift; }

  [[nodiscard]] constexpr bool holds(count_t unit) const noexcept {
    switch (unit) {
      case reader:
        return readers() > (has(upgradable_bit) ? 1 : 0);
      case upgradable:
        return has(upgradable_bit);
      default:
        return is_written();
    }
  }
};

// Who is next: see shared_mutex.
class shared_permits : public lending_store<shared_word> {
 public:
  using queue = two_part_queue;
  using lending_store::lending_store;

  // Effects: the arrival takes its place: first of all if it upgrades (SHARED-UPGRADE); if writers
  //   come first, the readers are the rear part.
  static void insert(two_part_queue& queue, waiter& w, word now) noexcept {
    const count_t unit = w.weight();
    if (unit == word::upgrade && !fault::upgrade_in_line) {
      queue.push_front(w);
    } else if (!now.has(word::writers_first)) {
      queue.push_back(w);
    } else if (unit == word::reader || unit == word::upgradable) {
      queue.push_rear(w);
    } else {
      queue.push_before_rear(w);
    }
  }

  // Returns: whom to decide next. Of the rear part, it is the first that was overtaken often enough
  //   (SHARED-BYPASS).
  static waiter* next(const two_part_queue& queue, word now) noexcept {
    waiter* w = queue.front();
    if (w == nullptr || now.has(word::failed)) return w;
    if (w->weight() == word::writer && queue.rear() != nullptr &&
        queue.times_overtaken() >= limits::bypass_limit && !fault::unbounded_bypass) {
      w = queue.rear();
    }
    return now.share(w->weight(), w->weight()) ? w : nullptr;
  }

  static void granted(two_part_queue& queue, waiter& w) noexcept {
    const bool overtakes = w.weight() == word::writer;
    queue.remove(w);
    if (overtakes) queue.note_overtaken();
  }
};

PAWL_END
