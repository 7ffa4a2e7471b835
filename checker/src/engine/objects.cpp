// The memory of the running program: lifetimes of atomic objects, data races on plain ones, the
// heap.
//
// A plain access by a thread that has executed n events happens before another thread's access iff
// that one's hb view contains event n + 1 of the first: the race check of FastTrack (Flanagan,
// Freund, PLDI 2009), with a read vector only where several threads read.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "describe.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
namespace {

constexpr std::uint32_t freed_word = 0xdddddddd;

}  // namespace

view runtime::known_to(thread_index t, std::uint16_t n) const {
  if (n == 0) return search.graph.inherited_hb({t, 1});
  return search.graph.at({t, n}).hb;
}

view runtime::over_by(thread_index t, std::uint16_t n) const {
  const memory_model m = asked().memory_model;
  if (n == 0) return inherited_coherence_view(m, search.graph, {t, 1});
  return coherence_view(m, search.graph.at({t, n}));
}

view runtime::preceding(thread_index t, std::uint16_t n) const {
  return n == 0 ? search.graph.inherited_porf({t, 1}) : search.graph.at({t, n}).porf;
}

// Does what `other` did after its first `at` events happen before now?
bool runtime::happened(thread_index other, std::int32_t at) const {
  if (direct_.runs) return other == running_ || direct_.memory.happened(running_, other, at);
  return other == running_ || search.graph.views.at(happened_before(), other) > at;
}

bool runtime::follows(thread_index other, std::uint16_t n) const {
  const event_id next{running_, static_cast<std::uint16_t>(thread(running_).executed + 1)};
  return search.graph.views.at(search.graph.inherited_porf(next), other) > n;
}

// ---- atomic objects -----------------------------------------------------------------------------

object_key runtime::key(thread_index t, std::uint32_t n, const rt::atomic_object& o) const {
  return {t, n, region_.relative(&o), o.initial};
}

location_id runtime::locate(thread_index t, std::uint32_t n, const rt::atomic_object& o) {
  return known.location(t, n, o, [&](word v) {
    const location_id l = search.graph.add_location(v);
    if (ordinary_.contains(key(t, n, o))) search.make_ordinary(l);
    return l;
  });
}

void runtime::learn(knowledge k) {
  if (k.spins) watch_spins();
  if (k.orders_arrivals) order_arrivals();
  if (k.keeps_state) forgo_snapshots();
  ordinary_ = std::move(k.ordinary);
  for (location_id l = 0; l < known.infos.size(); ++l) {
    const location_info& i = known.infos[l];
    if (i.object != nullptr && ordinary_.contains(key(i))) search.make_ordinary(l);
  }
}

knowledge runtime::learned() const {
  knowledge out{
      ordinary_, {}, {}, watches_spins(), orders_arrivals_, snapshot_use_ == snapshot_use::never};
  for (location_id l = 0; l < known.infos.size(); ++l) {
    if (known.infos[l].object == nullptr) continue;
    const object_key k = key(known.infos[l]);
    if (search.is_ordinary(l)) out.ordinary.insert(k);
    if (search.is_awaited(l)) out.awaited.insert(k);
    if (search.is_unordered(l)) out.unordered.insert(k);
  }
  return out;
}

void runtime::begin(rt::atomic_object& o, rt::site where) {
  end_history();
  model_thread& me = thread(running_);
  begin_lifetime(o, running_, ++me.births, where);
  o.creator = running_;
  if (!visits_states()) o.created_at = me.executed;
}

void runtime::begin_lifetime(rt::atomic_object& o, thread_index creator, std::uint32_t n,
                             rt::site where) {
  fiber::outside_heap outside;
  const auto is_same = [&](location_id l) {
    return l < known.infos.size() && known.infos[l].object == &o && known.infos[l].nth == n &&
           known.infos[l].creator == creator && known.infos[l].initial == o.initial;
  };
  location_id l = o.location;  // Of a static object, that of a former run is a good guess.
  if (n > 0) {
    if (known.births.size() <= creator) known.births.resize(creator + 1u);
    auto& births = known.births[creator];
    if (births.size() <= n) births.resize(n + 1, no_location);
    l = births[n];
  }
  if (!is_same(l)) l = locate(creator, n, o);
  if (n > 0) known.births[creator][n] = l;
  known.infos[l] = {&o, creator, n, o.initial, o.size, o.show, where};
  if (direct_.runs) direct_.memory.begin(l, o.initial);
  o.run = course.number;
  o.location = l;
  o.creator = creator;
  o.created_at = -1;
}

