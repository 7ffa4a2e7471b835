#pragma once
// Model backend: an atomic object whose operations are events of the checker.

#include <pawl/backend/model/source_location.hpp>
#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

PAWL_BEGIN

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

namespace detail {

namespace rt = ::pawl::check::rt;

template <class T>
constexpr rt::word to_word(T value) noexcept {
  if constexpr (std::is_pointer_v<T>) {
    // A null pointer is a constant expression, so that objects can be constant-initialised.
    return value == nullptr ? 0 : reinterpret_cast<rt::word>(value);
  } else if constexpr (std::is_enum_v<T>) {
    return to_word(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? 1 : 0;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::make_unsigned_t<T>>(value);
  } else {
    struct bytes {
      unsigned char of[sizeof(T)];
    };
    const auto room = std::bit_cast<bytes>(value);
    rt::word w = 0;  // Little-endian, as everything that pawl runs on.
    for (std::size_t i = sizeof(T); i-- > 0;) w = (w << 8) | room.of[i];
    return w;
  }
}

template <class T>
T from_word(rt::word w) noexcept {
  struct bytes {
    unsigned char of[sizeof(T)];
  } room;
  std::memcpy(room.of, &w, sizeof(room.of));
  return std::bit_cast<T>(room);
}

template <class T>
constexpr rt::show_as shown_as() {
  if constexpr (std::is_same_v<T, bool>)
    return rt::show_as::boolean;
  else if constexpr (std::is_pointer_v<T>)
    return rt::show_as::pointer;
  else if constexpr (std::is_integral_v<T>)
    return std::is_signed_v<T> ? rt::show_as::signed_integer : rt::show_as::unsigned_integer;
  else
    return rt::show_as::bytes;
}

constexpr memory_order failure_of(memory_order o) noexcept {
  return o == memory_order_acq_rel   ? memory_order_acquire
         : o == memory_order_release ? memory_order_relaxed
                                     : o;
}

// Which types have which arithmetic, as in std::atomic.
template <class T>
concept integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
concept summable = integer<T> || std::is_floating_point_v<T> ||
                   (std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>);

// Conditions and updates travel to the engine by value: see rt::predicate.
template <class F>
concept engine_function = std::is_trivially_copyable_v<F> && sizeof(F) <= 2 * sizeof(rt::word);

template <class F>
F captured(const rt::word* words) {
  struct bytes {
    unsigned char of[sizeof(F)];
  } room;
  std::memcpy(room.of, words, sizeof(F));
  return std::bit_cast<F>(room);
}

template <class T, class Pred>
rt::predicate to_predicate(Pred p) {
  static_assert(engine_function<Pred>, "a condition captures at most 16 trivially copyable bytes");
  rt::predicate out{[](const rt::word* words, rt::word v) -> bool {
                      return captured<Pred>(words)(from_word<T>(v));
                    },
                    {}};
  if constexpr (!std::is_empty_v<Pred>) std::memcpy(out.captured, &p, sizeof(Pred));
  return out;
}

template <class T, class Fn>
rt::update to_update(Fn f) {
  static_assert(engine_function<Fn>, "an update captures at most 16 trivially copyable bytes");
  rt::update out{[](const rt::word* words, rt::word v) -> rt::word {
                   return to_word<T>(captured<Fn>(words)(from_word<T>(v)));
                 },
                 {}};
  if constexpr (!std::is_empty_v<Fn>) std::memcpy(out.captured, &f, sizeof(Fn));
  return out;
}

}  // namespace detail

// std::atomic's named operations; every one of them is an event, with the place that called it.
template <class T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8,
                "the model backend has atomics of at most 8 bytes");
  using where = source_location;
  // What is added to a value: to a pointer, a number of objects.
  using operand = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  constexpr atomic() noexcept : atomic(T{}) {}
  constexpr atomic(T value, where at = where::current()) noexcept
      : object_{detail::to_word(value), 0, 0, sizeof(T), detail::shown_as<T>()} {
    if (!std::is_constant_evaluated()) detail::rt::atomic_begin(object_, at);
  }
  constexpr ~atomic() {
    if (!std::is_constant_evaluated()) detail::rt::atomic_end(object_, where::current());
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(memory_order o = memory_order_seq_cst, where at = where::current()) const noexcept {
    return detail::from_word<T>(detail::rt::load(object_, o, at));
  }
  void store(T value, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    detail::rt::store(object_, detail::to_word(value), o, at);
  }
  T exchange(T value, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept {
    return fetch(detail::rt::rmw::exchange, detail::to_word(value), o, at);
  }
  bool compare_exchange_strong(T& expected, T desired, memory_order success, memory_order failure,
                               where at = where::current()) noexcept {
    return compare_exchange(expected, desired, false, success, failure, at);
  }
  bool compare_exchange_strong(T& expected, T desired, memory_order o = memory_order_seq_cst,
                               where at = where::current()) noexcept {
    return compare_exchange(expected, desired, false, o, detail::failure_of(o), at);
  }
  bool compare_exchange_weak(T& expected, T desired, memory_order success, memory_order failure,
                             where at = where::current()) noexcept {
    return compare_exchange(expected, desired, true, success, failure, at);
  }
  bool compare_exchange_weak(T& expected, T desired, memory_order o = memory_order_seq_cst,
                             where at = where::current()) noexcept {
    return compare_exchange(expected, desired, true, o, detail::failure_of(o), at);
  }
  T fetch_add(operand n, memory_order o = memory_order_seq_cst,
              where at = where::current()) noexcept
    requires detail::summable<T>
  {
    if constexpr (std::is_floating_point_v<T>)
      return replace([n](T value) { return value + n; }, o, at);
    else
      return fetch(detail::rt::rmw::add, distance(n), o, at);
  }
  T fetch_sub(operand n, memory_order o = memory_order_seq_cst,
              where at = where::current()) noexcept
    requires detail::summable<T>
  {
    if constexpr (std::is_floating_point_v<T>)
      return replace([n](T value) { return value - n; }, o, at);
    else
      return fetch(detail::rt::rmw::sub, distance(n), o, at);
  }
  T fetch_and(T n, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept
    requires detail::integer<T>
  {
    return fetch(detail::rt::rmw::bit_and, detail::to_word(n), o, at);
  }
  T fetch_or(T n, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept
    requires detail::integer<T>
  {
    return fetch(detail::rt::rmw::bit_or, detail::to_word(n), o, at);
  }
  T fetch_xor(T n, memory_order o = memory_order_seq_cst, where at = where::current()) noexcept
    requires detail::integer<T>
  {
    return fetch(detail::rt::rmw::bit_xor, detail::to_word(n), o, at);
  }

  // The engine's view of this object, for the waiting operations of the backend.
  const detail::rt::atomic_object& object() const noexcept { return object_; }
  detail::rt::atomic_object& object() noexcept { return object_; }

 private:
  // Of sums, in words: pointers move by whole objects.
  static detail::rt::word distance(operand n) noexcept {
    if constexpr (std::is_pointer_v<T>)
      return static_cast<detail::rt::word>(n) * sizeof(std::remove_pointer_t<T>);
    else
      return detail::to_word(n);
  }
  // One event, as for the arithmetic that the engine knows: a wait for any value.
  template <class Fn>
  T replace(Fn next, memory_order o, where at) noexcept {
    const auto always = [](T) { return true; };
    return detail::from_word<T>(detail::rt::await_update(object_, detail::to_predicate<T>(always),
                                                         detail::to_update<T>(next), o, at));
  }
  T fetch(detail::rt::rmw kind, detail::rt::word operand, memory_order o, where at) noexcept {
    return detail::from_word<T>(detail::rt::fetch(object_, kind, operand, o, at));
  }
  bool compare_exchange(T& expected, T desired, bool weak, memory_order success,
                        memory_order failure, where at) noexcept {
    detail::rt::word seen = detail::to_word(expected);
    if (detail::rt::compare_exchange(object_, seen, detail::to_word(desired), weak, success,
                                     failure, at))
      return true;
    expected = detail::from_word<T>(seen);
    return false;
  }

  detail::rt::atomic_object object_;
};

// An object, so that an unqualified call does not also find std::atomic_thread_fence by its
// argument.
inline constexpr struct {
  void operator()(memory_order o, source_location at = source_location::current()) const noexcept {
    detail::rt::fence(o, at);
  }
} atomic_thread_fence{};

PAWL_END
