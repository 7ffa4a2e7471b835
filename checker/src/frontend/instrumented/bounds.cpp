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

// What it begins with is marked at once. Of larger ones the rest is found when it is first used:
// the program may not use it at all.
void shadow::begin_allocation(engine::runtime& r, const void* p, std::size_t size) {
  constexpr std::size_t marked_at_once = 256;
  const auto begin = reinterpret_cast<std::uintptr_t>(p), end = begin + size;
  const std::uint32_t run = r.course.number;
  if (size > marked_at_once) note_large({begin, end});
  cell* c = &heap_cell(begin);
  std::size_t left = std::min(size, marked_at_once);
  for (; left >= granule_size; left -= granule_size) c++->begin(run, 0);
  if (left != 0) c->begin(run, static_cast<std::uint8_t>(0xff << left));
}

void shadow::note_large(allocation a) {
  const fiber::outside_heap outside;
  large_.insert(std::ranges::upper_bound(large_, a.begin, {}, &allocation::begin), a);
}

std::uint8_t shadow::outside_in_heap(std::uintptr_t granule) const {
  const auto behind = std::ranges::upper_bound(large_, granule, {}, &allocation::begin);
  if (behind == large_.begin() || granule >= behind[-1].end) return 0xff;
  return static_cast<std::uint8_t>(~bytes_of(granule, behind[-1].end, granule));
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
  kept_end_ = end - region::first_address;
}

// An allocation is a write of all of the block. What the owner has written since, if anything, is
// looked at as any other access. Where races are explored, who has the address knows enough.
void shadow::check_allocated(engine::runtime& r, access a, std::uintptr_t granule, bool atomic) {
  if (r.asked().races == race_use::explore) return;
  const std::size_t owner = thread_of(granule);
  if (owner == a.thread() || owner >= r.thread_count()) return;
  const thread_memory& memory = r.thread(static_cast<engine::thread_index>(owner)).memory;
  const auto* const p = reinterpret_cast<const void*>(granule + std::countr_zero(a.bytes()));
  if (!memory.owns(p)) return;
  const auto is_before = [&](const block* b) {
    return b == nullptr || b->allocated_at < 0 ||
           r.happened(static_cast<engine::thread_index>(owner), b->allocated_at);
  };
  if (is_before(memory.latest())) return;  // And so are all that were allocated before it.
  const block* const b = memory.containing(p);
  if (is_before(b)) return;
  const fiber::outside_heap outside;
  r.fail(failure_kind::data_race,
         fmt::format("{} {} {} ({}) while {} allocates it", engine::thread_name(r, a.thread()),
                     verb(a, atomic), the_sites.describe(p), engine::place(the_sites.at(a.code())),
                     engine::thread_name(r, static_cast<engine::thread_index>(owner))),
         r.heap_notes(*b), p);
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
