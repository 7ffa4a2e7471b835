// The hooks of plain memory accesses, as compilers emit them with -fsanitize=thread.
#include "accesses.hpp"

#include "verify.hpp"

using namespace pawl::check::instrumented;

#define PAWL_ACCESS(name, size)                                         \
  PAWL_HOOK void __tsan_read##name(const void* p) {                     \
    shadow::plain(p, size, false, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_write##name(const void* p) {                    \
    shadow::plain(p, size, true, __builtin_return_address(0));          \
  }                                                                     \
  PAWL_HOOK void __tsan_volatile_read##name(const void* p) {            \
    shadow::plain(p, size, false, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_volatile_write##name(const void* p) {           \
    shadow::plain(p, size, true, __builtin_return_address(0));          \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_read##name(const void* p) {           \
    shadow::plain(p, size, false, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_write##name(const void* p) {          \
    shadow::plain(p, size, true, __builtin_return_address(0));          \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_volatile_read##name(const void* p) {  \
    shadow::plain(p, size, false, __builtin_return_address(0));         \
  }                                                                     \
  PAWL_HOOK void __tsan_unaligned_volatile_write##name(const void* p) { \
    shadow::plain(p, size, true, __builtin_return_address(0));          \
  }

PAWL_ACCESS(1, 1)
PAWL_ACCESS(2, 2)
PAWL_ACCESS(4, 4)
PAWL_ACCESS(8, 8)
PAWL_ACCESS(16, 16)

PAWL_HOOK void __tsan_read_range(const void* p, std::size_t size) {
  shadow::plain(p, size, false, __builtin_return_address(0));
}
PAWL_HOOK void __tsan_write_range(const void* p, std::size_t size) {
  shadow::plain(p, size, true, __builtin_return_address(0));
}

// A constructor or destructor that writes the value that is there already changes nothing for
// others that call virtual functions.
PAWL_HOOK void __tsan_vptr_update(void** p, void* value) {
  if (*p != value) shadow::plain(p, sizeof *p, true, __builtin_return_address(0));
}
PAWL_HOOK void __tsan_vptr_read(void** p) {
  shadow::plain(p, sizeof *p, false, __builtin_return_address(0));
}

PAWL_HOOK void __tsan_init() {}
// Called by files that have functions which are atomic by their names, and others in them.
PAWL_HOOK void __tsan_func_entry(void*) {
  __builtin_unwind_init();
  const void* const code = __builtin_return_address(0);
  if (!is_atomic(code)) return;
  enter_atomic_function(code, __builtin_frame_address(0));
  keep_frame();
}
PAWL_HOOK void __tsan_func_exit() { leave_function(__builtin_return_address(0)); }

// What clang calls to copy memory; gcc calls the functions themselves (strings.cpp).
PAWL_HOOK void* __tsan_memcpy(void* to, const void* from, std::size_t n) {
  return copy(access_by(__builtin_return_address(0)), to, from, n);
}
PAWL_HOOK void* __tsan_memmove(void* to, const void* from, std::size_t n) {
  return copy(access_by(__builtin_return_address(0)), to, from, n);
}
PAWL_HOOK void* __tsan_memset(void* to, int value, std::size_t n) {
  access_by(__builtin_return_address(0)).writes(to, n);
  return std::memset(to, value, n);
}
