// What of heaps belongs to no allocation: headers of blocks, the ends of granules that a block
// does not fill, and all that was not allocated yet.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "heap.hpp"
#include "races.hpp"
#include "shadow.hpp"
#include "sites.hpp"

namespace pawl::check::instrumented {
namespace {

using fiber::block;
using fiber::region;
using fiber::thread_memory;

std::uintptr_t address_of_bytes(const block& b) { return reinterpret_cast<std::uintptr_t>(&b + 1); }
std::uintptr_t end_of_bytes(const block& b) { return address_of_bytes(b) + b.size; }

std::size_t thread_of(std::uintptr_t address) {
  return (address - region::first_address) / region::thread_span;
}
std::uintptr_t memory_of(std::size_t thread) {
  return region::first_address + thread * region::thread_span;
}

std::uintptr_t filled(std::uintptr_t address) { return (address + 15) & ~std::uintptr_t{15}; }

}  // namespace

cell& shadow::heap_cell(std::uintptr_t address) {
  return known_cell_at(address - region::first_address);
}

template <class Mark>
void shadow::for_cells(std::uintptr_t begin, std::uintptr_t end, Mark mark) {
  for (std::uintptr_t g = begin & ~(granule_size - 1); g < end; g += granule_size)
    mark(heap_cell(g), bytes_of(begin, end, g));
}

void shadow::begin_allocation(engine::runtime& r, const void* p, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::size_t thread = thread_of(begin);
  const std::uint32_t run = r.course.number;
  cell* const payload = &heap_cell(begin);
  for (cell* c = &heap_cell(memory_of(thread) + heap_ends_[thread]); c != payload; ++c)
    c->begin(run, 0xff);
  const std::uintptr_t end = filled(begin + size);
  if (end != begin + size)
    for_cells(begin + size, end, [run](cell& c, std::uint8_t bytes) { c.begin(run, bytes); });
  heap_ends_[thread] = static_cast<std::uint32_t>(end - memory_of(thread));
}

void shadow::forget_allocations() {
  const std::uint32_t kept = heap_ends_.back();
  heap_ends_.fill(thread_memory::heap_offset);
  heap_ends_.back() = kept;
}

// The heap of the last thread.
void shadow::keep_allocations(const thread_memory& heap) {
  std::uintptr_t end = reinterpret_cast<std::uintptr_t>(heap.heap());
  const auto mark = [](cell& c, std::uint8_t bytes) { c.always |= bytes; };
  heap.for_each([&](const block& b) {
    for_cells(end, address_of_bytes(b), mark);
    end = filled(end_of_bytes(b));
    for_cells(end_of_bytes(b), end, mark);
  });
  heap_ends_.back() = static_cast<std::uint32_t>(end - memory_of(heap_ends_.size() - 1));
}

// The allocation that is meant is the nearer one.
void shadow::out_of_bounds(engine::runtime& r, const cell& c, access a, std::uintptr_t granule,
                           std::uintptr_t end, bool atomic) {
  const fiber::outside_heap outside;
  const std::uintptr_t at = granule + std::countr_zero(unsigned{c.outside} & a.bytes());
  const auto* const p = reinterpret_cast<const void*>(at);
  const std::size_t thread = thread_of(at);
  const auto [before, after] =
      (thread < r.thread_count() ? r.thread(static_cast<engine::thread_index>(thread)).memory
                                 : heap_before_main())
          .around(p);
  const std::string who = engine::thread_name(r, a.thread());
  const std::string place = engine::place(the_sites.at(a.code()));
  if (before == nullptr && after == nullptr)
    r.fail(failure_kind::out_of_bounds,
           fmt::format("{} {} {} ({}), where nothing was allocated", who, verb(a, atomic),
                       the_sites.describe(p), place),
           {}, p);
  const bool is_behind =
      after == nullptr ||
      (before != nullptr && at - end_of_bytes(*before) < address_of_bytes(*after) - at);
  const block& meant = is_behind ? *before : *after;
  const std::size_t size = (is_behind ? end : std::min(end, address_of_bytes(meant))) - at;
  const std::size_t distance =
      is_behind ? at - end_of_bytes(meant) : address_of_bytes(meant) - (at + size);
  std::vector<std::string> notes = r.heap_notes(meant);
  if (distance != 0) notes.push_back(fmt::format("{} bytes away from it", distance));
  r.fail(failure_kind::out_of_bounds,
         fmt::format("{} {} {} byte{} {} an allocation of {} byte{} ({})", who, verb(a, atomic),
                     size, size == 1 ? "" : "s", is_behind ? "behind" : "in front of", meant.size,
                     meant.size == 1 ? "" : "s", place),
         std::move(notes), p);
}

}  // namespace pawl::check::instrumented
