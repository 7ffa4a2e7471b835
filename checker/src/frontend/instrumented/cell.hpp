// What is known of 8 aligned bytes of a program's memory: a granule.
//
// An access stays in the granule's cell until another one makes it unnecessary: one that covers its
// bytes, is a write if it was one, and happens after it; whatever races with the former also races
// with the latter, or with an access before. The end of an allocation covers all accesses to it, so
// that none of them stands beside it. Atomic accesses are not noted; the graph has them.
//
// Bytes of heaps outside of allocations are marked like those of atomic objects, so that accesses
// within take no test of their own. An allocation marks the cells that it begins with; others of
// heaps are outside when they are first used in an execution, unless they lie in a large allocation
// (bounds.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "../../engine/runtime.hpp"

namespace pawl::check::instrumented {

inline constexpr std::size_t granule_size = 8;

/// Those of [begin, end) in the granule, a bit each.
[[nodiscard]] inline std::uint8_t bytes_of(std::uintptr_t begin, std::uintptr_t end,
                                           std::uintptr_t granule) {
  const std::uintptr_t from = std::max(begin, granule) - granule;
  const std::uintptr_t to = std::min(end, granule + granule_size) - granule;
  return static_cast<std::uint8_t>((0xffu << from) & (0xffu >> (granule_size - to)));
}

/// A plain access to some bytes of a granule. All but its place is one word, so that two of them
/// are compared by arithmetic:
///
///   bits    what
///    0–31   events of the thread before it
///   32–39   the thread
///   40–47   the bytes, a bit each
///   48      it writes
///   49      it frees: the end of an allocation, which is a write
class access {
 public:
  /// The first two parts of the word: who, and when.
  enum class moment : std::uint64_t {};
  [[nodiscard]] static moment moment_of(engine::thread_index t, std::uint32_t at) {
    return moment{std::uint64_t{at} | std::uint64_t{t} << 32};
  }
  /// Of the running thread, now.
  [[nodiscard]] static moment this_moment(const engine::runtime& r) {
    return moment_of(r.running(), r.thread(r.running()).executed);
  }

  access() = default;
  access(const void* code, moment m, std::uint8_t bytes, bool writes, bool frees = false)
      : code_(code),
        what_(static_cast<std::uint64_t>(m) | std::uint64_t{bytes} << 40 |
              std::uint64_t{writes} << 48 | std::uint64_t{frees} << 49) {}
  access(const void* code, engine::thread_index t, std::uint32_t at, std::uint8_t bytes,
         bool writes, bool frees = false)
      : access(code, moment_of(t, at), bytes, writes, frees) {}
  [[nodiscard]] static access now(const engine::runtime& r, const void* code, std::uint8_t bytes,
                                  bool writes, bool frees = false) {
    return {code, this_moment(r), bytes, writes, frees};
  }
  /// The same, to other bytes.
  [[nodiscard]] access to(std::uint8_t bytes) const {
    access a = *this;
    a.what_ = (what_ & ~(std::uint64_t{all_bytes} << 32)) | std::uint64_t{bytes} << 40;
    return a;
  }

  /// All but its place.
  [[nodiscard]] std::uint64_t what() const { return what_; }
  /// The address behind the instruction.
  [[nodiscard]] const void* code() const { return code_; }
  [[nodiscard]] std::int32_t at() const { return static_cast<std::int32_t>(what_); }
  [[nodiscard]] engine::thread_index thread() const { return how() & whose; }
  [[nodiscard]] std::uint8_t bytes() const { return static_cast<std::uint8_t>(how() >> 8); }
  [[nodiscard]] bool writes() const { return (how() & writing) != 0; }
  [[nodiscard]] bool frees() const { return (how() & freeing) != 0; }

  [[nodiscard]] bool has_thread_of(access other) const {
    return ((how() ^ other.how()) & whose) == 0;
  }
  [[nodiscard]] bool meets(access other) const { return (how() & other.how() & all_bytes) != 0; }
  /// Unless one happens before the other, they race.
  [[nodiscard]] bool conflicts_with(access other) const {
    return meets(other) && ((how() | other.how()) & writing) != 0;
  }
  /// Once it happens after `former`, that need not be known any more.
  [[nodiscard]] bool covers(access former) const {
    return (former.how() & ~how() & (all_bytes | writing)) == 0 && !former.frees();
  }
  /// By the same thread, to the same bytes, but for whether they write.
  [[nodiscard]] bool is_like(access other) const { return ((how() ^ other.how()) & ~writing) == 0; }
  /// The same, and at the same moment.
  [[nodiscard]] bool is_with(access other) const { return at() == other.at() && is_like(other); }
  /// It adds nothing to `former`: the same, but perhaps a read where that wrote.
  [[nodiscard]] bool is_known_by(access former) const { return is_with(former) && former.writes(); }

