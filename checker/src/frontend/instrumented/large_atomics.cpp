// Atomic operations on 16 bytes, as compilers emit them with -fsanitize=thread, and the functions
// of libatomic, on objects of any size.
#include <dlfcn.h>

#include <cstring>

#include "accesses.hpp"
#include "atomic_hooks.hpp"
#include "awaited_load.hpp"
#include "iterations.hpp"
#include "large_atomics.hpp"
#include "large_values.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

__extension__ using pair = unsigned __int128;

// The bytes that an operation is about. Before main(), they are accessed as they are: there is one
// thread.
class target {
 public:
  [[gnu::always_inline]] target(const volatile void* p, std::size_t size, const void* code)
      : runtime_(active()), p_(const_cast<void*>(p)), size_(size), code_(code) {}

  [[nodiscard]] bool is_model() const { return runtime_ != nullptr; }
  [[nodiscard]] runtime& run() const { return *runtime_; }
  [[nodiscard]] void* bytes() const { return p_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] rt::site where() const { return the_sites.at(code_); }

  [[gnu::always_inline]] [[nodiscard]] rt::atomic_object& object(bool writes) const {
    note_iteration(*runtime_, __builtin_frame_address(0), code_);
    return is_large(p_, size_)
               ? the_shadow.large_object(*runtime_, p_, size_, writes, code_)
               : the_shadow.object(*runtime_, p_, static_cast<unsigned>(size_), writes, code_);
  }
  /// What the engine has in place of a value, and back.
  [[nodiscard]] rt::word word_of(const void* value) const {
    if (is_large(p_, size_)) return the_large_values.number_of(value, size_);
    rt::word w = 0;
    std::memcpy(&w, value, size_);
    return w;
  }
  void put(void* to, rt::word w) const {
    std::memcpy(to, is_large(p_, size_) ? the_large_values.bytes_of(w).data() : as_bytes(w), size_);
  }

  /// Plain accesses to what the program passes by address.
  [[gnu::always_inline]] void reads(const void* value) const {
    shadow::plain(value, size_, false, code_);
  }
  [[gnu::always_inline]] void writes(const void* value) const {
    shadow::plain(value, size_, true, code_);
  }
  /// The same of what a compare-exchange expects.
  [[gnu::always_inline]] void expects(const void* value, bool writes) const {
    the_shadow.beside(*runtime_, value, size_, writes, code_);
  }

 private:
  static const std::byte* as_bytes(const rt::word& w) {
    return reinterpret_cast<const std::byte*>(&w);
  }

  runtime* runtime_;
  void* p_;
  std::size_t size_;
  const void* code_;
};

[[gnu::always_inline]] inline void load(const target& at, void* to, int order) {
  if (!at.is_model()) {
    std::memcpy(to, at.bytes(), at.size());
    return;
  }
  stand_here(at.run(), nullptr);
  at.put(to, load_or_await(at.bytes(), at.object(false), as_load(order_of(order)), at.where()));
}

[[gnu::always_inline]] inline void store(const target& at, const void* value, int order) {
  if (!at.is_model())
    std::memcpy(at.bytes(), value, at.size());
  else
    rt::store(at.object(true), at.word_of(value), order_of(order), at.where());
}

// `value` and `to` may be the same.
[[gnu::always_inline]] inline void exchange(const target& at, const void* value, void* to,
                                            int order) {
  if (at.is_model()) {
    at.put(to, rt::fetch(at.object(true), rt::rmw::exchange, at.word_of(value), order_of(order),
                         at.where()));
    return;
  }
  const fiber::outside_heap outside;
  const std::vector<std::byte> next(static_cast<const std::byte*>(value),
                                    static_cast<const std::byte*>(value) + at.size());
  std::memcpy(to, at.bytes(), at.size());
  std::memcpy(at.bytes(), next.data(), at.size());
}