location_id runtime::resolve(rt::atomic_object& o, rt::site where) {
  if (o.run != course.number || (visits_states() && !direct_.memory.knows(o.location))) {
    if (o.run == freed_word || o.run == rt::dead) use_after_end(o, where);
    begin_lifetime(o, 0, 0, where);
  }
  if (o.created_at >= 0 && o.creator != running_ && !happened(o.creator, o.created_at)) {
    fiber::outside_heap outside;
    const location_info& info = known.infos[o.location];
    fail(failure_kind::lifetime,
         fmt::format("{} uses {} ({}) although its construction by {} ({}) does not happen before",
                     thread_name(*this, running_), object_name(*this, o.location), place(where),
                     thread_name(*this, info.creator), place(info.where)),
         {}, &o);
  }
  if (segment_.open && o.created_at >= 0 && o.creator != running_) note_use(o);
  return o.location;
}

void runtime::check_alive(location_id l, rt::site where) {
  const rt::atomic_object& o = *known.infos[l].object;
  if (o.run != course.number || o.location != l) use_after_end(o, where);
}

void runtime::use_after_end(const rt::atomic_object& o, rt::site where) {
  fiber::outside_heap outside;
  const bool destroyed = o.run == rt::dead || o.run == course.number;  // And another one begun.
  fail(destroyed ? failure_kind::lifetime : failure_kind::use_after_free,
       fmt::format("{} uses an atomic object that {} ({})", thread_name(*this, running_),
                   destroyed ? "was destroyed" : "lies in freed memory", place(where)),
       heap_notes(&o), &o);
}

void runtime::not_before_end(event_id id, const rt::atomic_object& o) {
  fiber::outside_heap outside;
  const event& e = search.graph.at(id);
  fail(failure_kind::lifetime,
       fmt::format("{} destroys {} while {} may still {} it ({})", thread_name(*this, running_),
                   object_name(*this, o.location), thread_name(*this, id.thread),
                   e.writes ? "modify" : "read", place(e.where)),
       {fmt::format("the access at {} does not happen before the destruction", place(e.where))},
       &o);
}

// Every access must happen before the destruction.
void runtime::end(rt::atomic_object& o, rt::site where) {
  end_history();
  segment_.ended = true;
  if (o.run == freed_word || o.run == rt::dead) {
    fiber::outside_heap outside;
    fail(failure_kind::lifetime,
         fmt::format("{} destroys an atomic object twice ({})", thread_name(*this, running_),
                     place(where)),
         {}, &o);
  }
  if (visits_states()) {
    if (o.run == course.number) {
      const fiber::outside_heap outside;
      direct_.memory.end(o.location);
      kept.ended.push_back({running_, o.location});
    }
  } else if (direct_.runs) {
    if (o.run == course.number && direct_.memory.is_in_use(o.location, running_))
      fail(failure_kind::lifetime, {});  // run() tells who uses it.
  } else if (o.run == course.number && thread(running_).executed == search.graph.size(running_)) {
    if (const auto id = unordered_access(o.location, true, happened_before()))
      not_before_end(*id, o);
  }
  o.run = rt::dead;
}

std::optional<event_id> runtime::unordered_access(location_id location, bool all,
                                                  view before) const {
  const graph& g = search.graph;
  const location_record& l = g.location(location);
  // Nothing happens after what a thread does at the end of its part of the graph.
  const bool newest = thread(running_).executed == g.size(running_);
  const auto is_unordered = [&](event_id id) {
    return id.thread != running_ && (newest || id.index <= thread(id.thread).executed) &&
           g.views.at(before, id.thread) < static_cast<clock_value>(id.index);
  };
  for (event_id id = l.newest_load; all && id != no_event; id = g.at(id).older_load)
    if (is_unordered(id)) return id;
  for (event_id id = l.mo_last; !id.initial(); id = g.at(id).mo_before)
    if (is_unordered(id)) return id;
  return std::nullopt;
}