 private:
  // The upper half of the word.
  [[nodiscard]] std::uint32_t how() const { return static_cast<std::uint32_t>(what_ >> 32); }
  static constexpr std::uint32_t whose = 0xff, all_bytes = 0xff00, writing = 1u << 16,
                                 freeing = 1u << 17;

  const void* code_;
  std::uint64_t what_;
};

/// Those that a cell has no room for: many threads read what one has written.
struct further_accesses {
  std::uint32_t readers = 0;                    ///< A bit for each of `reads`, …
  std::array<access, rt::max_threads> reads{};  ///< … one of a thread.
  std::vector<access> others;

  /// Effects: notes the read, if there is room for it and nothing that it may race with. Returns:
  ///   whether it is noted.
  [[nodiscard]] bool take(access read) {
    const engine::thread_index t = read.thread();
    if (!others.empty() || ((readers >> t & 1) != 0 && !read.covers(reads[t]))) return false;
    readers |= 1u << t;
    reads[t] = read;
    return true;
  }
};

/// Those of all cells of a run.
class further_pool {
 public:
  [[nodiscard]] further_accesses& operator[](std::uint32_t n) { return all_[n]; }
  [[nodiscard]] const further_accesses& operator[](std::uint32_t n) const { return all_[n]; }
  /// Returns: the index of new ones.
  std::uint32_t add(std::uint32_t run);

 private:
  std::uint32_t run_ = 0, count_ = 0;  // In use in this run.
  std::vector<further_accesses> all_;
};

/// For each thread, how many of its events happen before an access.
using happened_before = const engine::clock_value*;

struct alignas(64) cell {
  static constexpr unsigned inline_accesses = 3;
  std::uint32_t run;
  std::uint32_t more;    ///< 1 + index of further accesses; 0: none.
  std::uint8_t count;    ///< Of `accesses`.
  std::uint8_t atomics;  ///< Bytes of atomic objects that live, or outside of allocations …
  std::uint8_t begins;   ///< … and the first byte of each object.
  std::uint8_t outside;  ///< Bytes outside of allocations, in this run …
  std::uint8_t always;   ///< … and in all.
  std::uint8_t unused;   ///< 0: see offset_of_latest().
  /// 1 + the thread on whose stack it lies; 0: on none, or it is known that others use it.
  std::uint8_t stack;
  /// Not 0: accesses are events, each of so many bytes (explored.cpp).
  std::uint8_t unit;
  std::array<access, inline_accesses> accesses;

  /// Effects: nothing is known of it in this run but this.
  void begin(std::uint32_t new_run, std::uint8_t bytes_outside, std::uint8_t whose_stack = 0) {
    run = new_run;
    more = 0;
    count = begins = 0;
    atomics = outside = bytes_outside;
    stack = whose_stack;
  }
  /// It lies on the stack of another thread, and nobody knows yet that this one uses it.
  [[nodiscard]] bool is_on_stack_of_another(engine::thread_index t) const {
    return stack != 0 && stack != t + 1;
  }
  /// Effects: nothing else is known of it: all others happen before `a`, which writes or frees it.
  void know_only(access a) {
    accesses[0] = a;
    count = 1;
  }

  /// True if it is of the run, and has no further accesses.
  [[nodiscard]] bool is_small_in(std::uint32_t that_run) const {
    struct head {
      std::uint32_t run, more;
    };
    return word_at(0) == std::bit_cast<std::uint64_t>(head{that_run, 0});
  }
  /// Effects: notes `a` if the latest access is the same but for its moment, by the same thread:
  ///   then it is enough, since that one would have raced with all that it races with. Returns:
  ///   whether it is. Precondition: is_small_in().
  [[gnu::always_inline]] bool repeat(access a) {
    const std::size_t latest = offset_of_latest();
    if ((word_at(latest + offset_of_what) ^ a.what()) >> 32 != 0) return false;
    std::memcpy(reinterpret_cast<std::byte*>(this) + latest, &a, sizeof a);
    return true;
  }

