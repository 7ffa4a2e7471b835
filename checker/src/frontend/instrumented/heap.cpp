#include "heap.hpp"

#include <errno.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "hooks.hpp"

namespace pawl::check::fiber {

thread_local const heap_hooks* active_heap = nullptr;
thread_local bool (*release_hook)(void*) = nullptr;
thread_local std::uint64_t out_of_reach = 0;

}  // namespace pawl::check::fiber

namespace pawl::check::instrumented {
namespace {

using fiber::active_heap;

// The C library's own functions.
struct functions {
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  std::uintptr_t begin, end;  // Where its code lies.
} behind{};

int find_c_library(dl_phdr_info* info, std::size_t, void*) {
  const std::string_view path = info->dlpi_name;
  const auto name = path.substr(path.rfind('/') + 1);
  if (!name.starts_with("libc.so") && !name.starts_with("libc-")) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& h = info->dlpi_phdr[i];
    if (h.p_type != PT_LOAD || (h.p_flags & PF_X) == 0) continue;
    behind.begin = info->dlpi_addr + h.p_vaddr;
    behind.end = behind.begin + h.p_memsz;
  }
  return 1;
}

const functions& library() {
  if (behind.malloc == nullptr) {
    (void)find_behind(behind.free, "free");
    (void)find_behind(behind.calloc, "calloc");
    (void)find_behind(behind.realloc, "realloc");
    (void)find_behind(behind.aligned_alloc, "aligned_alloc");
    dl_iterate_phdr(find_c_library, nullptr);
    (void)find_behind(behind.malloc, "malloc");
  }
  return behind;
}

// ---- before main() ------------------------------------------------------------------------------

constexpr unsigned boot_thread = 63;  // Beyond those of the model.

struct boot {
  fiber::thread_memory memory;
  std::byte* begin = nullptr;  // Of the mapped memory.
  std::vector<std::byte> bytes;
  fiber::thread_memory::extent extent;
};
boot& of_boot() {
  static boot& all = *new boot;
  return all;
}
const fiber::heap_hooks boot_heap{[](std::size_t n, std::size_t alignment) {
  return of_boot().memory.allocate(n, alignment, 0, -1);
}};

bool is_of_boot(const void* p) { return of_boot().begin != nullptr && of_boot().memory.owns(p); }

// Of memory that was there before the first event.
void release_from_boot(void* p, const void* code) {
  boot& all = of_boot();
  fiber::block* const b = all.memory.starting_at(p);
  runtime* const r = runtime::current();
  if (r == nullptr || active_heap == &boot_heap) {
    if (b != nullptr) all.memory.release(*b, 0, -1);
    return;
  }
  const fiber::outside_heap outside;
  if (b == nullptr || b->state != fiber::block::live)
    r->fail(b == nullptr ? failure_kind::invalid_free : failure_kind::double_free,
            fmt::format("{} frees {} ({}), which {}", engine::thread_name(*r, r->running()),
                        fmt::ptr(p), engine::place(the_sites.at(code)),
                        b == nullptr ? "is not the start of an allocation" : "was freed already"),
            {}, p);
  the_shadow.end_allocation(*r, p, b->size, code);
  all.memory.release(*b, static_cast<std::uint16_t>(r->running()), -1);
}

// ---- during executions --------------------------------------------------------------------------

// What the C library allocates for itself outlives an execution: it is not the program's.
bool is_programs(const void* code) {
  if (active_heap == nullptr) return false;
  return reinterpret_cast<std::uintptr_t>(code) - library().begin >=
         library().end - library().begin;
}

// Of an allocation by a model thread; null: it is none.
const std::uint64_t* allocated_size(const void* p) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  if (address - fiber::region::first_address >= fiber::region::span) return nullptr;
  return &(static_cast<const fiber::block*>(p) - 1)->size;
}

thread_local const void* freeing = nullptr;

// Returns: false if p was not allocated by a model thread.
bool release(void* p, const void* code) {
  freeing = code;
  return fiber::release_hook != nullptr && fiber::release_hook(p);
}

