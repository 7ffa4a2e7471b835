// What the program allocates before main().
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "heap.hpp"
#include "hooks.hpp"

namespace pawl::check::instrumented {
namespace {

using fiber::active_heap;

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

}  // namespace

bool is_of_boot(const void* p) {
  constexpr std::uintptr_t begin =
      fiber::region::first_address + boot_thread * fiber::region::thread_span;
  return reinterpret_cast<std::uintptr_t>(p) - begin < fiber::region::thread_span;
}

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

const fiber::thread_memory& heap_before_main() { return of_boot().memory; }

std::span<const std::byte> boot_memory() { return of_boot().memory.heap_in_use(); }

}  // namespace pawl::check::instrumented
