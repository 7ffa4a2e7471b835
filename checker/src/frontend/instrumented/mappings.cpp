// Memory that the program maps. What stands for no file is memory like that of malloc(), in the
// heap of the thread. A file can be mapped to read it; what would be written to a mapping is
// nothing that could be looked at, or put back.
#include "mappings.hpp"

#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <algorithm>
#include <vector>

#include "../../engine/segments.hpp"
#include "caller.hpp"
#include "heap.hpp"

namespace pawl::check::instrumented {
namespace {

constexpr std::size_t page = 4096;

struct mapping {
  void* at;
  std::size_t size;
};
// Of files, by the execution.
std::vector<mapping>& of_files = *new std::vector<mapping>;

std::size_t in_pages(std::size_t size) { return (size + page - 1) & ~(page - 1); }

[[noreturn]] void refuse(const caller& c, const char* does) {
  c.fail(failure_kind::limit, "{}, which is not modelled", does);
}

void* fail_with(int error) {
  errno = error;
  return MAP_FAILED;
}

void* map_memory(std::size_t size) {
  if (size == 0 || in_pages(size) < size) return fail_with(EINVAL);
  void* const p = allocate_pages(in_pages(size));
  return p == nullptr ? fail_with(ENOMEM) : p;
}

void check_mapping(const caller& c, int protection, int flags) {
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) refuse(c, "calls mmap() for an address");
  if ((flags & MAP_ANONYMOUS) == 0 && (protection & PROT_WRITE) != 0)
    refuse(c, "calls mmap() to write to what a file holds");
}

void* map(const caller& c, void* at, std::size_t size, int protection, int flags, int file,
          off_t from) {
  if (c.is_model()) check_mapping(c, protection, flags);
  if ((flags & MAP_ANONYMOUS) != 0 && (flags & MAP_FIXED) == 0) return map_memory(size);
  void* const p = PAWL_BEHIND(mmap)(at, size, protection, flags, file, from);
  if (p == MAP_FAILED || !c.is_model()) return p;
  const fiber::outside_heap outside;
  c.run().end_history();
  of_files.push_back({p, size});
  return p;
}

// Of memory that map_memory() gave, or of a part of it.
int unmap_memory(const caller& c, void* p, std::size_t size) {
  const fiber::block* const b = c.is_model() ? block_at(c.run(), p) : nullptr;
  const bool is_part = b == nullptr || (b->by == by_mapping && b->size != in_pages(size));
  if (c.is_model() && is_part) refuse(c, "calls munmap() for a part of what it mapped");
  release_pages(p, c.code());
  return 0;
}

int unmap(const caller& c, void* p, std::size_t size) {
  if (is_in_heaps(p)) return unmap_memory(c, p, size);
  if (c.is_model())
    std::erase_if(of_files, [=](const mapping& each) { return each.at == p && each.size == size; });
  return PAWL_BEHIND(munmap)(p, size);
}

// The checker maps memory, too, and so do libraries.
bool is_programs(const void* code) {
  return has_heaps() && engine::is_code_of_executable(reinterpret_cast<std::uintptr_t>(code));
}

}  // namespace

void close_mappings() {
  for (const mapping& each : of_files) PAWL_BEHIND(munmap)(each.at, each.size);
  of_files.clear();
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_MODELS(is_programs(c.code()), void*, mmap,
            (void* at, std::size_t size, int protection, int flags, int file, off_t from),
            (at, size, protection, flags, file, from),
            map(c, at, size, protection, flags, file, from))
PAWL_MODELS(is_programs(c.code()), void*, mmap64,
            (void* at, std::size_t size, int protection, int flags, int file, off_t from),
            (at, size, protection, flags, file, from),
            map(c, at, size, protection, flags, file, from))
PAWL_MODELS(is_programs(c.code()), int, munmap, (void* p, std::size_t size), (p, size),
            unmap(c, p, size))
// The checker protects memory where no caller may be, in handlers of signals.
PAWL_HOOK int mprotect(void* p, std::size_t size, int protection) noexcept {
  const void* const code = __builtin_return_address(0);
  constexpr int all = PROT_READ | PROT_WRITE;
  if (is_in_heaps(p) && is_programs(code) && (protection & all) != all)
    if (const caller c(code); c.is_model()) refuse(c, "calls mprotect() to protect memory");
  return PAWL_BEHIND(mprotect)(p, size, protection);
}
PAWL_HOOK void* mremap(void* p, std::size_t size, std::size_t next, int flags, ...) noexcept {
  const caller c(__builtin_return_address(0));
  if (c.is_model() && is_programs(c.code())) c.refuse("mremap");
  va_list rest;
  va_start(rest, flags);
  void* const to = va_arg(rest, void*);
  va_end(rest);
  return PAWL_BEHIND(mremap)(p, size, next, flags, to);
}