constexpr std::size_t natural = alignof(std::max_align_t);

void* allocate(std::size_t size, std::size_t alignment) {
  if (active_heap != nullptr) return active_heap->allocate(size, alignment);
  if (size == 0) size = 1;
  return alignment <= natural
             ? library().malloc(size)
             : library().aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const p = allocate(size, alignment);
  if (p == nullptr) throw fiber::out_of_memory();
  return p;
}

void free_from(void* p, const void* code) {
  if (p == nullptr) return;
  if (is_of_boot(p)) return release_from_boot(p, code);
  if (!release(p, code)) library().free(p);
}

}  // namespace

const void* freeing_code() { return freeing; }

void begin_boot() {
  of_boot().memory.map(0, boot_thread);
  of_boot().begin = of_boot().memory.heap();
  active_heap = &boot_heap;
}

void end_boot() {
  active_heap = nullptr;
  boot& all = of_boot();
  const auto used = all.memory.heap_in_use();
  all.bytes.assign(used.begin(), used.end());
  all.extent = all.memory.in_use();
}

void put_back_boot_memory() {
  boot& all = of_boot();
  if (all.bytes.empty()) return;
  std::memcpy(all.begin, all.bytes.data(), all.bytes.size());
  all.memory.rewind(all.extent);
}

std::span<const std::byte> boot_memory() { return of_boot().memory.heap_in_use(); }

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_HOOK void* malloc(std::size_t n) noexcept {
  return is_programs(__builtin_return_address(0)) ? allocate(n, natural) : library().malloc(n);
}
PAWL_HOOK void free(void* p) noexcept { free_from(p, __builtin_return_address(0)); }
PAWL_HOOK void* calloc(std::size_t n, std::size_t size) noexcept {
  if (!is_programs(__builtin_return_address(0))) return library().calloc(n, size);
  std::size_t all = 0;
  if (__builtin_mul_overflow(n, size, &all)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const p = allocate(all, natural);
  return std::memset(p, 0, all);
}
PAWL_HOOK void* realloc(void* p, std::size_t n) noexcept {
  const void* const code = __builtin_return_address(0);
  const std::uint64_t* const size = p == nullptr ? nullptr : allocated_size(p);
  if (!is_programs(code) || (p != nullptr && size == nullptr)) return library().realloc(p, n);
  void* const to = allocate(n, natural);
  if (p == nullptr) return to;
  std::memcpy(to, p, std::min<std::size_t>(n, *size));
  free_from(p, code);
  return to;
}
PAWL_HOOK void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  return is_programs(__builtin_return_address(0)) ? allocate(n, alignment)
                                                  : library().aligned_alloc(alignment, n);
}
PAWL_HOOK void* memalign(std::size_t alignment, std::size_t n) noexcept {
  return is_programs(__builtin_return_address(0)) ? allocate(n, alignment)
                                                  : library().aligned_alloc(alignment, n);
}
PAWL_HOOK int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
  *p = is_programs(__builtin_return_address(0)) ? allocate(n, alignment)
                                                : library().aligned_alloc(alignment, n);
  return *p == nullptr ? ENOMEM : 0;
}
[[gnu::visibility("default")]] void* operator new(std::size_t n) {
  return allocate_or_throw(n, natural);
}
[[gnu::visibility("default")]] void* operator new(std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a));
}
[[gnu::visibility("default")]] void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, natural);
}
[[gnu::visibility("default")]] void operator delete(void* p) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete(void* p, std::size_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete(void* p, std::align_val_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete(void* p, std::size_t,
                                                    std::align_val_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void* operator new[](std::size_t n) {
  return allocate_or_throw(n, natural);
}
[[gnu::visibility("default")]] void* operator new[](std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a));
}
[[gnu::visibility("default")]] void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, natural);
}
[[gnu::visibility("default")]] void operator delete[](void* p) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete[](void* p, std::size_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete[](void* p, std::align_val_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
[[gnu::visibility("default")]] void operator delete[](void* p, std::size_t,
                                                      std::align_val_t) noexcept {
  free_from(p, __builtin_return_address(0));
}
