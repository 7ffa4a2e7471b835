#include "heap.hpp"

#include <errno.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "../../engine/describe.hpp"
#include "../../engine/segments.hpp"
#include "../../fiber/memory.hpp"
#include "accesses.hpp"

namespace pawl::check::fiber {

constinit thread_local const heap_hooks* active_heap = nullptr;
constinit thread_local release_function* release_hook = nullptr;
constinit thread_local std::uint64_t out_of_reach = 0;

}  // namespace pawl::check::fiber

namespace pawl::check::instrumented {
namespace {

using fiber::active_heap;
using fiber::allocator;

// The C library's own functions.
struct functions {
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  std::uintptr_t begin, end;  // Where its code lies.
} behind{};

void find_code() {
  engine::visit_segments([](const engine::segment& s) {
    const auto name = s.object.substr(s.object.rfind('/') + 1);
    if (!s.is_code() || !(name.starts_with("libc.so") || name.starts_with("libc-"))) return;
    behind.begin = s.begin;
    behind.end = s.end;
  });
}

const functions& library() {
  if (behind.malloc == nullptr) {
    (void)find_behind(behind.free, "free");
    (void)find_behind(behind.calloc, "calloc");
    (void)find_behind(behind.realloc, "realloc");
    (void)find_behind(behind.aligned_alloc, "aligned_alloc");
    find_code();
    (void)find_behind(behind.malloc, "malloc");
  }
  return behind;
}

}  // namespace

bool has_heaps() { return active_heap != nullptr; }

bool is_in_heaps(const void* p) {
  return reinterpret_cast<std::uintptr_t>(p) - fiber::region::first_address < fiber::region::span;
}

const fiber::block* block_at(const runtime& r, void* p) {
  if (is_of_boot(p)) return heap_before_main().starting_at(p);
  if (!is_in_heaps(p)) return nullptr;
  const auto t = (reinterpret_cast<std::uintptr_t>(p) - fiber::region::first_address) /
                 fiber::region::thread_span;
  return t < r.thread_count() ? r.thread(static_cast<engine::thread_index>(t)).memory.starting_at(p)
                              : nullptr;
}

namespace {

// ---- during executions --------------------------------------------------------------------------

// What the C library allocates for itself outlives an execution: it is not the program's.
bool is_programs(const void* code) {
  if (active_heap == nullptr) return false;
  return reinterpret_cast<std::uintptr_t>(code) - library().begin >=
         library().end - library().begin;
}

// Of an allocation by a model thread; null: it is none.
const std::uint64_t* allocated_size(const void* p) {
  if (!is_in_heaps(p)) return nullptr;
  return &(static_cast<const fiber::block*>(p) - 1)->size;
}

const void* freeing = nullptr;  // By what the latest release was asked for.

// Returns: false if p was not allocated by a model thread.
bool release(void* p, const void* code) {
  freeing = code;
  return fiber::release_hook != nullptr && fiber::release_hook(p);
}

constexpr std::size_t natural = alignof(std::max_align_t);

void* allocate(std::size_t size, std::size_t alignment, allocator by) {
  if (active_heap != nullptr) {
    void* const p = active_heap->allocate(size, alignment);
    if (p != nullptr) (static_cast<fiber::block*>(p) - 1)->by = by;
    return p;
  }
  if (size == 0) size = 1;
  return alignment <= natural
             ? library().malloc(size)
             : library().aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment, allocator by) {
  void* const p = allocate(size, alignment, by);
  if (p == nullptr) throw fiber::out_of_memory();
  return p;
}

// aligned_alloc() and memalign(): what they do with another alignment is nowhere said.
void* allocate_aligned(std::size_t size, std::size_t alignment, const void* code) {
  if (runtime* const r = active(); r != nullptr && !std::has_single_bit(alignment)) {
    const fiber::outside_heap outside;
    r->fail(failure_kind::misuse,
            fmt::format("{} asks for an alignment of {}, which is no power of two ({})",
                        engine::thread_name(*r, r->running()), alignment,
                        engine::place(the_sites.at(code))));
  }
  return allocate(size, alignment, allocator::aligned);
}

// ---- ways to free -------------------------------------------------------------------------------

struct way {
  allocator of;  // Of the C library, the first one.
  const char* name;
};
constexpr way by_free{allocator::malloc, "free()"}, by_realloc{allocator::malloc, "realloc()"},
    by_delete{allocator::new_object, "delete"}, by_delete_array{allocator::new_array, "delete[]"},
    by_unmapping{by_mapping, "munmap()"};

bool fits(allocator by, way how) {
  if (by == allocator::unknown) return true;
  return how.of == allocator::malloc ? by < allocator::new_object : by == how.of;
}

std::string_view name_of(allocator by) {
  constexpr std::array<std::string_view, 8> names{
      "", "malloc()", "calloc()", "realloc()", "aligned_alloc()", "new", "new[]", "mmap()"};
  return names[static_cast<std::size_t>(by)];
}

void check_way(const runtime& r, void* p, way how, const void* code) {
  const fiber::block* const b = block_at(r, p);
  if (b == nullptr || b->state != fiber::block::live || fits(b->by, how)) return;
  const fiber::outside_heap outside;
  const std::string owner =
      b->thread == r.running() || b->allocated_at < 0 ? "it" : engine::thread_name(r, b->thread);
  runtime::current()->fail(failure_kind::invalid_free,
                           fmt::format("{} frees with {} what {} allocated with {} ({})",
                                       engine::thread_name(r, r.running()), how.name, owner,
                                       name_of(b->by), engine::place(the_sites.at(code))),
                           r.heap_notes(*b), p);
}

void free_from(void* p, way how, const void* code) {
  if (p == nullptr) return;
  if (const runtime* const r = active()) check_way(*r, p, how, code);
  if (is_of_boot(p)) return release_from_boot(p, code);
  if (!release(p, code)) library().free(p);
}

// Of what was allocated by the program.
void* reallocate(void* p, std::size_t former, std::size_t n, const void* code) {
  const runtime* const r = active();
  const fiber::block* const b = r == nullptr ? nullptr : block_at(*r, p);
  const bool is_live = r == nullptr || (b != nullptr && b->state == fiber::block::live);
  void* to = nullptr;
  if (is_live && n != 0) {
    if (r != nullptr) check_way(*r, p, by_realloc, code);
    to = allocate(n, natural, allocator::realloc);
    const std::size_t kept = std::min(n, former);
    access_by(code).reads(p, kept);
    std::memcpy(to, p, kept);
  }
  free_from(p, by_realloc, code);
  return to;
}

}  // namespace

const void* freeing_code() { return freeing; }

void* allocate_pages(std::size_t size) {
  void* const p = allocate(size, 4096, by_mapping);
  if (p != nullptr) std::memset(p, 0, size);
  return p;
}

void release_pages(void* p, const void* code) { free_from(p, by_unmapping, code); }

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_HOOK void* malloc(std::size_t n) noexcept {
  return is_programs(__builtin_return_address(0)) ? allocate(n, natural, allocator::malloc)
                                                  : library().malloc(n);
}
PAWL_HOOK void free(void* p) noexcept { free_from(p, by_free, __builtin_return_address(0)); }
PAWL_HOOK void* calloc(std::size_t n, std::size_t size) noexcept {
  if (!is_programs(__builtin_return_address(0))) return library().calloc(n, size);
  std::size_t all = 0;
  if (__builtin_mul_overflow(n, size, &all)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const p = allocate(all, natural, allocator::calloc);
  return std::memset(p, 0, all);
}
PAWL_HOOK void* realloc(void* p, std::size_t n) noexcept {
  const void* const code = __builtin_return_address(0);
  const std::uint64_t* const size = p == nullptr ? nullptr : allocated_size(p);
  if (!is_programs(code) || (p != nullptr && size == nullptr)) return library().realloc(p, n);
  return p == nullptr ? allocate(n, natural, allocator::realloc) : reallocate(p, *size, n, code);
}
PAWL_HOOK void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  const void* const code = __builtin_return_address(0);
  return is_programs(code) ? allocate_aligned(n, alignment, code)
                           : library().aligned_alloc(alignment, n);
}
PAWL_HOOK void* memalign(std::size_t alignment, std::size_t n) noexcept {
  const void* const code = __builtin_return_address(0);
  return is_programs(code) ? allocate_aligned(n, alignment, code)
                           : library().aligned_alloc(alignment, n);
}
PAWL_HOOK int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
  if (!std::has_single_bit(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  const void* const code = __builtin_return_address(0);
  const bool models = is_programs(code);
  if (models) access_by(code).writes(p, sizeof *p);
  *p = models ? allocate(n, alignment, allocator::aligned) : library().aligned_alloc(alignment, n);
  return *p == nullptr ? ENOMEM : 0;
}

PAWL_HOOK std::size_t malloc_usable_size(void* p) noexcept {
  if (p != nullptr && is_in_heaps(p)) return *allocated_size(p);
  return PAWL_BEHIND(malloc_usable_size)(p);
}

#define PAWL_NEW(name, by)                                                                \
  [[gnu::visibility("default")]] void* operator name(std::size_t n) {                     \
    return allocate_or_throw(n, natural, by);                                             \
  }                                                                                       \
  [[gnu::visibility("default")]] void* operator name(std::size_t n, std::align_val_t a) { \
    return allocate_or_throw(n, static_cast<std::size_t>(a), by);                         \
  }                                                                                       \
  [[gnu::visibility("default")]] void* operator name(std::size_t n,                       \
                                                     const std::nothrow_t&) noexcept {    \
    return allocate(n, natural, by);                                                      \
  }                                                                                       \
  [[gnu::visibility("default")]] void* operator name(std::size_t n, std::align_val_t a,   \
                                                     const std::nothrow_t&) noexcept {    \
    return allocate(n, static_cast<std::size_t>(a), by);                                  \
  }
PAWL_NEW(new, allocator::new_object)
PAWL_NEW(new[], allocator::new_array)

// The standard library's forms for std::nothrow call these.
#define PAWL_DELETE(name, how)                                                            \
  [[gnu::visibility("default")]] void operator name(void* p) noexcept {                   \
    free_from(p, how, __builtin_return_address(0));                                       \
  }                                                                                       \
  [[gnu::visibility("default")]] void operator name(void* p, std::size_t) noexcept {      \
    free_from(p, how, __builtin_return_address(0));                                       \
  }                                                                                       \
  [[gnu::visibility("default")]] void operator name(void* p, std::align_val_t) noexcept { \
    free_from(p, how, __builtin_return_address(0));                                       \
  }                                                                                       \
  [[gnu::visibility("default")]] void operator name(void* p, std::size_t,                 \
                                                    std::align_val_t) noexcept {          \
    free_from(p, how, __builtin_return_address(0));                                       \
  }
PAWL_DELETE(delete, by_delete)
PAWL_DELETE(delete[], by_delete_array)
