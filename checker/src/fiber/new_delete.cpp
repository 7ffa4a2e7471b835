// Global operator new and delete: on a model thread they use its deterministic heap.
#include <cstdlib>
#include <new>

#include "memory.hpp"

namespace pawl::check::fiber {

constinit thread_local const heap_hooks* active_heap = nullptr;
constinit thread_local release_function* release_hook = nullptr;

namespace {

void* allocate(std::size_t size, std::size_t alignment) {
  if (active_heap != nullptr) return active_heap->allocate(size, alignment);
  if (size == 0) size = 1;
  return alignment <= alignof(std::max_align_t)
             ? std::malloc(size)
             : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const p = allocate(size, alignment);
  if (p == nullptr) throw out_of_memory();
  return p;
}

void release(void* p) noexcept {
  if (p == nullptr || (release_hook != nullptr && release_hook(p))) return;
  std::free(p);
}

constexpr std::size_t natural = alignof(std::max_align_t);

}  // namespace
}  // namespace pawl::check::fiber

namespace impl = pawl::check::fiber;

void* operator new(std::size_t n) { return impl::allocate_or_throw(n, impl::natural); }
void* operator new[](std::size_t n) { return impl::allocate_or_throw(n, impl::natural); }
void* operator new(std::size_t n, std::align_val_t a) {
  return impl::allocate_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return impl::allocate_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return impl::allocate(n, impl::natural);
}
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return impl::allocate(n, impl::natural);
}
void operator delete(void* p) noexcept { impl::release(p); }
void operator delete[](void* p) noexcept { impl::release(p); }
void operator delete(void* p, std::size_t) noexcept { impl::release(p); }
void operator delete[](void* p, std::size_t) noexcept { impl::release(p); }
void operator delete(void* p, std::align_val_t) noexcept { impl::release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { impl::release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { impl::release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { impl::release(p); }
