#include "detours.hpp"

#include <algorithm>
#include <bit>

#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
namespace {

bool is_same(const request& a, const request& b) {
  return a.op == b.op && a.location == b.location && a.order == b.order && a.failure == b.failure &&
         a.operand == b.operand && a.expected == b.expected;
}

int strength(std::memory_order o) {
  return o == std::memory_order_seq_cst ? 2 : acquires(o) ? 1 : 0;
}

// True if the read that `q` asks for, were it to get this value, would do nothing else than read,
// and order no more than `s` does.
bool can_stand_for(const request& q, word value, const event& s) {
  if (q.location != s.location || (q.op != operation::load && !tries(q.op))) return false;
  const outcome o = evaluate(q, value);
  return o.holds && !o.writes &&
         strength(q.op == operation::load ? q.order : q.failure) <= strength(s.order);
}

std::uintptr_t place_of(rt::site s) {
  static_assert(sizeof(rt::site) == sizeof(std::uintptr_t));
  return std::bit_cast<std::uintptr_t>(s);
}

}  // namespace

std::uint64_t detours::key_of(const reading& r) {
  return r.from.hash ^ reinterpret_cast<std::uintptr_t>(r.object) ^
         (r.value * 32 + r.thread) * 0x9e3779b97f4a7c15u;
}

bool detours::is_about(const passage& p, const reading& r) {
  return p.thread == r.thread && p.object == r.object && p.value == r.value &&
         std::ranges::equal(p.from, r.from.bytes);
}

bool detours::leads_to(const passage& p, const hashed_state& to, const request& asked) {
  return is_same(p.asked, asked) && std::ranges::equal(p.to, to.bytes);
}

detours::passage* detours::find(const reading& r) {
  const auto [first, last] = by_hash_.equal_range(key_of(r));
  for (auto i = first; i != last; ++i)
    if (is_about(*i->second, r)) return i->second;
  return nullptr;
}

void detours::add(const reading& r, const hashed_state& to, const request& asked, bool is_seen,
                  const way& of) {
  passages_.push_back({.thread = r.thread,
                       .object = r.object,
                       .value = r.value,
                       .from = {r.from.bytes.begin(), r.from.bytes.end()},
                       .to = {to.bytes.begin(), to.bytes.end()},
                       .asked = asked,
                       .is_seen = is_seen,
                       .assumed_of = of});
  by_hash_.emplace(key_of(r), &passages_.back());
}

bool detours::lead(const reading& r, const hashed_state& to, const request& asked, const way& of) {
  if (wrong_.contains(of)) return false;
  if (known_.insert(of).second) {  // What came of such readings so far was not kept.
    entries_.insert(of[0]);
    news_ = true;
  }
  const passage* const known = find(r);
  if (known == nullptr) {
    add(r, to, asked, false, of);
    return true;
  }
  if (leads_to(*known, to, asked)) return true;
  wrong_.insert(of);
  news_ = true;
  return false;
}

void detours::refute(passage& p) {
  wrong_.insert(p.assumed_of);
  news_ = true;
}

void detours::see(const reading& r, const hashed_state* to, const request& asked) {
  passage* const known = find(r);
  if (known == nullptr) {
    add(r, to != nullptr ? *to : hashed_state{}, asked, true, {});
  } else if (!std::exchange(known->is_seen, true) &&
             (to == nullptr || !leads_to(*known, *to, asked))) {
    refute(*known);
    known->to.clear();
    if (to != nullptr) known->to.assign(to->bytes.begin(), to->bytes.end());
    known->asked = asked;
  }
}

void detours::end_search() {
  std::erase_if(by_hash_, [&](const auto& entry) {
    passage& p = *entry.second;
    if (!p.is_seen) refute(p);
    return !p.is_seen;
  });
}

// ---- the running thread -------------------------------------------------------------------------

// It stands before `q`; `is_read`: the latest mark is that of q.
void runtime::see_way(const request& q, bool is_read) {
  const model_thread& me = thread(running_);
  const reading_history& h = me.history;
  if (h.marks() < (is_read ? 2u : 1u)) return;
  if (is_read && h.at(h.marks() - 1).executed != me.executed) is_read = false;
  const reading_history::stand before = h.at(h.marks() - (is_read ? 2 : 1));
  if (before.executed + 1 != me.executed) return;
  const event& r = search.graph.at({running_, me.executed});
  if (!detours_.concern(place_of(r.where))) return;
  const bool is_known = is_read && !me.read_elsewhere;
  detours_.see({running_, before.state, known.infos[r.location].object, r.read},
               is_known ? &stands_in_ : nullptr, q);
  if (detours_.take_news()) search.demand_restart();
}

// True if the running thread, which stands before q, a read, has made a detour.
bool runtime::made_detour(const request& q) {
  const model_thread& me = thread(running_);
  const reading_history& h = me.history;
  if (q.op == operation::fence || h.marks() < 3 || !waits_for_spins()) return false;
  const std::size_t last = h.marks() - 1;
  if (h.at(last - 1).executed + 1 != me.executed) return false;
  const event& s = search.graph.at({running_, me.executed});
  if (!tries(s.op)) return false;
  for (std::size_t i = 0; i + 1 < last; ++i) {
    const reading_history::stand then = h.at(i);
    if (h.wrote_since(then.executed)) continue;
    const event& r = search.graph.at({running_, static_cast<std::uint16_t>(then.executed + 1)});
    if (me.elsewhere_after > then.executed) continue;
    if (!can_stand_for(search.graph.parameters(r), s.read, s)) continue;
    const bool leads =
        detours_.lead({running_, then.state, known.infos[s.location].object, s.read}, stands_in_, q,
                      {place_of(r.where), place_of(s.where), place_of(q.where)});
    if (detours_.take_news()) search.demand_restart();
    if (leads && skipped_.drop(running_, h.plain_since(i))) return true;
  }
  return false;
}

}  // namespace pawl::check::engine