word runtime::visible_value(location_id location) const {
  const graph& g = search.graph;
  const view now = happened_before();
  const std::uint16_t own = thread(running_).executed;
  event_id id = g.location(location).mo_last;
  while (!id.initial() &&
         (id.thread == running_ ? id.index > own
                                : g.views.at(now, id.thread) < static_cast<clock_value>(id.index)))
    id = g.at(id).mo_before;
  return g.value(location, id);
}

// ---- plain objects ------------------------------------------------------------------------------

void runtime::plain_begin(rt::plain_object& o, rt::site where) {
  end_history();
  uses_plain_ = true;
  o = {};
  o.run = course.number;
  if (visits_states()) return;
  o.writer = running_;
  o.write_at = thread(running_).executed;
  o.write_site = where;
}

void runtime::plain_access(rt::plain_object& o, bool write, rt::site where) {
  if (watches_spins()) note_plain(&o, 1, write);
  if (write) end_history();
  uses_plain_ = true;
  if (o.run != course.number) {
    if (o.run == freed_word || o.run == rt::dead) {
      fiber::outside_heap outside;
      fail(o.run == rt::dead ? failure_kind::lifetime : failure_kind::use_after_free,
           fmt::format("{} {} an object that {} ({})", thread_name(*this, running_),
                       write ? "writes" : "reads",
                       o.run == rt::dead ? "was destroyed" : "lies in freed memory", place(where)),
           heap_notes(&o), &o);
    }
    o = {};
    o.run = course.number;
  }
  if (visits_states()) return;  // Who accessed it when is no part of a state.
  const auto at = static_cast<std::int32_t>(thread(running_).executed);
  if (observe != nullptr) {
    fiber::outside_heap outside;
    observe->plain(running_, &o, write, where);
  }
  if (o.write_at >= 0 && !happened(o.writer, o.write_at))
    race(o, o.writer, true, o.write_site, write, where);
  if (write) {
    if (o.readers != 0) {
      const auto& reads = read_vectors[o.readers - 1];
      for (thread_index t = 0; t < course.threads; ++t)
        if (reads[t] >= 0 && !happened(t, reads[t])) race(o, t, false, o.read_site, write, where);
    } else if (o.read_at >= 0 && !happened(o.reader, o.read_at)) {
      race(o, o.reader, false, o.read_site, write, where);
    }
    o.writer = running_;
    o.write_at = at;
    o.write_site = where;
    o.read_at = -1;
    o.readers = 0;
    return;
  }
  // To note anew what no other thread can tell from the read before would change the state of a
  // thread that spins, if the object lies on its stack.
  const std::int32_t before = o.readers != 0         ? read_vectors[o.readers - 1][running_]
                              : o.reader == running_ ? o.read_at
                                                     : -1;
  if (thread(running_).history.only_reads_since(before)) return;
  if (o.readers == 0 && o.read_at >= 0 && o.reader != running_ && !happened(o.reader, o.read_at)) {
    fiber::outside_heap outside;
    read_vectors.emplace_back().fill(-1);
    o.readers = static_cast<std::uint32_t>(read_vectors.size());
    read_vectors.back()[o.reader] = static_cast<std::int16_t>(o.read_at);
  }
  if (o.readers != 0) read_vectors[o.readers - 1][running_] = static_cast<std::int16_t>(at);
  o.reader = running_;
  o.read_at = at;
  o.read_site = where;
}

void runtime::race(const rt::plain_object& o, thread_index other, bool other_writes, rt::site there,
                   bool write, rt::site here) {
  fiber::outside_heap outside;
  const auto named = known.objects.find(&o);
  const std::string what = named == known.objects.end() ? "the same data" : named->second;
  fail(failure_kind::data_race,
       fmt::format("{} {} {} ({}) while {} {} it ({})", thread_name(*this, running_),
                   write ? "writes" : "reads", what, place(here), thread_name(*this, other),
                   other_writes ? "writes" : "reads", place(there)),
       {fmt::format("{} by {} at {}", other_writes ? "write" : "read", thread_name(*this, other),
                    place(there)),
        fmt::format("{} by {} at {}", write ? "write" : "read", thread_name(*this, running_),
                    place(here)),
        "neither happens before the other"},
       &o);
}

