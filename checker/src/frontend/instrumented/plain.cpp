// Plain accesses to granules: what they race with, and which atomic objects they meet.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "../../engine/describe.hpp"
#include "../../engine/runtime.hpp"
#include "races.hpp"
#include "shadow.hpp"
#include "sites.hpp"
#include "stacks.hpp"

namespace pawl::check::instrumented {

using engine::runtime;

[[noreturn]] void shadow::stop_endless_loop(runtime& r, const void* code) {
  const fiber::outside_heap outside;
  r.fail(failure_kind::limit,
         fmt::format("{} has accessed memory {} times without an atomic operation, a lock or the "
                     "like, at last at {}: a loop that does not end, or waits for plain data, "
                     "which --races explore explores",
                     engine::thread_name(r, r.running()), most_plain_accesses,
                     engine::place(the_sites.at(code))));
}

// One access too many, or in a run that is told or has threads that spin; or one that the checker
// itself makes, as it may where it evaluates a condition of the program.
void shadow::plain_rarely(const void* p, std::size_t size, bool writes, const void* code) {
  const std::int32_t accesses = engine::plain_accesses;
  runtime* const r = fiber::active_heap == nullptr ? nullptr : runtime::current();
  if (r == nullptr) {
    --engine::plain_accesses;
    return;
  }
  if (accesses == 0 || accesses == most_plain_accesses) stop_endless_loop(*r, code);
  if (r->asked().races == race_use::explore) return plain_explored(p, size, writes, code);
  plain_watched(*r, p, size, writes, code);
}

// Threads that spin may write to their own stacks, which are compared (engine/spin.hpp), nowhere
// else.
void shadow::plain_watched(runtime& r, const void* p, std::size_t size, bool writes,
                           const void* code) {
  const bool to_own_stack =
      p >= __builtin_frame_address(0) && p < r.thread(r.running()).memory.stack_top();
  if (r.watches_spins()) r.note_plain(p, size, writes);
  if (!to_own_stack) {
    ++r.reads_elsewhere;
    if (writes) r.end_history();
  }
  if (r.observe != nullptr) return plain_anywhere(p, size, writes, code);
  plain_elsewhere(p, size, writes, code);
}

// In static data, perhaps.
void shadow::plain_elsewhere(const void* p, std::size_t size, bool writes, const void* code) {
  const std::size_t offset = offset_of(p);
  if (offset == not_covered) return plain_anywhere(p, size, writes, code);
  plain_usually(p, offset, size, writes, code);
}

void shadow::beside_elsewhere(runtime& r, const void* p, std::size_t size, bool writes,
                              const void* code) {
  if (r.asked().races == race_use::explore && is_explored(r, p, size))
    explore_access(r, p, size, writes, code, nullptr);
  else if (r.observe != nullptr)
    plain_anywhere(p, size, writes, code);
  else
    plain_elsewhere(p, size, writes, code);
}

void shadow::plain_anywhere(const void* p, std::size_t size, bool writes, const void* code) {
  runtime& r = *runtime::current();
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t end = begin + size;
  const access a = access::now(r, code, 0, writes);
  if (r.observe != nullptr) [[unlikely]]
    the_stacks.note(r, a);
  for (std::uintptr_t g = begin & ~(granule_size - 1); g < end; g += granule_size) {
    cell* const c = cell_of(reinterpret_cast<const void*>(g), r.course.number);
    if (c == nullptr) continue;
    plain_in(r, *c, a.to(bytes_of(begin, end, g)), g, end);
  }
}

void shadow::end_allocation(runtime& r, const void* p, std::size_t size, const void* code) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const access a(code, now_.of, 0xff, true, true);
  if (r.observe != nullptr) the_stacks.note(r, a);
  if (r.watches_spins()) r.note_plain(p, size, true);
  const std::uintptr_t end = begin + size;
  for (std::uintptr_t g = begin; g < end; g += granule_size) {
    cell& c = known_cell_at(g - fiber::region::first_address);
    if (c.run != now_.run) c.begin(now_.run, static_cast<std::uint8_t>(~bytes_of(g, end, g)));
    if (end - g >= granule_size && c.atomics == 0 && c.is_all_before(a, now_.before))
      c.know_only(a);
    else
      plain_in(r, c, a.to(bytes_of(g, end, g)), g, end);
  }
}

