#pragma once
// The flags that every synchronizer packs into one word with its permits.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

// A value of the word, with named accessors; the permits are in the bits above the flags (Word).
//
//   flag     | means                                         | set by             | cleared by
//   LOCK     | somebody runs a turn and owns the queue       | who enters         | the holder
//   DIRTY    | there is something new for the holder         | who finds LOCK     | the holder
//   QUEUED   | somebody waits, newcomers go to the queue     | who comes to wait  | the holder (*)
//   POISONED | acquires fail, releases are void              | poison(), overflow | nobody
//   CLOSED   | acquires fail, releases count                 | close()            | nobody
//   LENIENT  | unwinding releases instead of poisoning       | construction       | nobody
//   (*) in the step that drops LOCK, if the queue is empty
//
//   LOCK DIRTY QUEUED | what may happen
//    0    0     0     | idle: acquire and release change the permits, one read-modify-write each
//    0    0     1     | the first in the queue does not fit, or its turn is carried by a baton
//    1    0     1     | a turn is running
//    1    1     1     | a turn is running, and will look again before it ends
//   DIRTY without LOCK, and LOCK without QUEUED, do not occur.
template <class Word>
class state_word {
 public:
  using rep = std::uint64_t;

  static constexpr rep locked = 1;
  static constexpr rep dirty = 2;
  static constexpr rep queued = 4;
  static constexpr rep poisoned = 8;
  static constexpr rep closed = 16;
  static constexpr rep lenient = 32;
  static constexpr rep failed = poisoned | closed;
  static constexpr rep all_flags = 63;

  constexpr state_word() noexcept = default;
  constexpr explicit state_word(rep bits) noexcept : bits_(bits) {}

  [[nodiscard]] constexpr rep bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr bool has(rep any_of) const noexcept { return (bits_ & any_of) != 0; }

  // Precondition: has(failed).
  [[nodiscard]] constexpr verdict failure() const noexcept {
    return has(poisoned) ? verdict::poisoned : verdict::closed;
  }

  // Returns: what a call gets that has not waited, between `least` and `most`; nothing if it has to
  //   wait, be it because others do.
  [[nodiscard]] constexpr maybe<count_t> newcomer_share(count_t least,
                                                        count_t most) const noexcept {
    if (has(queued) && !fault::barging_newcomer) return std::nullopt;
    return word().share(least, most);
  }

  // Returns: what a call waits by that asked for n and has to wait.
  [[nodiscard]] constexpr count_t waits_by(count_t n) const noexcept { return n; }

  // The word after a call has taken its place in the inbox, to wait.
  [[nodiscard]] constexpr Word arrived() const noexcept { return word(); }

  // Returns: whether who holds so much, and dies of an exception, may leave behind what nobody
  //   should trust.
  [[nodiscard]] static constexpr bool changes_value(count_t) noexcept { return true; }

  // The word after a waiter was granted `share`.
  [[nodiscard]] constexpr Word granted(count_t share) const noexcept { return word().minus(share); }

  // The caller has something for the queue: he becomes the holder of LOCK, or tells the holder.
  [[nodiscard]] constexpr Word entered() const noexcept {
    return word().with(queued | (has(locked) ? dirty : locked));
  }

  // The holder is through.
  [[nodiscard]] constexpr Word left(bool queue_is_empty) const noexcept {
    return word().without(locked | (queue_is_empty ? queued : 0) |
                          (fault::dirty_ignored ? dirty : 0));
  }

 private:
  [[nodiscard]] constexpr const Word& word() const noexcept {
    return static_cast<const Word&>(*this);
  }

  rep bits_ = 0;
};

// The atomic word. An integer underneath: that is what compilers keep in registers.
template <class Word>
class state_cell {
 public:
  constexpr explicit state_cell(Word initial) noexcept : bits_(initial.bits()) {}

  [[nodiscard]] Word load(memory_order order,
                          source_location at = source_location::current()) const noexcept {
    if constexpr (requires { bits_.load(order, at); }) {
      return Word(bits_.load(order, at));
    } else {
      return Word(bits_.load(order));
    }
  }

  // Effects: compare_exchange_strong.
  bool replace(Word& expected, Word desired, memory_order success, memory_order failure,
               source_location at = source_location::current()) noexcept {
    auto bits = expected.bits();
    bool done;
    if constexpr (requires { bits_.compare_exchange_strong(bits, bits, success, failure, at); }) {
      done = bits_.compare_exchange_strong(bits, desired.bits(), success, failure, at);
    } else {
      done = bits_.compare_exchange_strong(bits, desired.bits(), success, failure);
    }
    if (!done) expected = Word(bits);
    return done;
  }

