#include "shadow.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "races.hpp"
#include "sites.hpp"
#include "stacks.hpp"
#include "variables.hpp"

namespace pawl::check::instrumented {
namespace {

using engine::runtime;

constexpr std::uintptr_t slots_at = 0x2800'0000'0000;

// Of the memory of model threads: explorations of whole programs come one after the other, so that
// they have the first region.
constexpr std::uintptr_t model_begin = fiber::region::first_address;
constexpr std::size_t model_size = fiber::region::span;

// Effects: T's lie there from now on, all bytes 0.
template <class T>
T* reserve(std::uintptr_t at, std::size_t count) {
  void* const p = mmap(reinterpret_cast<void*>(at), count * sizeof(T), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) throw fiber::out_of_memory();
  return static_cast<T*>(p);
}

// What a stack holds before the program writes there comes from the checker.
bool is_stack(const void* p) {
  const auto offset = reinterpret_cast<std::uintptr_t>(p) - model_begin;
  return offset < model_size &&
         offset % fiber::region::thread_span < fiber::thread_memory::heap_offset;
}

bool is_written(const cell& c, std::uint8_t bytes) {
  return std::any_of(c.accesses.begin(), c.accesses.begin() + c.count,
                     [&](const access& a) { return a.writes() && (a.bytes() & bytes) != 0; });
}

}  // namespace

bool shadow::is_known(const cell& c, const void* p, std::uint8_t bytes) {
  return !is_stack(p) || is_written(c, bytes);
}

void shadow::map(std::span<std::byte> data, std::span<std::byte> locals) {
  size_ = model_size;
  piece* next = pieces_.data();
  for (const auto& bytes : {data, locals}) {
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::uintptr_t first = begin & ~(granule_size - 1);
    const std::size_t size =
        (begin + bytes.size() - first + granule_size - 1) & ~(granule_size - 1);
    *next++ = {first, size, size_};
    size_ += size;
  }
  reserve<cell>(cells_at, size_ / granule_size);
  slots_ = reserve<object_slot>(slots_at, 2 * (size_ / 4));
}

const void* shadow::at_offset(std::size_t offset) const {
  if (offset < model_size) return reinterpret_cast<const void*>(model_begin + offset);
  for (const piece& each : pieces_)
    if (offset - each.offset < each.size)
      return reinterpret_cast<const void*>(each.begin + (offset - each.offset));
  return nullptr;
}

cell* shadow::cell_of(const void* p, std::uint32_t run) {
  const std::size_t offset = offset_of(p);
  return offset == not_covered ? nullptr : &cell_at(offset, run);
}

object_slot& shadow::slot_of(const void* p) {
  const std::size_t offset = offset_of(p);
  if (offset % 4 == 0) return slots_[offset / 4];
  const fiber::outside_heap outside;
  return others_[p];
}

const void* shadow::address_of(const rt::atomic_object& o) const {
  const auto at = reinterpret_cast<std::uintptr_t>(&o) - slots_at;
  if (const std::size_t slot = at / sizeof(object_slot); slot < 2 * (size_ / 4))
    return at_offset(slot % (size_ / 4) * 4);
  for (const auto& [p, slot] : others_)
    if (&slot.object == &o) return p;
  return nullptr;
}

// ---- atomic objects -----------------------------------------------------------------------------

rt::atomic_object& shadow::object_rarely(runtime& r, const void* p, unsigned size, bool writes,
                                         const void* code) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t first = address % granule_size, granule = address - first;
  cell& c = cell_for(r, p, size, writes, code);
  const auto bytes = static_cast<std::uint8_t>(((1u << size) - 1) << first);
  const access a = access::now(r, code, bytes, writes);
  if (r.observe != nullptr) [[unlikely]]
    the_stacks.note(r, a);
  if (c.is_on_stack_of_another(a.thread())) lend(r, c, a, granule, true);
  if (!is_last(c, a)) check(r, c, a, granule, true);
  if ((c.begins >> first & 1) != 0)
    if (rt::atomic_object& o = slot_of(p).object; o.size == size) return o;
  if (c.unit > size) explore(r, c, size, p, code);
  if ((c.atomics & bytes) != 0) other_size(r, p, size, code);
  if (c.count == 0) check_allocated(r, a, granule, true);
  rt::word initial = 0;
  if (is_known(c, p, bytes)) std::memcpy(&initial, p, size);
  return begin_lifetime(r, c, p, size, rt::show_as::signed_integer, initial, code);
}

void shadow::other_size(runtime& r, const void* p, std::size_t size, const void* code) {
  const fiber::outside_heap outside;
  r.fail(failure_kind::misuse,
         fmt::format("{} accesses {} atomically with {} byte{} ({}), and others with another size: "
                     "what that means is not defined",
                     engine::thread_name(r, r.running()), the_sites.describe(p), size,
                     size == 1 ? "" : "s", engine::place(the_sites.at(code))));
}