// The first access to it in this run, mostly.
void shadow::plain_in_new_granule(cell& c, access a) {
  if (c.run == now_.run) return plain_in_crowd(c, a);
  the_shadow.begin_cell(c, offset_of(c), a.thread());
  plain_in_unused(c, a);
}

// No access to it is known.
void shadow::plain_in_unused(cell& c, access a) {
  if ((c.atomics & a.bytes()) != 0 || is_of_another(c, a.thread())) return plain_in_general(c, a);
  c.know_only(a);
}

// Many have read what one has written, mostly.
void shadow::plain_in_crowd(cell& c, access a) {
  if ((c.atomics & a.bytes()) != 0 || c.is_on_stack_of_another(a.thread()) ||
      !c.note_read(a, now_.before, the_shadow.further_))
    plain_in_general(c, a);
}

// One access is known, mostly. Other cases are tail calls, so that this one needs no stack frame.
void shadow::plain_in_granule(cell& c, access a) {
  if (c.count != 1) [[unlikely]]
    return plain_in_few(c, a);
  if ((c.atomics & a.bytes()) != 0 || c.is_on_stack_of_another(a.thread()) ||
      !c.note_second(a, now_.before))
    plain_in_general(c, a);
}

// None, or more than one.
[[gnu::noinline]] void shadow::plain_in_few(cell& c, access a) {
  if (c.count == 0) return plain_in_unused(c, a);
  if ((c.atomics & a.bytes()) != 0 || c.is_on_stack_of_another(a.thread()) ||
      !c.note_among_few(a, now_.before))
    plain_in_general(c, a);
}

[[gnu::noinline]] void shadow::plain_in_general(cell& c, access a) {
  const auto granule = reinterpret_cast<std::uintptr_t>(the_shadow.at_offset(offset_of(c)));
  the_shadow.plain_in(*runtime::current(), c, a, granule,
                      granule + static_cast<unsigned>(std::bit_width(a.bytes())));
}

void shadow::plain_in(runtime& r, cell& c, access a, std::uintptr_t granule, std::uintptr_t end) {
  if (c.is_on_stack_of_another(a.thread())) lend(r, c, a, granule, false);
  if (c.count == 0 && (c.outside & a.bytes()) == 0) check_allocated(r, a, granule, false);
  if ((c.atomics & a.bytes()) == 0 && c.note_ordered(a, now_.before, further_)) return;
  check(r, c, a, granule, false);
  if ((c.atomics & a.bytes()) != 0) {
    if ((c.outside & a.bytes()) != 0) out_of_bounds(r, c, a, granule, end, false);
    meet_atomics(r, c, a, granule, end);
  }
  c.note(a, now_.before, further_);
}

// What must have happened to memory that is accessed now. Races that are explored order nothing,
// but under sc whoever frees can have been told by one that all others are done.
static engine::view needed_before(const runtime& r, access a) {
  if (!a.frees() || r.asked().races != race_use::explore) return r.happened_before();
  return r.over_by(r.running(), r.thread(r.running()).executed);
}

// A racing access, or one to freed memory, ends the run.
void shadow::check(runtime& r, cell& c, access a, std::uintptr_t granule, bool atomic) {
  const access* const former =
      c.conflict(a, r.search.graph.views.all(needed_before(r, a)), further_);
  if (former == nullptr) return;
  const void* const p = reinterpret_cast<const void*>(
      granule + static_cast<unsigned>(std::countr_zero(unsigned{former->bytes()} & a.bytes())));
  if (cell::is_before(*former, a, now_.before)) tell_use_after_free(r, p, *former, a, atomic);
  if (r.asked().races == race_use::explore && !former->frees() && !a.frees())
    explore(r, c, std::min(unit_of(former->bytes()), unit_of(a.bytes())), p, a.code());
  tell_race(r, p, *former, a, atomic);
}

