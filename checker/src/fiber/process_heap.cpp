// In front of malloc() and its relatives, and of what makes exceptions: the same functions, which
// count their calls by model threads. What they do is kept beyond a model thread's stack and heap.
#include <dlfcn.h>

#include <cstddef>

#include "memory.hpp"

namespace pawl::check::fiber {

constinit thread_local std::uint64_t out_of_reach = 0;

namespace {

// The definitions behind ours: the C library's, or those of another allocator.
struct functions {
  void* (*make_exception)(std::size_t) noexcept;
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  int (*posix_memalign)(void**, std::size_t, std::size_t);
} behind{};

template <class Function>
void find(Function*& f, const char* name) {
  f = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// All at once, by the first call, which is before main(): a call by a model thread must not look
// like a program that writes static data.
const functions& next() {
  if (behind.malloc == nullptr) {
    find(behind.make_exception, "__cxa_allocate_exception");
    find(behind.free, "free");
    find(behind.calloc, "calloc");
    find(behind.realloc, "realloc");
    find(behind.aligned_alloc, "aligned_alloc");
    find(behind.posix_memalign, "posix_memalign");
    find(behind.malloc, "malloc");
  }
  if (active_heap != nullptr) ++out_of_reach;
  return behind;
}

}  // namespace
}  // namespace pawl::check::fiber

// NOLINTBEGIN(*-reserved-identifier)

// Itanium C++ ABI, 2.4.2.
extern "C" void* __cxa_allocate_exception(std::size_t n) noexcept {
  return pawl::check::fiber::next().make_exception(n);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

extern "C" void* malloc(std::size_t n) noexcept { return pawl::check::fiber::next().malloc(n); }
extern "C" void free(void* p) noexcept { pawl::check::fiber::next().free(p); }
extern "C" void* calloc(std::size_t n, std::size_t size) noexcept {
  return pawl::check::fiber::next().calloc(n, size);
}
extern "C" void* realloc(void* p, std::size_t n) noexcept {
  return pawl::check::fiber::next().realloc(p, n);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  return pawl::check::fiber::next().aligned_alloc(alignment, n);
}
extern "C" int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
  return pawl::check::fiber::next().posix_memalign(p, alignment, n);
}

#endif

// NOLINTEND(*-reserved-identifier)