  // As pawl::update, attempt and push, for a change of words.
  template <class Change>
  maybe<Word> update(Word& before, Change change, memory_order success, memory_order failure,
                     source_location at = source_location::current()) noexcept {
    rep bits = 0;
    const maybe<rep> after = pawl::update(bits_, bits, of_bits(change), success, failure, at);
    before = Word(bits);
    return after ? maybe(Word(*after)) : std::nullopt;
  }
  template <class Accepts, class Change>
  [[gnu::always_inline]] bool attempt(Accepts accepts, Change change, memory_order success,
                                      source_location at = source_location::current()) noexcept {
    return pawl::attempt(
        bits_, [accepts](rep w) { return accepts(Word(w)); },
        [change](rep w) { return change(Word(w)).bits(); }, success, at);
  }
  template <class Link, class Below, class Change>
  Word push(Link& link, Below below, Change change, memory_order order,
            source_location at = source_location::current()) noexcept {
    return Word(pawl::push(
        bits_, link, [below](rep w) { return below(Word(w)); },
        [change](rep w) { return change(Word(w)).bits(); }, order, at));
  }

 private:
  using rep = typename Word::rep;

  template <class Change>
  static auto of_bits(Change change) noexcept {
    return [change](rep w) {
      const maybe<Word> after = change(Word(w));
      return after ? maybe<rep>(after->bits()) : std::nullopt;
    };
  }

  atomic<rep> bits_;
};

// The word after a step that changed it, in which the caller enters the queue if somebody waits.
template <class Word>
[[nodiscard]] constexpr Word entered_if_queued(Word changed) noexcept {
  return changed.has(Word::queued) ? changed.entered() : changed;
}

// Returns: the word after that step, if the caller is the holder of LOCK now. Otherwise the step
//   was his last access to the object, which may be gone.
template <class Word>
[[nodiscard]] constexpr maybe<Word> held(Word before, Word after) noexcept {
  if (before.has(Word::locked) || !after.has(Word::locked)) return std::nullopt;
  return after;
}

// What became of an entry for the queue: the word, if the caller is the holder of LOCK now, and the
// entry itself, if the step that took LOCK spared it the inbox: then the caller brings it.
template <class Word>
struct submission {
  maybe<Word> now = std::nullopt;
  inbox_entry kept;
};

// Effects: word -> step(word), which enters the queue, or changes what nobody waits for. If step
//   returns nothing, nothing is done. `before` is what it was given.
// Returns: what step returned.
template <class Word, class Step>
maybe<Word> enter_by(state_cell<Word>& state, Word& before, Step step) noexcept {
  // [sem.6] acq_rel/relaxed: releases what the caller leaves to the holder (permits, inbox
  // entries); acquires the queue from the last holder, and what he grants from those who gave it;
  // pairs with [note.1], [note.2], [sem.2], [sem.4], [sem.6], [sem.9], [sem.13], [sem.16],
  // [sem.22], [sem.23], [single.1], [single.2], [single.5], [auto.1], [auto.3], [auto.4], [gate.1],
  // [gate.2], [gate.3].
  const memory_order order = fault::order_unless(fault::weak_enter, memory_order_acq_rel);
  return state.update(before, step, order, memory_order_relaxed);
}

// Effects: word -> change(word), and, if somebody waits in the result, enters the queue: one
//   read-modify-write. If change returns nothing, nothing is done. `before` is what it was given.
// Returns: the word, if the caller is the holder of LOCK now (held).
template <class Word, class Change>
maybe<Word> enter(state_cell<Word>& state, Word& before, Change change) noexcept {
  const maybe<Word> after = enter_by(state, before, [change](Word w) {
    const maybe<Word> changed = change(w);
    return changed ? maybe(entered_if_queued(*changed)) : changed;
  });
  return after ? held(before, *after) : std::nullopt;
}

// Effects: word -> change(word), and enters the queue, if LOCK is free: one read-modify-write.
// Returns: the word, if the caller is the holder of LOCK now.
template <class Word, class Change>
maybe<Word> enter_first(state_cell<Word>& state, Change change) noexcept {
  Word before;
  return enter_by(state, before, [change](Word w) {
    return w.has(Word::locked) ? std::nullopt : maybe(change(w).with(Word::queued | Word::locked));
  });
}

PAWL_END