[[gnu::always_inline]] inline bool compare_exchange(const target& at, void* expected,
                                                    const void* desired, bool weak, int success,
                                                    int failure) {
  if (!at.is_model()) {
    const bool equal = std::memcmp(at.bytes(), expected, at.size()) == 0;
    std::memcpy(equal ? at.bytes() : expected, equal ? desired : at.bytes(), at.size());
    return equal;
  }
  at.expects(expected, false);
  stand_here(at.run(), expected);
  rt::word seen = at.word_of(expected);
  const bool done = rt::compare_exchange(at.object(false), seen, at.word_of(desired), weak,
                                         order_of(success), as_load(order_of(failure)), at.where());
  if (done) {
    (void)at.object(true);  // Only now is it known that it writes.
    return true;
  }
  at.expects(expected, true);
  at.put(expected, seen);
  the_shadow.finish_write(at.run());
  return false;
}

// ---- 16 bytes -----------------------------------------------------------------------------------

enum class arithmetic : std::uint8_t { add, sub, bit_and, bit_or, bit_xor, nand };

pair result_of(arithmetic kind, pair a, pair b) {
  switch (kind) {
    case arithmetic::add:
      return a + b;
    case arithmetic::sub:
      return a - b;
    case arithmetic::bit_and:
      return a & b;
    case arithmetic::bit_or:
      return a | b;
    case arithmetic::bit_xor:
      return a ^ b;
    case arithmetic::nand:
      return ~(a & b);
  }
  return 0;
}

pair pair_of(rt::word number) {
  pair v;
  std::memcpy(&v, the_large_values.bytes_of(number).data(), sizeof v);
  return v;
}

template <arithmetic Kind>
rt::word next_pair(const rt::word* operand, rt::word number) {
  const pair next = result_of(Kind, pair_of(number), pair_of(*operand));
  return the_large_values.number_of(&next, sizeof next);
}

target pair_at(const volatile void* p, const void* code) {
  if (active() != nullptr && reinterpret_cast<std::uintptr_t>(p) % sizeof(pair) != 0)
    the_shadow.refuse(*active(), const_cast<const void*>(p), sizeof(pair), "is not aligned", code);
  return {p, sizeof(pair), code};
}

template <arithmetic Kind>
[[gnu::always_inline]] inline pair fetch(const target& at, pair v, int order) {
  pair old = 0;
  if (at.is_model()) {
    at.put(&old, rt::await_update(at.object(true), {any}, {next_pair<Kind>, {at.word_of(&v)}},
                                  order_of(order), at.where()));
    return old;
  }
  std::memcpy(&old, at.bytes(), sizeof old);
  const pair next = result_of(Kind, old, v);
  std::memcpy(at.bytes(), &next, sizeof next);
  return old;
}

}  // namespace

#define PAWL_CODE __builtin_return_address(0)

// libatomic's names are known to compilers, which have functions of their own behind them.
#define PAWL_NAMED(result, name, symbol, parameters) \
  PAWL_HOOK result name parameters __asm__(symbol);  \
  result name parameters

#define PAWL_PAIRS(load_name, store_name, exchange_name, load_symbol, store_symbol,         \
                   exchange_symbol)                                                         \
  PAWL_NAMED(pair, load_name, load_symbol, (const volatile void* p, int order)) {           \
    __builtin_unwind_init();                                                                \
    pair v;                                                                                 \
    load(pair_at(p, PAWL_CODE), &v, order);                                                 \
    return v;                                                                               \
  }                                                                                         \
  PAWL_NAMED(void, store_name, store_symbol, (volatile void* p, pair v, int order)) {       \
    store(pair_at(p, PAWL_CODE), &v, order);                                                \
  }                                                                                         \
  PAWL_NAMED(pair, exchange_name, exchange_symbol, (volatile void* p, pair v, int order)) { \
    exchange(pair_at(p, PAWL_CODE), &v, &v, order);                                         \
    return v;                                                                               \
  }

PAWL_PAIRS(hook_load, hook_store, hook_exchange, "__tsan_atomic128_load", "__tsan_atomic128_store",
           "__tsan_atomic128_exchange")
PAWL_PAIRS(load_16, store_16, exchange_16, "__atomic_load_16", "__atomic_store_16",
           "__atomic_exchange_16")

