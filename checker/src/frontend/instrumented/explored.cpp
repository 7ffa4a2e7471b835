// Plain data that threads race for, with --races explore: as if it were relaxed atomic.
//
// EXPLORED. Once a race for a granule was seen, the search starts anew, and from then on every
// access to the granule is an event for each unit that it covers: the smallest of all accesses
// there. What is free of races stays as it is: happens-before says all of it.
//
// A hook comes before its access. For a read it puts what the events have read where the program is
// about to read it. What the program is about to write is known when its thread comes to the next
// hook: nobody else runs before, so the events take place then. A copy of a structure has the hook
// of the write first, then that of the read: between the two there is no store in the program.
//
// A function of a library may read more than once, or before it is said what it reads: that is
// refused, but for memcpy() and its like.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/describe.hpp"
#include "../../engine/machine_code.hpp"
#include "../../fiber/memory.hpp"
#include "hooks.hpp"
#include "iterations.hpp"
#include "shadow.hpp"
#include "sites.hpp"

namespace pawl::check::instrumented {
namespace {

using engine::runtime;

// The events of an access, in turn.
struct unit_access {
  void* at;
  unsigned size;
  rt::word value;
};
using unit_accesses = std::vector<unit_access>;

// The latest read of each thread, and what it is about to write, in the code before an address.
struct thread_accesses {
  unit_accesses read, written;
  const void* writes_at = nullptr;
};
std::array<thread_accesses, rt::max_threads>& latest =
    *new std::array<thread_accesses, rt::max_threads>;

// True if the program loads registers, at most, on its way from one hook to another.
bool is_without_store(const void* from, const void* to) {
  using namespace engine::machine;
  const fiber::outside_heap outside;
  constexpr unsigned most = 64;  // Bytes.
  const auto* at = static_cast<const std::byte*>(from);
  const auto* const end = static_cast<const std::byte*>(to);
  if (end <= at || end > at + most) return false;
  while (at < end) {
    const instruction i = decode(at);
    at += i.length;
    if (i.kind == form::call) return at == end;
    const bool loads = i.kind == form::move && i.to != operand::none;
    const bool computes = i.kind == form::other && !i.memory.is_used;
    if (!loads && !computes) return false;
  }
  return false;
}

void add(unit_accesses& to, unit_access a) {
  const fiber::outside_heap outside;
  to.push_back(a);
}

}  // namespace

unsigned shadow::unit_of(std::uint8_t bytes) {
  const auto is_whole = [bytes](unsigned size) {
    const unsigned one = (1u << size) - 1;
    for (unsigned first = 0; first < granule_size; first += size)
      if (const unsigned part = bytes >> first & one; part != 0 && part != one) return false;
    return true;
  };
  unsigned unit = granule_size;
  while (!is_whole(unit)) unit /= 2;
  return unit;
}

void shadow::explore(std::span<const engine::explored_granule> all) {
  const fiber::outside_heap outside;
  explored_.clear();
  std::ranges::copy_if(all, std::back_inserter(explored_), [this](const auto& each) {
    return each.number < size_ / granule_size;  // Tokens can be of other programs.
  });
  for (const engine::explored_granule& each : explored_)
    known_cell_at(each.number * granule_size).unit = static_cast<std::uint8_t>(each.unit);
}

std::vector<std::string> shadow::racing_data() const {
  std::vector<std::string> names;
  for (const engine::explored_granule& each : explored_) {
    const void* const p = at_offset(each.number * granule_size + each.first);
    std::string name = the_sites.variable(p);
    name.resize(std::min(name.find('+'), name.size()));  // All of an array, or a structure.
    if (name.empty()) {
      const auto racer = std::ranges::find(racers_, each.number, &racing_access::granule);
      name = racer == racers_.end()
                 ? the_sites.describe(p)
                 : fmt::format("what {} uses", engine::place(the_sites.at(racer->code)));
    }
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

void shadow::explore(runtime& r, cell& c, unsigned unit, const void* p, const void* code) {
  const auto number = static_cast<std::uint32_t>(offset_of(c) / granule_size);
  const auto in_granule = reinterpret_cast<std::uintptr_t>(p) % granule_size;
  if (c.unit != 0) unit = std::min(unit, unsigned{c.unit});
  c.unit = static_cast<std::uint8_t>(unit);
  {
    const fiber::outside_heap outside;
    const auto known = std::ranges::find(explored_, number, &engine::explored_granule::number);
    if (known == explored_.end()) {
      explored_.push_back({number, unit, static_cast<std::uint32_t>(in_granule)});
      racers_.push_back({number, code});
    } else {
      known->unit = unit;
    }
  }
  r.search.demand_restart();
  r.assume_false();
  std::abort();  // The thread does not go on.
}

// A loop without any operation waits for what it reads, it seems.
void shadow::explore_loop(runtime& r, const void* p, std::size_t size, const void* code) {
  constexpr std::int32_t many = 1 << 16;
  if (engine::plain_accesses == 0 || engine::plain_accesses % many != 0) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t granule = begin & ~(granule_size - 1);
  if (cell* const c = cell_of(p, r.course.number); c != nullptr && c->unit == 0)
    explore(r, *c, unit_of(bytes_of(begin, begin + size, granule)), p, code);
}

bool shadow::is_explored(runtime& r, const void* p, std::size_t size) {
  const auto* const bytes = static_cast<const std::byte*>(p);
  for (const void* const at : {bytes, bytes + size - 1})
    if (const cell* const c = cell_of(at, r.course.number); c != nullptr && c->unit != 0)
      return true;
  return false;
}

// The bytes are those of a mutex or the like, whose events are its own.
bool shadow::is_primitive(const cell& c, const void* p) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t begin = address - address % taken_by_primitives;
  return (c.begins >> begin % granule_size & 1) != 0 &&
         !is_value(slot_of(reinterpret_cast<void*>(begin)).object);
}

template <class Plain, class Unit>
void shadow::for_units(runtime& r, const void* p, std::size_t size, const void* code, Plain plain,
                       Unit unit) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t end = begin + size;
  for (std::uintptr_t g = begin & ~(granule_size - 1); g < end; g += granule_size) {
    std::uintptr_t from = std::max(begin, g);
    const std::uintptr_t to = std::min(end, g + granule_size);
    cell* const c = cell_of(reinterpret_cast<const void*>(from), r.course.number);
    if (c == nullptr || c->unit == 0) {
      plain(reinterpret_cast<void*>(from), to - from);
      continue;
    }
    if (from % c->unit != 0 || to % c->unit != 0)
      explore(r, *c, unit_of(bytes_of(from, to, g)), reinterpret_cast<void*>(from), code);
    for (; from < to; from += c->unit) {
      auto* const at = reinterpret_cast<void*>(from);
      if (is_primitive(*c, at))
        plain(at, c->unit);
      else
        unit(at, c->unit);
    }
  }
}

// Where the program calls a hook itself, in which a loop that spins is recognised, `frame` is the
// hook's.
void shadow::plain_explored(const void* p, std::size_t size, bool writes, const void* code) {
  __builtin_unwind_init();
  const void* const frame =
      code == __builtin_return_address(0) ? __builtin_frame_address(0) : nullptr;
  runtime& r = *runtime::current();
  thread_accesses& all = latest[r.running()];
  if (writes || frame == nullptr || !is_without_store(all.writes_at, code)) finish_write(r);
  explore_access(r, p, size, writes, code, frame);
  if (!writes && frame == nullptr && !all.read.empty()) refuse_reads(r, p, code);
}

void shadow::plain_copied(const void* p, std::size_t size, const void* code) {
  runtime* const r = active();
  if (r == nullptr || r->asked().races != race_use::explore) return plain(p, size, false, code);
  explore_access(*r, p, size, false, code, nullptr);
}

void shadow::refuse_reads(runtime& r, const void* p, const void* code) {
  const fiber::outside_heap outside;
  r.fail(failure_kind::limit,
         fmt::format("{} lets a function of a library read {} ({}), which races: that cannot be "
                     "explored",
                     engine::thread_name(r, r.running()), the_sites.describe(p),
                     engine::place(the_sites.at(code))));
}

void shadow::explore_access(runtime& r, const void* p, std::size_t size, bool writes,
                            const void* code, const void* frame) {
  if (!writes) explore_loop(r, p, size, code);
  thread_accesses& all = latest[r.running()];
  unit_accesses& mine = writes ? all.written : all.read;
  mine.clear();
  for_units(
      r, p, size, code,
      [&](const void* part, std::size_t n) { plain_watched(r, part, n, writes, code); },
      [&](void* at, unsigned unit) {
        rt::atomic_object& o = object(r, at, unit, writes, code);  // It may begin now.
        add(mine, {at, unit, writes ? 0 : load_unit(r, o, mine.empty() ? frame : nullptr, code)});
      });
  if (mine.empty()) return;
  if (writes) {
    writers_ |= 1u << r.running();
    all.writes_at = code;
    return;
  }
  for (const unit_access& a : mine) std::memcpy(a.at, &a.value, a.size);
  if (r.watches_spins()) r.enter_native();  // That is no change.
}

rt::word shadow::load_unit(runtime& r, const rt::atomic_object& o, const void* frame,
                           const void* code) {
  if (frame == nullptr)
    r.end_history();
  else
    note_iteration(r, frame, code);
  r.stand_in(frame);
  return rt::load(o, std::memory_order_relaxed, the_sites.at(code));
}

void shadow::end_write(runtime& r) {
  if ((writers_ >> r.running() & 1) == 0) return;
  writers_ &= ~(1u << r.running());
  thread_accesses& mine = latest[r.running()];
  for (unit_access& a : mine.written) std::memcpy(&a.value, a.at, a.size);
  for (const unit_access& a : mine.written)
    rt::store(object(r, a.at, a.size, true, mine.writes_at), a.value, std::memory_order_relaxed,
              the_sites.at(mine.writes_at));
  mine.writes_at = nullptr;
}

}  // namespace pawl::check::instrumented
