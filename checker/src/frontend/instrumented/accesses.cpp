// The hooks of plain memory accesses, as compilers emit them with -fsanitize=thread.
#include <fmt/format.h>

#include <cstring>

#include "../../engine/describe.hpp"
#include "hooks.hpp"

using namespace pawl::check::instrumented;

namespace {

// Spinning threads may write to their own stacks, which are compared (engine/spin.hpp).
bool is_own_stack(const runtime& r, const void* p) {
  const std::byte* const top = r.thread(r.running()).memory.stack_top();
  return p >= __builtin_frame_address(0) && p < top;
}

// Between two operations: some seconds. A loop that waits for plain data to change does not end,
// since nobody else runs meanwhile.
constexpr std::uint32_t most_plain_accesses = 1u << 26;

[[noreturn]] void stop_endless_loop(runtime& r, const void* code) {
  const pawl::check::fiber::outside_heap outside;
  r.fail(pawl::check::failure_kind::limit,
         fmt::format("{} has accessed memory {} times without an atomic operation, a lock or the "
                     "like, at last at {}: a loop that does not end, or waits for plain data",
                     pawl::check::engine::thread_name(r, r.running()), most_plain_accesses,
                     pawl::check::engine::place(the_sites.at(code))));
}

[[gnu::always_inline]] inline void access_plainly(const void* p, std::size_t size, bool writes,
                                                  const void* code) {
  if (runtime* const r = active()) {
    if (++r->plain_accesses == most_plain_accesses) [[unlikely]]
      stop_endless_loop(*r, code);
    if (writes && r->watches_spins() && !is_own_stack(*r, p)) r->end_history();
    the_shadow.plain(*r, p, size, writes, code);
  }
}

}  // namespace

#define PAWL_ACCESS(name, size)                                         \
  PAWL_HOOK void __tsan_read##name(const void* p) {                     \
    access_plainly(p, size, false, __builtin_return_address(0));        \
  }                                                                     \
  PAWL_HOOK void __tsan_write##name(const void* p) {                    \
    access_plainly(p, size, true, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_volatile_read##name(const void* p) {            \
    access_plainly(p, size, false, __builtin_return_address(0));        \
  }                                                                     \
  PAWL_HOOK void __tsan_volatile_write##name(const void* p) {           \
    access_plainly(p, size, true, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_read##name(const void* p) {           \
    access_plainly(p, size, false, __builtin_return_address(0));        \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_write##name(const void* p) {          \
    access_plainly(p, size, true, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_volatile_read##name(const void* p) {  \
    access_plainly(p, size, false, __builtin_return_address(0));        \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_volatile_write##name(const void* p) { \
    access_plainly(p, size, true, __builtin_return_address(0));         \
  }

PAWL_ACCESS(1, 1)
PAWL_ACCESS(2, 2)
PAWL_ACCESS(4, 4)
PAWL_ACCESS(8, 8)
PAWL_ACCESS(16, 16)

PAWL_HOOK void __tsan_read_range(const void* p, std::size_t size) {
  access_plainly(p, size, false, __builtin_return_address(0));
}
PAWL_HOOK void __tsan_write_range(const void* p, std::size_t size) {
  access_plainly(p, size, true, __builtin_return_address(0));
}

// A constructor or destructor that writes the value that is there already changes nothing for
// others that call virtual functions.
PAWL_HOOK void __tsan_vptr_update(void** p, void* value) {
  if (*p != value) access_plainly(p, sizeof *p, true, __builtin_return_address(0));
}
PAWL_HOOK void __tsan_vptr_read(void** p) {
  access_plainly(p, sizeof *p, false, __builtin_return_address(0));
}

PAWL_HOOK void __tsan_init() {}
PAWL_HOOK void __tsan_func_entry(void*) {}
PAWL_HOOK void __tsan_func_exit() {}

// What compilers call to copy memory: clang hooks, gcc the functions themselves, before which the
// linker puts these (--wrap).
#define PAWL_COPY(name)                                               \
  PAWL_HOOK void* name(void* to, const void* from, std::size_t n) {   \
    access_plainly(from, n, false, __builtin_return_address(0));      \
    access_plainly(to, n, true, __builtin_return_address(0));         \
    return std::memmove(to, from, n); /* memcpy() may do the same. */ \
  }
#define PAWL_SET(name)                                        \
  PAWL_HOOK void* name(void* to, int value, std::size_t n) {  \
    access_plainly(to, n, true, __builtin_return_address(0)); \
    return std::memset(to, value, n);                         \
  }
PAWL_COPY(__wrap_memcpy)
PAWL_COPY(__tsan_memcpy)
PAWL_COPY(__wrap_memmove)
PAWL_COPY(__tsan_memmove)
PAWL_SET(__wrap_memset)
PAWL_SET(__tsan_memset)
PAWL_HOOK int __wrap_memcmp(const void* a, const void* b, std::size_t n) {
  access_plainly(a, n, false, __builtin_return_address(0));
  access_plainly(b, n, false, __builtin_return_address(0));
  return std::memcmp(a, b, n);
}