#define PAWL_ARITHMETIC(kind, symbol)                                                            \
  PAWL_HOOK pair __tsan_atomic128_fetch_##symbol(volatile pair* p, pair v, int order) {          \
    return fetch<arithmetic::kind>(pair_at(p, PAWL_CODE), v, order);                             \
  }                                                                                              \
  PAWL_NAMED(pair, fetch_##kind##_16, "__atomic_fetch_" #symbol "_16",                           \
             (volatile void* p, pair v, int order)) {                                            \
    return fetch<arithmetic::kind>(pair_at(p, PAWL_CODE), v, order);                             \
  }                                                                                              \
  PAWL_NAMED(pair, kind##_fetch_16, "__atomic_" #symbol "_fetch_16",                             \
             (volatile void* p, pair v, int order)) {                                            \
    return result_of(arithmetic::kind, fetch<arithmetic::kind>(pair_at(p, PAWL_CODE), v, order), \
                     v);                                                                         \
  }

PAWL_ARITHMETIC(add, add)
PAWL_ARITHMETIC(sub, sub)
PAWL_ARITHMETIC(bit_and, and)
PAWL_ARITHMETIC(bit_or, or)
PAWL_ARITHMETIC(bit_xor, xor)
PAWL_ARITHMETIC(nand, nand)

PAWL_HOOK int __tsan_atomic128_compare_exchange_strong(volatile pair* p, pair* e, pair d, int s,
                                                       int f) {
  __builtin_unwind_init();
  return compare_exchange(pair_at(p, PAWL_CODE), e, &d, false, s, f) ? 1 : 0;
}
PAWL_HOOK int __tsan_atomic128_compare_exchange_weak(volatile pair* p, pair* e, pair d, int s,
                                                     int f) {
  __builtin_unwind_init();
  return compare_exchange(pair_at(p, PAWL_CODE), e, &d, true, s, f) ? 1 : 0;
}
PAWL_HOOK pair __tsan_atomic128_compare_exchange_val(volatile pair* p, pair e, pair d, int s,
                                                     int f) {
  __builtin_unwind_init();
  compare_exchange(pair_at(p, PAWL_CODE), &e, &d, false, s, f);
  return e;
}
PAWL_NAMED(bool, compare_exchange_16, "__atomic_compare_exchange_16",
           (volatile void* p, void* e, pair d, int s, int f)) {
  __builtin_unwind_init();
  return compare_exchange(pair_at(p, PAWL_CODE), e, &d, false, s, f);
}

// ---- any size -----------------------------------------------------------------------------------

PAWL_NAMED(void, load_any, "__atomic_load",
           (std::size_t size, const volatile void* p, void* to, int order)) {
  __builtin_unwind_init();
  const target at(p, size, PAWL_CODE);
  load(at, to, order);
  at.writes(to);
}
PAWL_NAMED(void, store_any, "__atomic_store",
           (std::size_t size, volatile void* p, const void* value, int order)) {
  const target at(p, size, PAWL_CODE);
  at.reads(value);
  store(at, value, order);
}
PAWL_NAMED(void, exchange_any, "__atomic_exchange",
           (std::size_t size, volatile void* p, const void* value, void* to, int order)) {
  const target at(p, size, PAWL_CODE);
  at.reads(value);
  exchange(at, value, to, order);
  at.writes(to);
}
PAWL_NAMED(bool, compare_exchange_any, "__atomic_compare_exchange",
           (std::size_t size, volatile void* p, void* e, const void* d, int s, int f)) {
  __builtin_unwind_init();
  const target at(p, size, PAWL_CODE);
  at.reads(d);
  return compare_exchange(at, e, d, false, s, f);
}
PAWL_NAMED(bool, is_lock_free, "__atomic_is_lock_free",
           (std::size_t size, const volatile void* p)) {
  return !is_large(p, size);
}

bool pawl::check::instrumented::supplies_large_atomics() {
  return dlsym(RTLD_DEFAULT, "__atomic_store") == reinterpret_cast<void*>(&store_any);
}