  /// What becomes of a former access when there is another one.
  enum class role : std::uint8_t {
    knows,     ///< It stays, and the other one need not be noted.
    goes,      ///< The other one is enough.
    stays,     ///< Both are to be noted.
    prevents,  ///< It races with the other one, perhaps, or freed the memory.
  };
  [[nodiscard]] static bool is_before(access former, access a, happened_before before) {
    return a.has_thread_of(former) || before[former.thread()] > former.at();
  }
  [[gnu::always_inline]] static role role_of(access former, access a, happened_before before) {
    if (a.has_thread_of(former)) {
      if (a.is_with(former)) return former.writes() ? role::knows : role::goes;
    } else if (before[former.thread()] <= former.at()) {
      return former.frees() || a.conflicts_with(former) ? role::prevents : role::stays;
    }
    if (former.frees()) return role::prevents;
    return a.covers(former) ? role::goes : role::stays;
  }

  /// A former access that `a` races with, or that freed its memory; null: there is none.
  [[nodiscard]] const access* conflict(access a, happened_before, const further_pool&) const;
  /// Effects: what races with `a` will be seen. Precondition: there is no conflict.
  void note(access a, happened_before, further_pool&);
  /// Both, in the usual case: returns false, and has noted nothing, if there may be a conflict or
  /// too many accesses are known. Former accesses that the new one makes unnecessary are taken away
  /// at once: that does no harm even if it turns out not to be noted.
  [[nodiscard]] bool note_ordered(access a, happened_before before, further_pool& further) {
    return more == 0 ? note_inline(a, before) == result::noted : note_read(a, before, further);
  }
  /// The same, where there are further accesses; false for writes.
  [[nodiscard]] bool note_read(access a, happened_before before, further_pool& further) {
    if (a.writes()) return false;
    for (unsigned i = 0; i < count; ++i)
      if (const access former = accesses[i]; former.writes())
        if (former.frees() || !is_before(former, a, before)) return false;
    return further[more - 1].take(a);
  }
  /// The same, where one access is known, as mostly.
  [[nodiscard, gnu::always_inline]] bool note_second(access a, happened_before before) {
    if (more != 0) return false;
    switch (role_of(accesses[0], a, before)) {
      case role::knows:
        return true;
      case role::goes:
        accesses[0] = a;
        return true;
      case role::stays:
        accesses[1] = a;
        count = 2;
        return true;
      case role::prevents:
        return false;
    }
    return false;
  }
  /// The same, where there are none; false if there are.
  [[nodiscard, gnu::always_inline]] bool note_among_few(access a, happened_before before) {
    if (more != 0) return false;
    if (count == 2 && a.writes() && a.is_like(accesses[0]) && a.is_like(accesses[1])) {
      know_only(a);
      return true;
    }
    return note_inline(a, before) == result::noted;
  }
  /// All that is known happens before `a`, and its memory was not freed.
  [[nodiscard]] bool is_all_before(access a, happened_before before) const {
    if (more != 0) return false;
    for (unsigned i = 0; i < count; ++i)
      if (accesses[i].frees() || !is_before(accesses[i], a, before)) return false;
    return true;
  }

 private:
  enum class result : std::uint8_t { noted, prevented, full };
  [[gnu::always_inline]] result note_inline(access a, happened_before before) {
    access* end = accesses.data();  // Of those that stay.
    const access* const behind = end + count;
    for (const access* former = end; former != behind; ++former) {
      switch (role_of(*former, a, before)) {
        case role::knows:
          return result::noted;
        case role::prevents:
          return result::prevented;
        case role::stays:
          *end++ = *former;
          break;
        case role::goes:
          break;
      }
    }
    if (end == accesses.data() + inline_accesses) return result::full;
    *end++ = a;
    count = static_cast<std::uint8_t>(end - accesses.data());
    return result::noted;
  }

  static constexpr std::size_t offset_of_what = sizeof(void*);
  // If there is none, 16 bytes before the first: its second word is then that of the bytes above,
  // which equals none of an access, since the sixth of them is 0.
  [[nodiscard]] std::size_t offset_of_latest() const { return count * sizeof(access); }
  [[nodiscard]] std::uint64_t word_at(std::size_t offset) const {
    std::uint64_t w;
    std::memcpy(&w, reinterpret_cast<const std::byte*>(this) + offset, sizeof w);
    return w;
  }
};
static_assert(sizeof(cell) == 64 && offsetof(cell, accesses) == sizeof(access));

}  // namespace pawl::check::instrumented
