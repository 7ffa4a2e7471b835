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

namespace pawl::check::instrumented {
namespace {

using engine::runtime;

constexpr std::uintptr_t cells_at = 0x2000'0000'0000, slots_at = 0x2800'0000'0000;

// Of the memory of model threads: explorations of whole programs come one after the other, so that
// they have the first region.
constexpr std::uintptr_t model_begin = fiber::region::first_address;
constexpr std::size_t model_size = fiber::region::span;

template <class T>
T* reserve(std::uintptr_t at, std::size_t count) {
  void* const p = mmap(reinterpret_cast<void*>(at), count * sizeof(T), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) throw fiber::out_of_memory();
  return static_cast<T*>(p);
}

bool conflicts(const access& a, const access& b) {
  return (a.bytes & b.bytes) != 0 && (a.writes || b.writes);
}

bool is_covered(const access& former, const access& by) {
  return (former.bytes & ~by.bytes) == 0 && (by.writes || !former.writes) && !former.frees;
}

// What a stack holds before the program writes there comes from the checker.
bool is_stack(const void* p) {
  const auto offset = reinterpret_cast<std::uintptr_t>(p) - model_begin;
  return offset < model_size &&
         offset % fiber::region::thread_span < fiber::thread_memory::heap_offset;
}

bool is_written(const cell& c, std::uint8_t bytes) {
  return std::any_of(c.accesses.begin(), c.accesses.begin() + c.count,
                     [&](const access& a) { return a.writes && (a.bytes & bytes) != 0; });
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
  cells_ = reserve<cell>(cells_at, size_ / granule_size);
  slots_ = reserve<object_slot>(slots_at, 2 * (size_ / 4));
}

std::size_t shadow::offset_of(const void* p) const {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  if (const std::size_t offset = address - model_begin; offset < model_size) return offset;
  for (const piece& each : pieces_)
    if (address - each.begin < each.size) return each.offset + (address - each.begin);
  return not_covered;
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
  if (offset == not_covered) return nullptr;
  cell& c = cells_[offset / granule_size];
  if (c.run != run) c.begin(run, is_unallocated(offset) ? 0xff : c.always);
  return &c;
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

// ---- plain accesses -----------------------------------------------------------------------------

void shadow::plain(runtime& r, const void* p, std::size_t size, bool writes, const void* code) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t end = begin + size;
  access a{code, r.thread(r.running()).executed, static_cast<std::uint8_t>(r.running()), 0, writes,
           false};
  if (r.observe != nullptr) [[unlikely]]
    the_stacks.note(r, a);
  for (std::uintptr_t g = begin & ~(granule_size - 1); g < end; g += granule_size) {
    cell* const c = cell_of(reinterpret_cast<const void*>(g), r.course.number);
    if (c == nullptr) continue;
    a.bytes = bytes_of(begin, end, g);
    plain_in(r, *c, a, g, end);
  }
}

void shadow::end_allocation(runtime& r, const void* p, std::size_t size, const void* code) {
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  access a{code, r.thread(r.running()).executed, static_cast<std::uint8_t>(r.running()), 0, true,
           true};
  if (r.observe != nullptr) the_stacks.note(r, a);
  for (std::uintptr_t g = begin; g < begin + size; g += granule_size) {
    cell& c = *cell_of(reinterpret_cast<const void*>(g), r.course.number);
    a.bytes = bytes_of(begin, begin + size, g);
    plain_in(r, c, a, g, begin + size);
  }
}

void shadow::plain_in(runtime& r, cell& c, access a, std::uintptr_t granule, std::uintptr_t end) {
  if (note_ordered(r, c, a)) return;
  check(r, c, a, granule, false);
  if ((c.atomics & a.bytes) != 0) {
    if ((c.outside & a.bytes) != 0) out_of_bounds(r, c, a, granule, end, false);
    meet_atomics(r, c, a, granule, end);
  }
  remember(r, c, a);
}

bool shadow::happened(const runtime& r, const access& former) {
  const std::uint16_t executed = r.thread(r.running()).executed;
  if (known_.run != r.course.number || known_.thread != r.running() ||
      known_.executed != executed) {
    known_.run = r.course.number;
    known_.thread = r.running();
    known_.executed = executed;
    known_.until.fill(-1);
  }
  std::int32_t& until = known_.until[former.thread];
  if (former.at > until && r.happened(former.thread, former.at)) until = former.at;
  return former.at <= until;
}

// The usual case: few have accessed the granule, and none of them races. Returns: whether it is,
// and all is done.
bool shadow::note_ordered(const runtime& r, cell& c, const access& a) {
  if ((c.atomics & a.bytes) != 0 || c.more != 0) return false;
  unsigned kept = 0;  // A bit each.
  for (unsigned i = 0; i < c.count; ++i) {
    const access& former = c.accesses[i];
    const bool own = former.thread == a.thread, meets = conflicts(former, a);
    if (own && former.at == a.at && former.bytes == a.bytes && former.writes && !a.frees)
      return true;
    if (former.frees || (!own && meets && !happened(r, former))) return false;
    kept |= is_covered(former, a) && (own || meets) ? 0u : 1u << i;
  }
  if (kept + 1 == 1u << c.count && c.count < cell::inline_accesses) {
    c.accesses[c.count++] = a;
    return true;
  }
  unsigned count = 0;
  for (unsigned left = kept; left != 0; left &= left - 1)
    c.accesses[count++] = c.accesses[static_cast<unsigned>(std::countr_zero(left))];
  c.count = static_cast<std::uint8_t>(count);
  if (count == cell::inline_accesses) return false;
  c.accesses[c.count++] = a;
  return true;
}

// A racing access, or one to freed memory, ends the run.
void shadow::check(runtime& r, const cell& c, access a, std::uintptr_t granule, bool atomic) {
  const auto meet = [&](const access& former) {
    if (!conflicts(former, a) && (!former.frees || (former.bytes & a.bytes) == 0)) return;
    const bool ordered = former.thread == a.thread || happened(r, former);
    if (ordered && !former.frees) return;
    const void* const p =
        reinterpret_cast<const void*>(granule + std::countr_zero(unsigned{former.bytes} & a.bytes));
    if (ordered) tell_use_after_free(r, p, former, a, atomic);
    tell_race(r, p, former, a, atomic);
  };
  for (unsigned i = 0; i < c.count; ++i) meet(c.accesses[i]);
  if (c.more == 0) return;
  const further_accesses& more = further_[c.more - 1];
  for (std::uint32_t left = a.writes ? more.readers : 0; left != 0; left &= left - 1)
    meet(more.reads[static_cast<unsigned>(std::countr_zero(left))]);
  for (const access& former : more.others) meet(former);
}

void shadow::remember(runtime& r, cell& c, access a) {
  const auto unneeded = [&](const access& former) {  // Reads of others do no harm to a read.
    return is_covered(former, a) &&
           (former.thread == a.thread || (a.writes && happened(r, former)));
  };
  unsigned kept = 0;
  for (unsigned i = 0; i < c.count; ++i)
    if (!unneeded(c.accesses[i])) c.accesses[kept++] = c.accesses[i];
  c.count = static_cast<std::uint8_t>(kept);
  if (a.writes && c.more != 0) {
    further_accesses& more = further_[c.more - 1];
    for (std::uint32_t left = more.readers; left != 0; left &= left - 1)
      if (const auto t = static_cast<unsigned>(std::countr_zero(left)); unneeded(more.reads[t]))
        more.readers &= ~(1u << t);
    std::erase_if(more.others, unneeded);
    if (more.readers == 0 && more.others.empty()) c.more = 0;
  }
  if (kept < cell::inline_accesses)
    c.accesses[c.count++] = a;
  else
    remember_further(r.course.number, c, a);
}

void shadow::remember_further(std::uint32_t run, cell& c, const access& a) {
  const fiber::outside_heap outside;
  if (further_run_ != run) {
    further_run_ = run;
    further_count_ = 0;
  }
  if (c.more == 0) {
    c.more = ++further_count_;
    if (further_.size() < further_count_) further_.emplace_back();
    further_[c.more - 1].readers = 0;
    further_[c.more - 1].others.clear();
  }
  further_accesses& more = further_[c.more - 1];
  const std::uint32_t mine = 1u << a.thread;
  if (a.writes || ((more.readers & mine) != 0 && !is_covered(more.reads[a.thread], a))) {
    more.others.push_back(a);
    return;
  }
  more.readers |= mine;
  more.reads[a.thread] = a;
}

// Of an access, up to `end`, to bytes of atomic objects.
void shadow::meet_atomics(runtime& r, cell& c, access a, std::uintptr_t granule,
                          std::uintptr_t end) {
  const std::uintptr_t begin = granule + std::countr_zero(a.bytes);
  auto left = static_cast<std::uint8_t>(c.atomics & a.bytes);
  for (unsigned begins = c.begins; begins != 0; begins &= begins - 1) {
    const std::uintptr_t first = granule + std::countr_zero(begins);
    void* const p = reinterpret_cast<void*>(first);
    const std::uint8_t own = bytes_of(first, first + extent_of(slot_of(p).object), granule);
    if ((own & a.bytes) != 0) meet_object(r, a, p, begin, end);
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
    return access{sites::code_of(where),
                  id.index - 1,
                  static_cast<std::uint8_t>(id.thread),
                  0,
                  writes,
                  false};
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
  if (const auto other = lives ? unordered_access(r, o, a.writes) : std::nullopt)
    tell_race_with_atomic(r, p, *other, a);
  if (!a.writes) {
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
  s.maker = a.thread;
  s.nth = ++r.thread(a.thread).births;
  o.run = r.course.number;  // In which maker and nth are valid.
}

// ---- atomic objects -----------------------------------------------------------------------------

rt::atomic_object& shadow::object(runtime& r, const void* p, unsigned size, bool writes,
                                  const void* code) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t first = address % granule_size, granule = address - first;
  cell& c = cell_for(r, p, size, writes, code);
  const auto bytes = static_cast<std::uint8_t>(((1u << size) - 1) << first);
  const access a{
      code, r.thread(r.running()).executed, static_cast<std::uint8_t>(r.running()), bytes, writes,
      false};
  if (r.observe != nullptr) [[unlikely]]
    the_stacks.note(r, a);
  if (c.count != 0) check(r, c, a, granule, true);
  if ((c.begins >> first & 1) != 0)
    if (rt::atomic_object& o = slot_of(p).object; o.size == size) return o;
  if ((c.atomics & bytes) != 0) other_size(r, p, size, code);
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
  cell& c = cell_for(r, p, taken_by_primitives, true, code);
  const auto first = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p) % granule_size);
  const auto bytes = static_cast<std::uint8_t>(((1u << taken_by_primitives) - 1) << first);
  if (c.count != 0)
    check(r, c,
          {code, r.thread(r.running()).executed, static_cast<std::uint8_t>(r.running()), bytes,
           true, false},
          reinterpret_cast<std::uintptr_t>(p) - first, true);
  if (rt::atomic_object& o = slot_of(p).object;
      (c.begins >> first & 1) != 0 && (o.run == r.course.number || o.run == rt::dead))
    return o;
  return begin_lifetime(r, c, p, sizeof(rt::word), show, initial, code);
}

rt::atomic_object& shadow::queue(runtime& r, const void* p, const void* code) {
  rt::atomic_object& o = slots_[size_ / 4 + offset_of(p) / 4].object;
  if (o.run != r.course.number) {
    o.size = sizeof(rt::word);
    o.show = rt::show_as::condition;
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
    const access a{code,
                   r.thread(r.running()).executed,
                   static_cast<std::uint8_t>(r.running()),
                   bytes_of(begin, begin + size, granule),
                   writes,
                   false};
    if ((c->outside & a.bytes) == 0) return *c;
    out_of_bounds(r, *c, a, granule, begin + size, true);
  }
  refuse(r, p, size, fits ? "lies in no memory of the program" : "is not aligned", code);
}

void shadow::refuse(runtime& r, const void* p, std::size_t size, std::string_view why,
                    const void* code) {
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
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  c.atomics |= bytes_of(address, address + extent_of(o), address - begin);
  c.begins |= static_cast<std::uint8_t>(1u << begin);
  r.begin_lifetime(o, first ? engine::thread_index{0} : static_cast<engine::thread_index>(s.maker),
                   first ? 0 : s.nth, the_sites.at(code));
  return o;
}

void shadow::write_last_values(const runtime& r) const {
  const engine::graph& g = r.search.graph;
  for (engine::location_id l = 0; l < r.known.infos.size(); ++l) {
    const rt::atomic_object* const o = r.known.infos[l].object;
    if (o == nullptr || o->run != r.course.number || o->location != l || !is_value(*o)) continue;
    const void* const p = address_of(*o);
    if (p == nullptr) continue;
    const cell& c = cells_[offset_of(p) / granule_size];
    if ((c.begins >> reinterpret_cast<std::uintptr_t>(p) % granule_size & 1) == 0) continue;
    put_value(*o, g.value(l, g.location(l).mo_last), const_cast<void*>(p));
  }
}

rt::atomic_object& shadow::begin_primitive(runtime& r, const void* p, rt::show_as show,
                                           rt::word initial, const void* code) {
  object_slot& s = slot_of(p);
  cell& c = cell_for(r, p, taken_by_primitives, true, code);
  const auto begin = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p) % granule_size);
  c.atomics &= static_cast<std::uint8_t>(~(((1u << taken_by_primitives) - 1) << begin));
  c.begins &= static_cast<std::uint8_t>(~(1u << begin));
  s.maker = r.running();
  s.nth = ++r.thread(r.running()).births;
  s.object.run = r.course.number;
  return primitive(r, p, show, initial, code);
}

}  // namespace pawl::check::instrumented
