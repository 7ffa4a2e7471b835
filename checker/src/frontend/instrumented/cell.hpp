// What is known of 8 aligned bytes of a program's memory: a granule.
//
// An access stays in the granule's cell until another one makes it unnecessary: one that covers its
// bytes, is a write if it was one, and happens after it; whatever races with the former also races
// with the latter, or with an access before. The end of an allocation covers all accesses to it, so
// that none of them stands beside it. Atomic accesses are not noted; the graph has them.
//
// Bytes of heaps outside of allocations are marked like those of atomic objects, so that accesses
// within take no test of their own. What an execution has not allocated yet is found out when a
// cell is first used in it; headers of blocks, and what lies between blocks, are marked with the
// allocation (bounds.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
  access() = default;
  access(const void* code, engine::thread_index t, std::uint32_t at, std::uint8_t bytes,
         bool writes, bool frees = false)
      : code_(code),
        what_(std::uint64_t{at} | std::uint64_t{t} << 32 | std::uint64_t{bytes} << 40 |
              std::uint64_t{writes} << 48 | std::uint64_t{frees} << 49) {}
  /// Of the running thread, now.
  [[nodiscard]] static access now(const engine::runtime& r, const void* code, std::uint8_t bytes,
                                  bool writes, bool frees = false) {
    return {code, r.running(), r.thread(r.running()).executed, bytes, writes, frees};
  }
  /// The same, to other bytes.
  [[nodiscard]] access to(std::uint8_t bytes) const {
    access a = *this;
    a.what_ = (what_ & ~all_bytes) | std::uint64_t{bytes} << 40;
    return a;
  }

  /// The address behind the instruction.
  [[nodiscard]] const void* code() const { return code_; }
  [[nodiscard]] std::int32_t at() const { return static_cast<std::int32_t>(what_); }
  [[nodiscard]] engine::thread_index thread() const { return what_ >> 32 & 0xff; }
  [[nodiscard]] std::uint8_t bytes() const { return static_cast<std::uint8_t>(what_ >> 40); }
  [[nodiscard]] bool writes() const { return (what_ & writing) != 0; }
  [[nodiscard]] bool frees() const { return (what_ & freeing) != 0; }

  [[nodiscard]] bool has_thread_of(access other) const {
    return ((what_ ^ other.what_) & whose) == 0;
  }
  [[nodiscard]] bool meets(access other) const { return (what_ & other.what_ & all_bytes) != 0; }
  /// Unless one happens before the other, they race.
  [[nodiscard]] bool conflicts_with(access other) const {
    return meets(other) && ((what_ | other.what_) & writing) != 0;
  }
  /// Once it happens after `former`, that need not be known any more.
  [[nodiscard]] bool covers(access former) const {
    return (former.what_ & ~what_ & (all_bytes | writing)) == 0 && !former.frees();
  }
  /// By the same thread to the same bytes, and covers it.
  [[nodiscard]] bool replaces(access former) const {
    return ((what_ ^ former.what_) & (whose | all_bytes)) == 0 &&
           (former.what_ & ~what_ & (writing | freeing)) == 0;
  }
  /// It adds nothing to `former`: the same, but perhaps a read where that wrote.
  [[nodiscard]] bool is_known_by(access former) const {
    return ((what_ ^ former.what_) & ~writing) == 0 && former.writes();
  }

 private:
  static constexpr std::uint64_t whose = std::uint64_t{0xff} << 32;
  static constexpr std::uint64_t all_bytes = std::uint64_t{0xff} << 40;
  static constexpr std::uint64_t writing = std::uint64_t{1} << 48;
  static constexpr std::uint64_t freeing = std::uint64_t{1} << 49;

  const void* code_;
  std::uint64_t what_;
};

/// Those that a cell has no room for: many threads read what one has written.
struct further_accesses {
  std::uint32_t readers = 0;                    ///< A bit for each of `reads`, …
  std::array<access, rt::max_threads> reads{};  ///< … one of a thread.
  std::vector<access> others;

  /// Is there room for the read, and nothing that it may race with?
  [[nodiscard]] bool takes(access read) const {
    return others.empty() &&
           ((readers >> read.thread() & 1) == 0 || read.covers(reads[read.thread()]));
  }
  void take(access read) {
    readers |= 1u << read.thread();
    reads[read.thread()] = read;
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
  std::array<access, inline_accesses> accesses;

  /// Effects: nothing is known of it in this run but this.
  void begin(std::uint32_t new_run, std::uint8_t bytes_outside) {
    run = new_run;
    more = 0;
    count = begins = 0;
    atomics = outside = bytes_outside;
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
    if (a.is_known_by(former)) return role::knows;
    const bool ordered = is_before(former, a, before);
    if (former.frees() || (!ordered && a.conflicts_with(former))) return role::prevents;
    return ordered && a.covers(former) ? role::goes : role::stays;
  }

  /// A former access that `a` races with, or that freed its memory; null: there is none.
  [[nodiscard]] const access* conflict(access a, happened_before, const further_pool&) const;
  /// Effects: what races with `a` will be seen. Precondition: there is no conflict.
  void note(access a, happened_before, further_pool&);
  /// Both, in the usual case: returns false, and has done nothing, if there may be a conflict or
  /// too many accesses are known.
  [[nodiscard]] bool note_ordered(access a, happened_before, further_pool&);
  /// All that is known happens before `a`, and its memory was not freed.
  [[nodiscard]] bool is_all_before(access a, happened_before before) const {
    return more == 0 && std::all_of(accesses.begin(), accesses.begin() + count, [=](access former) {
             return !former.frees() && is_before(former, a, before);
           });
  }
};
static_assert(sizeof(cell) == 64);

}  // namespace pawl::check::instrumented
