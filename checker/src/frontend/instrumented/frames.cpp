// Variables on stacks that other threads use: their functions must not return before.
//
// LENT. The first plain access by another thread to a granule of a stack is noted for the stack's
// thread, the lender, and so is an atomic object there, whoever uses it. When the lender has taken
// its next step, with a stack that begins above the granule, or has ended, the function has
// returned: every access by others, which the cell and the graph know, must happen before the step
// before. Then the granule is the lender's alone again, and a plain access to it after the lender
// has ended is convicted at once. Mutexes and the like are left out: what orders their uses is
// theirs.
//
// What is between two steps of the lender is not told apart, so that a function that returns, and
// another one that uses the same memory between the same two steps, look like one.
#include <unwind.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "../../engine/runtime.hpp"
#include "../../engine/segments.hpp"
#include "races.hpp"
#include "shadow.hpp"
#include "sites.hpp"
#include "unwritten.hpp"

namespace pawl::check::instrumented {
namespace {

using engine::runtime;
using granules = std::vector<std::uintptr_t>;

std::array<granules, rt::max_threads>& lent = *new std::array<granules, rt::max_threads>;

// Code of this library.
bool is_of_checker(std::uintptr_t code) {
  static const auto own = [] {
    std::pair<std::uintptr_t, std::uintptr_t> out{0, 0};
    const auto here = reinterpret_cast<std::uintptr_t>(&is_of_checker);
    engine::visit_segments([&](const engine::segment& s) {
      if (s.is_code() && here >= s.begin && here < s.end) out = {s.begin, s.end};
    });
    return out;
  }();
  return code >= own.first && code < own.second;
}

_Unwind_Reason_Code stop_outside_checker(_Unwind_Context* context, void* stack_pointer) {
  if (is_of_checker(_Unwind_GetIP(context))) return _URC_NO_REASON;
  *static_cast<std::uintptr_t*>(stack_pointer) = _Unwind_GetCFA(context);
  return _URC_END_OF_STACK;
}

// That of the program where it called, to return to `code`. Unwinding takes long: how far away it
// was is remembered for some places, and holds again if the return address is found there. Copies
// of that lie below only: then it is too low, and less has returned.
[[gnu::noinline]] std::uintptr_t stack_pointer(const void* code) {
  struct known {
    const void* code;
    std::size_t distance;
  };
  static constinit std::array<known, 256> known_distances{};
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto returns_there = [=](std::uintptr_t to) {
    return reinterpret_cast<const void* const*>(to)[-1] == code;
  };
  known& k = known_distances[reinterpret_cast<std::uintptr_t>(code) % known_distances.size()];
  if (k.code == code && returns_there(here + k.distance)) return here + k.distance;
  std::uintptr_t found = ~std::uintptr_t{0};
  _Unwind_Backtrace(stop_outside_checker, &found);
  if (~found != 0 && returns_there(found)) k = {code, found - here};
  return found;
}

bool is_on_stack_of(const fiber::thread_memory& m, std::uintptr_t p) {
  const auto top = reinterpret_cast<std::uintptr_t>(m.stack_top());
  return p <= top && top - p < fiber::thread_memory::stack_size;
}

}  // namespace

void shadow::forget_lent() {
  main_has_ended_ = false;
  for (; lenders_ != 0; lenders_ &= lenders_ - 1)
    lent[static_cast<unsigned>(std::countr_zero(lenders_))].clear();
}

// main() may leave its variables to threads that nobody waits for.
void shadow::lend(runtime& r, cell& c, access a, std::uintptr_t granule, bool atomic) {
  const auto lender = static_cast<engine::thread_index>(c.stack - 1);
  c.stack = 0;
  if (lender == 0 && main_has_ended_) return;
  if (r.thread(lender).at == runtime::position::state::finished)
    tell_use_after_return(r, reinterpret_cast<const void*>(granule), a, lender, atomic);
  check_written(r, a, granule, lender, atomic);
  const fiber::outside_heap outside;
  lent[lender].push_back(granule);
  lenders_ |= 1u << lender;
}

void shadow::writes_to_stack(const runtime& r, engine::thread_index owner,
                             std::vector<engine::written_on_stack>& out) {
  for (const std::uintptr_t granule : lent[owner]) {
    const cell& c = *cell_of(reinterpret_cast<const void*>(granule), r.course.number);
    std::int32_t owner_wrote = -1;
    const std::size_t first = out.size();
    const auto add = [&](const access& a) {
      if (!a.writes()) return;
      if (a.thread() == owner)
        owner_wrote = std::max(owner_wrote, a.at());
      else
        out.push_back({granule, a.bytes(), a.thread(), a.at(), -1});
    };
    std::for_each(c.accesses.begin(), c.accesses.begin() + c.count, add);
    if (c.more != 0) std::ranges::for_each(further_[c.more - 1].others, add);
    for (std::size_t i = first; i < out.size(); ++i) out[i].owner_wrote = owner_wrote;
  }
}

void shadow::lend_object(cell& c, const void* p) {
  const auto granule = reinterpret_cast<std::uintptr_t>(p) & ~(granule_size - 1);
  const std::uint8_t whose = stack_at(offset_of(p));
  if (whose == 0 || (whose == 1 && main_has_ended_)) return;
  granules& all = lent[whose - 1u];
  if (std::ranges::find(all, granule) != all.end()) return;
  const fiber::outside_heap outside;
  c.stack = 0;
  all.push_back(granule);
  lenders_ |= 1u << (whose - 1u);
}

void shadow::take_back(runtime& r) {
  const fiber::outside_heap outside;
  const engine::thread_index lender = r.running();
  granules& all = lent[lender];
  if (lender == 0 && main_has_ended_) all.clear();
  const std::uint16_t steps = r.thread(lender).executed;
  const engine::event& step = r.search.graph.at({lender, steps});
  const bool ends = step.op == engine::operation::finish;
  const std::uintptr_t from = ends ? ~std::uintptr_t{0} : stack_pointer(sites::code_of(step.where));
  if (!ends && !is_on_stack_of(r.thread(lender).memory, from)) return;  // The program's own stack.
  const auto returned = std::partition(all.begin(), all.end(),
                                       [=](std::uintptr_t granule) { return granule >= from; });
  if (returned == all.end()) return;
  const auto last = static_cast<std::uint16_t>(steps - 1);
  const engine::view_pool& views = r.search.graph.views;
  const happened_before over = views.all(r.over_by(lender, last));
  const bool explores = r.asked().races == race_use::explore;
  const before_return before{explores ? over : views.all(r.known_to(lender, last)), over,
                             views.all(r.preceding(lender, last))};
  for (auto granule = returned; granule != all.end(); ++granule) {
    cell& c = *the_shadow.cell_of(reinterpret_cast<const void*>(*granule), r.course.number);
    the_shadow.check_returned(r, c, *granule, before);
    the_shadow.end_returned(r, c, *granule);
    c.stack = static_cast<std::uint8_t>(lender + 1);
  }
  all.erase(returned, all.end());
  if (all.empty()) lenders_ &= ~(1u << lender);
}

void shadow::check_returned(runtime& r, const cell& c, std::uintptr_t granule,
                            const before_return& before) {
  const engine::thread_index lender = r.running();
  const auto look_at = [&](const access& a) {
    if (a.thread() != lender && before.plain[a.thread()] <= a.at())
      tell_use_after_return(r, reinterpret_cast<const void*>(granule), a, lender, false);
  };
  std::for_each(c.accesses.begin(), c.accesses.begin() + c.count, look_at);
  if (c.more != 0) {
    const further_accesses& others = further_[c.more - 1];
    for (std::uint32_t left = others.readers; left != 0; left &= left - 1)
      look_at(others.reads[static_cast<unsigned>(std::countr_zero(left))]);
    std::ranges::for_each(others.others, look_at);
  }
  for (unsigned begins = c.begins; begins != 0; begins &= begins - 1) {
    const void* const at = reinterpret_cast<const void*>(granule + std::countr_zero(begins));
    const rt::atomic_object& o = slot_of(at).object;
    if (o.run == r.course.number && is_value(o)) check_returned(r, o, at, before);
  }
}

// What others did there is over: it can't race with how the lender uses the memory next. Values are
// not written back: what calls this has its own variables there by now.
void shadow::end_returned(runtime& r, cell& c, std::uintptr_t granule) {
  const auto is_of_another = [&](const access& a) { return a.thread() != r.running(); };
  access* const end = c.accesses.begin() + c.count;
  c.count = static_cast<std::uint8_t>(std::remove_if(c.accesses.begin(), end, is_of_another) -
                                      c.accesses.begin());
  if (c.more != 0) {
    further_accesses& others = further_[c.more - 1];
    others.readers &= 1u << r.running();
    std::erase_if(others.others, is_of_another);
  }
  for (unsigned begins = c.begins; begins != 0; begins &= begins - 1) {
    void* const at = reinterpret_cast<void*>(granule + std::countr_zero(begins));
    object_slot& s = slot_of(at);
    if (s.object.run == r.course.number && is_value(s.object)) end_lifetime(r, s, at);
  }
}

// Those that were executed, and those that threads stand before. A write is over, too, if the
// lender knows of it or of one that follows it in mo, as by a relaxed load: whatever the lender
// writes there later is behind it in mo. So a flag in a frame may be set behind a release fence.
// A load is over if it precedes in po ∪ rf, which is acyclic in every model here: it can't read
// what is written there later.
void shadow::check_returned(runtime& r, const rt::atomic_object& o, const void* p,
                            const before_return& before) {
  const engine::thread_index lender = r.running();
  const auto is_known = [&](engine::event_id id) {
    return id.initial() || (id.thread == lender ? id.index < r.thread(lender).executed
                                                : before.writes[id.thread] >= id.index);
  };
  const auto look_at = [&](engine::event_id id, rt::site where, bool writes) {
    const happened_before over = writes ? before.writes : before.loads;
    if (id.thread != lender && over[id.thread] < static_cast<engine::clock_value>(id.index))
      tell_use_after_return(r, p, {sites::code_of(where), id.thread, id.index - 1u, 0, writes},
                            lender, true);
  };
  const engine::graph& g = r.search.graph;
  const engine::location_record& l = g.location(o.location);
  std::vector<engine::event_id> seen;
  for (auto id = l.newest_load; id != engine::no_event; id = g.at(id).older_load) {
    if (!g.at(id).writes) look_at(id, g.at(id).where, false);
    if (is_known(id)) seen.push_back(g.at(id).source);
  }
  const auto is_over = [&](engine::event_id id) {
    return is_known(id) || std::ranges::find(seen, id) != seen.end();
  };
  for (auto id = l.mo_last; !is_over(id); id = g.at(id).mo_before)
    look_at(id, g.at(id).where, true);
  for (engine::thread_index t = 0; t < r.thread_count(); ++t) {
    using state = runtime::position::state;
    const auto& m = r.thread(t);
    if ((m.at == state::frontier || m.at == state::spinning) && m.pending->location == o.location)
      look_at({t, static_cast<std::uint16_t>(m.executed + 1)}, m.pending->where,
              m.pending->op != engine::operation::load);
  }
}

}  // namespace pawl::check::instrumented
