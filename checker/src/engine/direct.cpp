#include "direct.hpp"

#include <algorithm>

#include "hash.hpp"

namespace pawl::check::engine {

void direct_memory::reset() {
  for (thread_index t = 0; t < used_; ++t) threads_[t] = {};
  used_ = 1;
  for (place& p : locations_) p.known = false;
}

void direct_memory::begin(location_id l, word initial) {
  if (locations_.size() <= l) locations_.resize(l + 1u);
  locations_[l] = {};
  locations_[l].value = initial;
  locations_[l].known = true;
}

void direct_memory::start(thread_index parent, thread_index child) {
  threads_[child].known = threads_[parent].known;
  used_ = std::max(used_, static_cast<thread_index>(child + 1));
}

void direct_memory::read(knower& me, place& p, std::memory_order order, bool holds) {
  join(acquires(order) && holds ? me.known : me.pending, p.message);
}

void direct_memory::write(const knower& me, place& p, std::memory_order order, bool continues) {
  const clock& own = releases(order) ? me.known : me.fenced;
  if (continues)
    join(p.message, own);
  else
    p.message = own;
}

void direct_memory::perform(event_id id, const request& q, event& e) {
  knower& me = threads_[id.thread];
  me.events = id.index;
  me.known[id.thread] = static_cast<clock_value>(id.index);
  e.reads = reads(q.op);
  e.writes = q.op == operation::store;
  word source = 0, before = 0;
  if (q.op == operation::fence) {
    if (acquires(q.order)) join(me.known, me.pending);
    if (releases(q.order)) me.fenced = me.known;
  } else if (q.op == operation::join) {
    join(me.known, threads_[q.operand].known);
  } else if (q.location != no_location) {
    place& p = locations_[q.location];
    p.accessed[id.thread] = me.known[id.thread];
    e.read = p.value;
    e.written = q.operand;
    std::memory_order order = q.order;
    if (e.reads) {
      const outcome o = evaluate(q, p.value);
      e.writes = o.writes;
      e.written = o.written;
      if (tries(q.op) && !o.writes) order = q.failure;
      source = number_of(p.newest) * 2;
      read(me, p, order, o.holds);
    }
    if (e.writes) {
      write(me, p, order, e.reads);
      before = number_of(p.newest);
      p.value = e.written;
      p.newest = id;
    }
  }
  me.hash = mix(me.hash, source << 32 | before);
}

void direct_memory::note_choice(thread_index t, word value) {
  threads_[t].hash = mix(threads_[t].hash, value);
}

bool direct_memory::is_in_use(location_id l, thread_index t) const {
  if (!knows(l)) return false;
  const place& p = locations_[l];
  for (thread_index u = 0; u < used_; ++u)
    if (p.accessed[u] > threads_[t].known[u]) return true;
  return false;
}

void direct_memory::append_content(std::vector<content>& out) const {
  for (const place& p : locations_) out.push_back({p.value, p.known, p.ended});
}

void direct_memory::put_back(std::span<const content> all) {
  for (std::size_t l = 0; l < locations_.size(); ++l) {
    const content c = l < all.size() ? all[l] : content{0, false, false};
    locations_[l].value = c.value;
    locations_[l].known = c.known;
    locations_[l].ended = c.ended;
  }
}

std::uint64_t direct_memory::hash_of_values() const {
  std::uint64_t hash = 0;
  for (std::size_t l = 0; l < locations_.size(); ++l)
    if (const place& p = locations_[l]; p.known && !p.ended) hash = mix(mix(hash, l), p.value);
  return hash;
}

std::uint64_t direct_memory::hash() const {
  std::uint64_t hash = 0;
  for (thread_index t = 0; t < used_; ++t)
    if (const knower& k = threads_[t]; k.events > 0)
      hash = mix(mix(mix(hash, t), k.events), k.hash);
  return hash;
}

}  // namespace pawl::check::engine
