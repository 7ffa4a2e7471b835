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

// Between two operations: some seconds. A loop that waits for plain data to change does not end,
// since nobody else runs meanwhile.
constexpr std::uint32_t most_plain_accesses = 1u << 26;

[[noreturn]] static void stop_endless_loop(runtime& r, const void* code) {
  const fiber::outside_heap outside;
  r.fail(failure_kind::limit,
         fmt::format("{} has accessed memory {} times without an atomic operation, a lock or the "
                     "like, at last at {}: a loop that does not end, or waits for plain data",
                     engine::thread_name(r, r.running()), most_plain_accesses,
                     engine::place(the_sites.at(code))));
}

// The first access after an operation, one too many, or in a run that is told or has threads that
// spin: those may write to their own stacks, which are compared (engine/spin.hpp), nowhere else.
void shadow::plain_rarely(runtime& r, const void* p, std::size_t size, bool writes,
                          const void* code) {
  if (r.plain_accesses == 1) {
    learn(r);
    if (usual_ != 0) return plain_usually(r, p, size, writes, code);
  }
  if (r.plain_accesses == most_plain_accesses) stop_endless_loop(r, code);
  const bool to_own_stack =
      p >= __builtin_frame_address(0) && p < r.thread(r.running()).memory.stack_top();
  if (writes && !to_own_stack) r.end_history();
  if (r.observe != nullptr) return plain_anywhere(r, p, size, writes, code);
  plain_usually(r, p, size, writes, code);
}

void shadow::learn(runtime& r) {
  r.plain_accesses = std::max(r.plain_accesses, 1u);
  happened_ = r.happened_before();
  usual_ = r.observe == nullptr && !r.watches_spins() ? most_plain_accesses - 2 : 0;
}

void shadow::plain_anywhere(runtime& r, const void* p, std::size_t size, bool writes,
                            const void* code) {
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
  const access a = access::now(r, code, 0, true, true);
  if (r.observe != nullptr) the_stacks.note(r, a);
  const std::uintptr_t end = begin + size;
  for (std::uintptr_t g = begin; g < end; g += granule_size) {
    cell& c = cell_at(g - fiber::region::first_address, r.course.number);
    if (end - g >= granule_size && c.atomics == 0 && is_last(r, c, a)) {
      c.accesses[0] = a.to(0xff);
      c.count = 1;
    } else {
      plain_in(r, c, a.to(bytes_of(g, end, g)), g, end);
    }
  }
}

// One access is known, mostly. Other cases are tail calls, so that this one needs no stack frame.
void shadow::plain_in_granule(runtime& r, cell& c, access a, std::uintptr_t p) {
  if ((c.atomics & a.bytes()) != 0 || c.more != 0 || c.count != 1)
    return plain_in_general(r, c, a, p);
  switch (cell::role_of(c.accesses[0], a, view_in(r))) {
    case cell::role::prevents:
      return plain_in_general(r, c, a, p);
    case cell::role::goes:
      c.accesses[0] = a;
      break;
    case cell::role::stays:
      c.accesses[1] = a;
      c.count = 2;
      break;
    case cell::role::knows:
      break;
  }
}

[[gnu::noinline]] void shadow::plain_in_general(runtime& r, cell& c, access a, std::uintptr_t p) {
  const std::uintptr_t granule = p & ~(granule_size - 1);
  plain_in(r, c, a, granule, granule + static_cast<unsigned>(std::bit_width(a.bytes())));
}

void shadow::plain_in(runtime& r, cell& c, access a, std::uintptr_t granule, std::uintptr_t end) {
  if (!knows_now(r)) learn(r);
  if ((c.atomics & a.bytes()) == 0 && c.note_ordered(a, view_in(r), further_)) return;
  check(r, c, a, granule, false);
  if ((c.atomics & a.bytes()) != 0) {
    if ((c.outside & a.bytes()) != 0) out_of_bounds(r, c, a, granule, end, false);
    meet_atomics(r, c, a, granule, end);
  }
  c.note(a, view_in(r), further_);
}

// A racing access, or one to freed memory, ends the run.
void shadow::check(runtime& r, const cell& c, access a, std::uintptr_t granule, bool atomic) {
  if (!knows_now(r)) learn(r);
  const access* const former = c.conflict(a, view_in(r), further_);
  if (former == nullptr) return;
  const void* const p = reinterpret_cast<const void*>(
      granule + static_cast<unsigned>(std::countr_zero(unsigned{former->bytes()} & a.bytes())));
  if (cell::is_before(*former, a, view_in(r))) tell_use_after_free(r, p, *former, a, atomic);
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
// executed, or one that the thread stands before; only of those that write, unless `all`.
static std::optional<access> unordered_access(const runtime& r, const rt::atomic_object& o,
                                              bool all) {
  const auto of = [](engine::event_id id, rt::site where, bool writes) {
    return access(sites::code_of(where), id.thread, id.index - 1u, 0, writes);
  };
  if (const auto id = r.unordered_access(o.location, all)) {
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
  if (const auto other = lives ? unordered_access(r, o, a.writes()) : std::nullopt)
    tell_race_with_atomic(r, p, *other, a);
  if (!a.writes()) {
    if (is_value(o)) put_value(o, r.visible_value(o.location), p);
    return;
  }
  if (lives && is_value(o) && (first < begin || end < behind))
    put_value(o, r.visible_value(o.location), p, begin, end);
  for (std::uintptr_t g = first & ~(granule_size - 1); g < behind; g += granule_size) {
    cell& c = *cell_of(reinterpret_cast<const void*>(g), r.course.number);
    c.atomics &= static_cast<std::uint8_t>(~bytes_of(first, behind, g));
    if (g <= first) c.begins &= static_cast<std::uint8_t>(~(1u << (first - g)));
  }
  s.maker = a.thread();
  s.nth = ++r.thread(a.thread()).births;
  o.run = r.course.number;  // In which maker and nth are valid.
}

}  // namespace pawl::check::instrumented