// Of an access, up to `end`, to bytes of atomic objects.
void shadow::meet_atomics(runtime& r, cell& c, access a, std::uintptr_t granule,
                          std::uintptr_t end) {
  const std::uintptr_t begin = granule + static_cast<unsigned>(std::countr_zero(a.bytes()));
  auto left = static_cast<std::uint8_t>(c.atomics & a.bytes());
  for (unsigned begins = c.begins; begins != 0; begins &= begins - 1) {
    const std::uintptr_t first = granule + std::countr_zero(begins);
    void* const p = reinterpret_cast<void*>(first);
    const std::uint8_t own = bytes_of(first, first + extent_of(slot_of(p).object), granule);
    if ((own & a.bytes()) != 0) meet_object(r, a, p, begin, end);
    left &= static_cast<std::uint8_t>(~own);
  }
  if (left == 0) return;
  if (void* const p = object_into(granule, r.course.number)) meet_object(r, a, p, begin, end);
}

// An atomic access of another thread that happens neither before nor after now: one that was
// executed, or one that the thread stands before; only of those that write, unless `a` does.
static std::optional<access> unordered_access(const runtime& r, const rt::atomic_object& o,
                                              access a) {
  const bool all = a.writes();
  const auto of = [](engine::event_id id, rt::site where, bool writes) {
    return access(sites::code_of(where), id.thread, id.index - 1u, 0, writes);
  };
  if (const auto id = r.unordered_access(o.location, all, needed_before(r, a))) {
    const engine::event& e = r.search.graph.at(*id);
    return of(*id, e.where, e.writes);
  }
  for (engine::thread_index t = 0; t < r.thread_count(); ++t) {
    const auto& m = r.thread(t);
    using state = runtime::model_thread::state;
    if (t == r.running() || (m.at != state::frontier && m.at != state::spinning)) continue;
    const engine::request& q = *m.pending;
    const bool writes = q.op == engine::operation::store || q.op == engine::operation::fetch;
    if (q.location == o.location && (all || writes))
      return of({t, static_cast<std::uint16_t>(m.executed + 1)}, q.where, writes);
  }
  return std::nullopt;
}

// What others did to the object, or are about to do, must happen before. A read sees the latest
// value; a write begins another lifetime, with what the latest value has elsewhere.
void shadow::meet_object(runtime& r, access a, void* p, std::uintptr_t begin, std::uintptr_t end) {
  object_slot& s = slot_of(p);
  rt::atomic_object& o = s.object;
  const auto first = reinterpret_cast<std::uintptr_t>(p), behind = first + extent_of(o);
  const bool lives = o.run == r.course.number;
  if (const auto other = lives ? unordered_access(r, o, a) : std::nullopt) {
    if (r.asked().races == race_use::explore && !a.frees() && is_value(o) && o.size <= granule_size)
      explore(r, *cell_of(p, r.course.number), std::min(unit_of(a.bytes()), unsigned{o.size}), p,
              a.code());
    tell_race_with_atomic(r, p, *other, a);
  }
  if (!a.writes()) {
    if (is_value(o)) put_value(o, r.visible_value(o.location), p);
    return;
  }
  if (lives && is_value(o) && (first < begin || end < behind))
    put_value(o, r.visible_value(o.location), p, begin, end);
  end_lifetime(r, s, p);
}

// The next access to it by an atomic operation begins another one.
void shadow::end_lifetime(runtime& r, object_slot& s, const void* p) {
  const auto first = reinterpret_cast<std::uintptr_t>(p), behind = first + extent_of(s.object);
  for (std::uintptr_t g = first & ~(granule_size - 1); g < behind; g += granule_size) {
    cell& c = *cell_of(reinterpret_cast<const void*>(g), r.course.number);
    c.atomics &= static_cast<std::uint8_t>(~bytes_of(first, behind, g));
    if (g <= first) c.begins &= static_cast<std::uint8_t>(~(1u << (first - g)));
  }
  s.maker = r.running();
  s.nth = ++r.thread(s.maker).births;
  s.object.run = r.course.number;  // In which maker and nth are valid.
}

}  // namespace pawl::check::instrumented