rt::atomic_object& shadow::primitive(runtime& r, const void* p, rt::show_as show, rt::word initial,
                                     const void* code) {
  if (r.watches_spins()) r.note_atomic(p, taken_by_primitives);
  cell& c = cell_for(r, p, taken_by_primitives, true, code);
  const auto first = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p) % granule_size);
  const auto bytes = static_cast<std::uint8_t>(((1u << taken_by_primitives) - 1) << first);
  if (c.count != 0)
    check(r, c, access::now(r, code, bytes, true), reinterpret_cast<std::uintptr_t>(p) - first,
          true);
  if (rt::atomic_object& o = slot_of(p).object;
      (c.begins >> first & 1) != 0 && (o.run == r.course.number || o.run == rt::dead))
    return o;
  return begin_lifetime(r, c, p, sizeof(rt::word), show, initial, code);
}

rt::atomic_object& shadow::beside(runtime& r, const void* p, rt::show_as show, const void* code) {
  rt::atomic_object& o = slots_[size_ / 4 + offset_of(p) / 4].object;
  if (o.run != r.course.number) {
    o.size = sizeof(rt::word);
    o.show = show;
    r.begin_lifetime(o, 0, 0, the_sites.at(code));
  }
  return o;
}

cell& shadow::cell_for(runtime& r, const void* p, unsigned size, bool writes, const void* code) {
  cell* const c = cell_of(p, r.course.number);
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const bool fits = begin % granule_size + size <= granule_size;
  if (c != nullptr && fits) {
    if (c->outside == 0) return *c;
    const std::uintptr_t granule = begin - begin % granule_size;
    const access a = access::now(r, code, bytes_of(begin, begin + size, granule), writes);
    if ((c->outside & a.bytes()) == 0) return *c;
    out_of_bounds(r, *c, a, granule, begin + size, true);
  }
  refuse(r, p, size, fits ? "lies in no memory of the program" : "is not aligned", code);
}

void shadow::refuse(runtime& r, const void* p, std::size_t size, std::string_view why,
                    const void* code) {
  // Where there is nothing at all, this crashes, as it would without hooks.
  (void)*static_cast<const volatile char*>(p);
  const fiber::outside_heap outside;
  r.fail(failure_kind::limit,
         fmt::format("{} uses an atomic object of {} byte{} at {} ({}), which {}",
                     engine::thread_name(r, r.running()), size, size == 1 ? "" : "s", fmt::ptr(p),
                     engine::place(the_sites.at(code)), why));
}

// The first one in this run was there before; later ones are of those who wrote there since.
rt::atomic_object& shadow::begin_lifetime(runtime& r, cell& c, const void* p, unsigned size,
                                          rt::show_as show, rt::word initial, const void* code) {
  object_slot& s = slot_of(p);
  rt::atomic_object& o = s.object;
  const bool first = o.run != r.course.number;
  const auto begin = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p) % granule_size);
  o.initial = initial;
  o.size = static_cast<std::uint8_t>(size);
  o.show = show;
  if (r.observe != nullptr) the_stack_variables.note(r);
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  c.atomics |= bytes_of(address, address + extent_of(o), address - begin);
  c.begins |= static_cast<std::uint8_t>(1u << begin);
  r.begin_lifetime(o, first ? engine::thread_index{0} : static_cast<engine::thread_index>(s.maker),
                   first ? 0 : s.nth, the_sites.at(code));
  if (is_value(o)) lend_object(c, p);
  return o;
}

void shadow::write_last_values(const runtime& r) const {
  const engine::graph& g = r.search.graph;
  for (engine::location_id l = 0; l < r.known.infos.size(); ++l) {
    const rt::atomic_object* const o = r.known.infos[l].object;
    if (o == nullptr || o->run != r.course.number || o->location != l || !is_value(*o)) continue;
    const void* const p = address_of(*o);
    if (p == nullptr) continue;
    const cell& c = known_cell_at(offset_of(p));
    if ((c.begins >> reinterpret_cast<std::uintptr_t>(p) % granule_size & 1) == 0) continue;
    put_value(*o, g.value(l, g.location(l).mo_last), const_cast<void*>(p));
  }
}

rt::atomic_object& shadow::begin_primitive(runtime& r, const void* p, rt::show_as show,
                                           rt::word initial, const void* code) {
  finish_write(r);
  object_slot& s = slot_of(p);
  cell& c = cell_for(r, p, taken_by_primitives, true, code);
  const auto begin = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p) % granule_size);
  const auto others = static_cast<std::uint8_t>(~(((1u << taken_by_primitives) - 1) << begin));
  c.atomics &= others;
  c.begins &= others;
  s.maker = r.running();
  s.nth = ++r.thread(r.running()).births;
  s.object.run = r.course.number;
  return primitive(r, p, show, initial, code);
}

}  // namespace pawl::check::instrumented