// The end of a lifetime conflicts with every access, like a write.
void runtime::plain_end(rt::plain_object& o, rt::site where) {
  plain_access(o, true, where);
  o.run = rt::dead;
}

// ---- heap ---------------------------------------------------------------------------------------

void* runtime::allocate(std::size_t size, std::size_t alignment) {
  end_history();
  model_thread& me = thread(running_);
  void* const p = me.memory.allocate(size, alignment, running_, me.executed);
  if (p == nullptr) {
    fiber::outside_heap outside;
    fail(failure_kind::limit,
         fmt::format("{} allocated more than {} MiB in one execution", thread_name(*this, running_),
                     fiber::thread_memory::heap_size >> 20));
  }
  if (the_whole_program != nullptr) the_whole_program->note_allocation(p, size);
  return p;
}

void* runtime::scratch(std::size_t size) {
  void* const p = allocate(size, alignof(std::max_align_t));
  thread(running_).memory.keep_latest();
  return p;
}

bool runtime::release(void* p) {
  const int owning = region_.thread_of(p);
  if (owning < 0) return false;
  if (!inside_) return true;
  end_history();
  fiber::thread_memory* const owner = &thread(static_cast<thread_index>(owning)).memory;
  fiber::outside_heap outside;
  fiber::block* const b = owner->starting_at(p);
  if (b == nullptr)
    fail(failure_kind::invalid_free,
         fmt::format("{} frees {}, which is not the start of an allocation",
                     thread_name(*this, running_), fmt::ptr(p)),
         heap_notes(p), p);
  if (b->state == fiber::block::freed)
    fail(failure_kind::double_free,
         fmt::format("{} frees {} bytes that {} has freed already", thread_name(*this, running_),
                     b->size, thread_name(*this, b->freed_by)),
         heap_notes(p), p);
  const auto* const bytes = reinterpret_cast<const std::byte*>(b + 1);
  const auto holds = [&](const location_info& i) {
    const auto* const object = reinterpret_cast<const std::byte*>(i.object);
    return object >= bytes && object < bytes + b->size;
  };
  if (segment_.open && std::any_of(known.infos.begin(), known.infos.end(), holds))
    segment_.ended = true;
  if (visits_states())
    for (location_id l = 0; l < known.infos.size(); ++l)
      if (direct_.memory.knows(l) && holds(known.infos[l])) kept.ended.push_back({running_, l});
  if (the_whole_program != nullptr) the_whole_program->note_free(p, b->size);
  owner->release(*b, running_, thread(running_).executed);
  return true;
}

std::vector<std::string> runtime::heap_notes(const void* p) const {
  const int owning = region_.thread_of(p);
  if (owning < 0 || owning >= static_cast<int>(thread_count())) return {};
  const fiber::block* const b = thread(static_cast<thread_index>(owning)).memory.containing(p);
  return b == nullptr ? std::vector<std::string>() : heap_notes(*b);
}

std::vector<std::string> runtime::heap_notes(const fiber::block& b) const {
  std::vector<std::string> notes{
      b.allocated_at < 0 ? fmt::format("{} bytes, allocated before main()", b.size)
                         : fmt::format("{} bytes, allocation {} of {}, after its event {}", b.size,
                                       b.ordinal, thread_name(*this, b.thread), b.allocated_at)};
  if (b.state == fiber::block::freed)
    notes.push_back(
        fmt::format("freed by {} after its event {}", thread_name(*this, b.freed_by), b.freed_at));
  return notes;
}

void* runtime::thread_storage(const void* key, std::size_t size, void (*construct)(void*),
                              void (*destroy)(void*)) {
  model_thread& me = thread(running_);
  for (const auto& s : me.slots)
    if (s.key == key) return s.storage;
  void* const storage = scratch(size);
  construct(storage);
  fiber::outside_heap outside;
  me.slots.push_back({key, storage, destroy});
  return storage;
}

}  // namespace pawl::check::engine
