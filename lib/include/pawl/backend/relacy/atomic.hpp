#pragma once
// Relacy backend: an atomic object is one of Relacy's.

#include <pawl/backend/relacy/engine.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

PAWL_BEGIN

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

namespace detail {

inline rl::memory_order to_relacy(memory_order o) noexcept {
  switch (o) {
    case memory_order_relaxed:
      return rl::mo_relaxed;
    case memory_order_acquire:
      return rl::mo_acquire;
    case memory_order_release:
      return rl::mo_release;
    case memory_order_acq_rel:
      return rl::mo_acq_rel;
    default:
      return rl::mo_seq_cst;
  }
}

}  // namespace detail

// std::atomic's named operations. Relacy prints values and knows integers and pointers only, so
// everything is kept in a word.
template <class T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8,
                "the relacy backend has atomics of at most 8 bytes");
  using where = source_location;
  using word = std::uint64_t;

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  constexpr atomic() noexcept : atomic(T{}) {}
  constexpr atomic(T value, where at = where::current()) noexcept : nothing_() {
    if (!std::is_constant_evaluated()) begin(value, at);
  }
  constexpr ~atomic() {
    if (!std::is_constant_evaluated()) std::destroy_at(&object_);
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(memory_order o = memory_order_seq_cst, where at = where::current()) const noexcept {
    return to_value(object_.load(detail::to_relacy(o), detail::debug_info(at)));
  }
  void store(T value, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    object_.store(to_word(value), detail::to_relacy(o), detail::debug_info(at));
  }
  T exchange(T value, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    return to_value(object_.exchange(to_word(value), detail::to_relacy(o), detail::debug_info(at)));
  }
  bool compare_exchange_strong(T& expected, T desired, memory_order success, memory_order failure,
                               where at = where::current()) noexcept {
    return compare_exchange(rl::bool_t<false>(), expected, desired, success, failure, at);
  }
  bool compare_exchange_strong(T& expected, T desired, memory_order o = memory_order_seq_cst,
                               where at = where::current()) noexcept {
    return compare_exchange(rl::bool_t<false>(), expected, desired, o, failure_of(o), at);
  }
  bool compare_exchange_weak(T& expected, T desired, memory_order success, memory_order failure,
                             where at = where::current()) noexcept {
    return compare_exchange(rl::bool_t<true>(), expected, desired, success, failure, at);
  }
  bool compare_exchange_weak(T& expected, T desired, memory_order o = memory_order_seq_cst,
                             where at = where::current()) noexcept {
    return compare_exchange(rl::bool_t<true>(), expected, desired, o, failure_of(o), at);
  }
  T fetch_add(T n, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    static_assert(sizeof(T) == sizeof(word), "a narrower sum would not wrap");
    return to_value(object_.fetch_add(to_word(n), detail::to_relacy(o), detail::debug_info(at)));
  }
  T fetch_sub(T n, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    static_assert(sizeof(T) == sizeof(word), "a narrower difference would not wrap");
    return to_value(object_.fetch_sub(to_word(n), detail::to_relacy(o), detail::debug_info(at)));
  }
  T fetch_and(T bits, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    return to_value(object_.fetch_and(to_word(bits), detail::to_relacy(o), detail::debug_info(at)));
  }
  T fetch_or(T bits, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    return to_value(object_.fetch_or(to_word(bits), detail::to_relacy(o), detail::debug_info(at)));
  }
  T fetch_xor(T bits, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    return to_value(object_.fetch_xor(to_word(bits), detail::to_relacy(o), detail::debug_info(at)));
  }

 private:
  static word to_word(T value) noexcept {
    word w = 0;
    std::memcpy(&w, &value, sizeof(T));
    return w;
  }
  static T to_value(word w) noexcept {
    struct bytes {
      unsigned char of[sizeof(T)];
    } room;
    std::memcpy(room.of, &w, sizeof(T));
    return std::bit_cast<T>(room);
  }
  static memory_order failure_of(memory_order o) noexcept {
    if (o == memory_order_acq_rel) return memory_order_acquire;
    return o == memory_order_release ? memory_order_relaxed : o;
  }

  void begin(T value, where at) noexcept {
    std::construct_at(&object_);
    object_.store(to_word(value), rl::mo_relaxed, detail::debug_info(at));
  }

  template <bool weak>
  bool compare_exchange(rl::bool_t<weak> kind, T& expected, T desired, memory_order success,
                        memory_order failure, where at) noexcept {
    word seen = to_word(expected);
    const bool done =
        object_.compare_exchange(kind, seen, to_word(desired), detail::to_relacy(success),
                                 detail::to_relacy(failure), detail::debug_info(at));
    if (!done) expected = to_value(seen);
    return done;
  }

  union {
    char nothing_;  // so that objects can be constant expressions, which Relacy's are not
    rl::atomic<word> object_;
  };
};

inline void atomic_thread_fence(memory_order o,
                                source_location at = source_location::current()) noexcept {
  rl::atomic_thread_fence(detail::to_relacy(o), detail::debug_info(at));
}

PAWL_END
