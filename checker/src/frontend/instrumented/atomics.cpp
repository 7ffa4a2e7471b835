// The hooks of atomic operations, as compilers emit them with -fsanitize=thread.
#include <cstring>
#include <type_traits>

#include "atomic_hooks.hpp"
#include "awaited_load.hpp"
#include "iterations.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

template <class T>
rt::word word_of(T v) {
  return static_cast<std::make_unsigned_t<T>>(v);
}

rt::word all_bits_but(const rt::word* mask, rt::word v) { return ~(v & *mask); }

template <class T>
[[gnu::always_inline]] inline rt::atomic_object& object(runtime& r, const volatile T* p,
                                                        bool writes, const void* code) {
  note_iteration(r, __builtin_frame_address(0), code);
  if (r.watches_spins()) r.note_atomic(const_cast<const T*>(p), sizeof(T));
  return the_shadow.object(r, const_cast<const T*>(p), sizeof(T), writes, code);
}

template <class T>
[[gnu::always_inline]] inline T load(const volatile T* p, int order, const void* code) {
  runtime* const r = active();
  if (r == nullptr) return __atomic_load_n(p, __ATOMIC_SEQ_CST);
  stand_here(*r, nullptr);
  const rt::word v =
      load_or_await(p, object(*r, p, false, code), as_load(order_of(order)), the_sites.at(code));
  r->outer_frame = nullptr;  // A wait has not asked for it.
  return static_cast<T>(v);
}

template <class T>
void store(volatile T* p, T v, int order, const void* code) {
  runtime* const r = active();
  if (r == nullptr) return __atomic_store_n(p, v, __ATOMIC_SEQ_CST);
  rt::store(object(*r, p, true, code), word_of(v), order_of(order), the_sites.at(code));
}

template <class T>
[[gnu::always_inline]] inline T fetch(volatile T* p, rt::rmw kind, T v, int order,
                                      const void* code) {
  runtime* const r = active();
  if (r == nullptr) {
    switch (kind) {
      case rt::rmw::exchange:
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
      case rt::rmw::add:
        return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);
      case rt::rmw::sub:
        return __atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST);
      case rt::rmw::bit_and:
        return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST);
      case rt::rmw::bit_or:
        return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST);
      case rt::rmw::bit_xor:
        return __atomic_fetch_xor(p, v, __ATOMIC_SEQ_CST);
    }
  }
  stand_here(*r, nullptr);
  return static_cast<T>(
      rt::fetch(object(*r, p, true, code), kind, word_of(v), order_of(order), the_sites.at(code)));
}

template <class T>
T fetch_nand(volatile T* p, T v, int order, const void* code) {
  runtime* const r = active();
  if (r == nullptr) return __atomic_fetch_nand(p, v, __ATOMIC_SEQ_CST);
  return static_cast<T>(rt::await_update(object(*r, p, true, code), {any},
                                         {all_bits_but, {word_of(v)}}, order_of(order),
                                         the_sites.at(code)));
}

template <class T>
[[gnu::always_inline]] inline bool compare_exchange(volatile T* p, T* expected, T desired,
                                                    bool weak, int success, int failure,
                                                    const void* code) {
  runtime* const r = active();
  if (r == nullptr)
    return __atomic_compare_exchange_n(p, expected, desired, weak, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
  the_shadow.beside(*r, expected, sizeof(T), false, code);
  stand_here(*r, expected);
  rt::word seen = word_of(*expected);
  const bool done =
      rt::compare_exchange(object(*r, p, false, code), seen, word_of(desired), weak,
                           order_of(success), as_load(order_of(failure)), the_sites.at(code));
  if (done) {
    the_shadow.write_too(*r, const_cast<const T*>(p), sizeof(T), code);  // Only now is it known.
    return true;
  }
  the_shadow.beside(*r, expected, sizeof(T), true, code);
  *expected = static_cast<T>(seen);
  the_shadow.finish_write(*r);
  return false;
}

}  // namespace

#define PAWL_ATOMIC(bits, T)                                                                      \
  PAWL_HOOK T __tsan_atomic##bits##_load(const volatile T* p, int order) {                        \
    __builtin_unwind_init();                                                                      \
    return load<T>(p, order, __builtin_return_address(0));                                        \
  }                                                                                               \
  PAWL_HOOK void __tsan_atomic##bits##_store(volatile T* p, T v, int order) {                     \
    store<T>(p, v, order, __builtin_return_address(0));                                           \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_exchange(volatile T* p, T v, int order) {                     \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::exchange, v, order, __builtin_return_address(0));                 \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_add(volatile T* p, T v, int order) {                    \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::add, v, order, __builtin_return_address(0));                      \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_sub(volatile T* p, T v, int order) {                    \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::sub, v, order, __builtin_return_address(0));                      \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_and(volatile T* p, T v, int order) {                    \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::bit_and, v, order, __builtin_return_address(0));                  \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_or(volatile T* p, T v, int order) {                     \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::bit_or, v, order, __builtin_return_address(0));                   \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_xor(volatile T* p, T v, int order) {                    \
    __builtin_unwind_init();                                                                      \
    return fetch<T>(p, rt::rmw::bit_xor, v, order, __builtin_return_address(0));                  \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_fetch_nand(volatile T* p, T v, int order) {                   \
    return fetch_nand<T>(p, v, order, __builtin_return_address(0));                               \
  }                                                                                               \
  PAWL_HOOK int __tsan_atomic##bits##_compare_exchange_strong(volatile T* p, T* e, T d, int s,    \
                                                              int f) {                            \
    __builtin_unwind_init();                                                                      \
    return compare_exchange<T>(p, e, d, false, s, f, __builtin_return_address(0)) ? 1 : 0;        \
  }                                                                                               \
  PAWL_HOOK int __tsan_atomic##bits##_compare_exchange_weak(volatile T* p, T* e, T d, int s,      \
                                                            int f) {                              \
    __builtin_unwind_init();                                                                      \
    return compare_exchange<T>(p, e, d, true, s, f, __builtin_return_address(0)) ? 1 : 0;         \
  }                                                                                               \
  PAWL_HOOK T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T e, T d, int s, int f) { \
    __builtin_unwind_init();                                                                      \
    compare_exchange<T>(p, &e, d, false, s, f, __builtin_return_address(0));                      \
    return e;                                                                                     \
  }

PAWL_ATOMIC(8, std::uint8_t)
PAWL_ATOMIC(16, std::uint16_t)
PAWL_ATOMIC(32, std::uint32_t)
PAWL_ATOMIC(64, std::uint64_t)

PAWL_HOOK void __tsan_atomic_thread_fence(int order) {
  (void)active();  // What was written before is.
  rt::fence(order_of(order), the_sites.at(__builtin_return_address(0)));
}
PAWL_HOOK void __tsan_atomic_signal_fence(int) {}
