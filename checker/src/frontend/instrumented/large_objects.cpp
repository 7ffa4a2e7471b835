// Atomic objects in shadow memory that do not lie within a granule. Such an object begins in its
// first granule, like others; in those behind, only its bytes are marked.
#include <algorithm>
#include <bit>
#include <cstring>

#include "../../fiber/memory.hpp"
#include "large_values.hpp"
#include "shadow.hpp"
#include "stacks.hpp"

namespace pawl::check::instrumented {
namespace {

// In the engine's eyes: more than a word.
constexpr std::uint8_t large = 2 * sizeof(rt::word);

bool is_large(const rt::atomic_object& o) { return o.size == large; }

}  // namespace

std::size_t shadow::extent_of(const rt::atomic_object& o) {
  if (!is_value(o)) return taken_by_primitives;
  return is_large(o) ? the_large_values.bytes_of(o.initial).size() : o.size;
}

void shadow::put_value(const rt::atomic_object& o, rt::word v, void* to, std::uintptr_t from,
                       std::uintptr_t end) {
  const auto* const bytes =
      is_large(o) ? the_large_values.bytes_of(v).data() : reinterpret_cast<const std::byte*>(&v);
  const auto begin = reinterpret_cast<std::uintptr_t>(to);
  const std::size_t size = extent_of(o);
  if (begin < from) std::memcpy(to, bytes, std::min(size, from - begin));
  if (end < begin + size) {
    const std::size_t skipped = std::max(begin, end) - begin;
    std::memcpy(static_cast<std::byte*>(to) + skipped, bytes + skipped, size - skipped);
  }
}

void* shadow::object_into(std::uintptr_t granule, std::uint32_t run) {
  for (std::uintptr_t g = granule - granule_size;; g -= granule_size) {
    const cell* const c = cell_of(reinterpret_cast<const void*>(g), run);
    if (c == nullptr) return nullptr;
    if (c->begins != 0) {
      void* const p = reinterpret_cast<void*>(g + std::bit_width(c->begins) - 1);
      const rt::atomic_object& o = slot_of(p).object;
      const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(p) + extent_of(o);
      return end > granule ? p : nullptr;
    }
    if ((c->atomics & ~c->outside & 0x80) == 0) return nullptr;
  }
}

rt::atomic_object& shadow::large_object(engine::runtime& r, const void* p, std::size_t size,
                                        bool writes, const void* code) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t end = begin + size, granule = begin & ~(granule_size - 1);
  access a = access::now(r, code, 0, writes);
  if (r.observe != nullptr) the_stacks.note(r, a);
  bool is_taken = false, known = false;
  for (std::uintptr_t g = granule; g < end; g += granule_size) {
    const std::uintptr_t from = std::max(begin, g), to = std::min(end, g + granule_size);
    const auto* const part = reinterpret_cast<const void*>(from);
    cell* const c = cell_of(part, r.course.number);
    if (c == nullptr) refuse(r, p, size, "lies in no memory of the program", code);
    a = a.to(bytes_of(from, to, g));
    if ((c->outside & a.bytes()) != 0) out_of_bounds(r, *c, a, g, end, true);
    if (c->count != 0) check(r, *c, a, g, true);
    is_taken |= (c->atomics & a.bytes()) != 0;
    known |= is_known(*c, part, a.bytes());
  }
  cell& first = *cell_of(p, r.course.number);
  if ((first.begins >> (begin - granule) & 1) != 0)
    if (rt::atomic_object& o = slot_of(p).object; is_large(o) && extent_of(o) == size) return o;
  if (is_taken) other_size(r, p, size, code);

  const fiber::outside_heap outside;
  std::vector<std::byte> initial(size);
  if (known) std::memcpy(initial.data(), p, size);
  rt::atomic_object& o = begin_lifetime(r, first, p, large, rt::show_as::bytes,
                                        the_large_values.number_of(initial), code);
  for (std::uintptr_t g = granule + granule_size; g < end; g += granule_size)
    cell_of(reinterpret_cast<const void*>(g), r.course.number)->atomics |= bytes_of(begin, end, g);
  return o;
}

}  // namespace pawl::check::instrumented
