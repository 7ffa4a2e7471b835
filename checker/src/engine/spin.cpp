#include "spin.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "liveness.hpp"
#include "machine_function.hpp"
#include "raw_memory.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
namespace {

constexpr std::size_t register_bytes = 5 * 8;  // rbx, r12 … r15; rbp lies at the frame's address.
constexpr std::size_t cleared_below = 4 * 1024, cleared_stack = 8 * 1024;
constexpr std::size_t most_host_stack = 32 * 1024;

}  // namespace

hashed_state hashed(memory_span bytes) {
  std::uint64_t h = bytes.size();
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t w;
    std::memcpy(&w, bytes.data() + i, 8);
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return {bytes, h};
}

bool operator==(const hashed_state& a, const hashed_state& b) {
  return a.hash == b.hash && a.bytes.size() == b.bytes.size() &&
         same_bytes(a.bytes.data(), b.bytes.data(), a.bytes.size());
}

memory_span state_at(const void* frame, const fiber::thread_memory& memory) {
  return {static_cast<const std::byte*>(frame) - register_bytes,
          static_cast<const std::byte*>(memory.stack_top())};
}

int reading_history::note(const hashed_state& state, std::uint16_t executed,
                          std::span<const std::uint16_t> begun) {
  if (marks_.size() == most_marks) clear();
  const int before = latest(state, marks_.size());
  const std::size_t begin = bytes_.size();
  bytes_.resize(begin + state.bytes.size());
  copy_bytes(bytes_.data() + begin, state.bytes.data(), state.bytes.size());
  marks_.push_back(
      {state.hash, begin, state.bytes.size(), plain_.size(), atomic_.size(), executed, {}});
  std::ranges::copy(begun, marks_.back().begun.begin());
  return before;
}

void reading_history::adopt(const hashed_state& now, const std::byte* stack_top,
                            std::span<const written_on_stack> writes) {
  const auto top = reinterpret_cast<std::uintptr_t>(stack_top);
  for (mark& m : marks_) {
    bool changed = false;
    for (const written_on_stack& w : writes) {
      if (w.owner_wrote > m.executed || w.after < m.begun[w.writer]) continue;
      for (unsigned i = 0; i < 8; ++i) {
        const std::size_t below = top - (w.at + i);  // Of the end, where states are alike.
        if ((w.bytes >> i & 1) == 0 || below > m.size || below > now.bytes.size()) continue;
        bytes_[m.begin + m.size - below] = now.bytes[now.bytes.size() - below];
        changed = true;
      }
    }
    if (changed) m.hash = hashed({bytes_.data() + m.begin, m.size}).hash;
  }
}

int reading_history::latest(const hashed_state& state, std::size_t n) const {
  for (std::size_t i = n; i-- > 0;)
    if (at(i).state == state) return static_cast<int>(i);
  return -1;
}

void reading_history::read_plain(plain_bytes read) {
  if (marks_.empty()) return;
  const auto since = plain_since(marks_.size() - 1);
  if (!since.empty() && since.back().end == read.begin)
    plain_.back().end = read.end;
  else if (std::ranges::find(since, read) == since.end())
    plain_.push_back(read);
}

void reading_history::access_atomic(plain_bytes accessed) {
  if (marks_.empty()) return;
  const auto since = atomic_since(marks_.size() - 1);
  if (std::ranges::find(since, accessed) == since.end()) atomic_.push_back(accessed);
}

foreign_memory::foreign_memory() {
  statics_.remember();
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void* low = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  host_end_ = static_cast<const std::byte*>(low) + size;
}

void foreign_memory::add_host_stack(const void* stack_pointer) {
  const auto* const begin = static_cast<const std::byte*>(stack_pointer);
  if (begin >= host_end_) return;
  add({begin, std::min(static_cast<std::size_t>(host_end_ - begin), most_host_stack)});
}

void foreign_memory::copy(const std::vector<memory_span>& parts, std::vector<std::byte>& out) {
  std::size_t size = 0;
  for (const memory_span& part : parts) size += part.size();
  out.resize(size);
  std::byte* to = out.data();
  for (const memory_span& part : parts) {
    copy_bytes(to, part.data(), part.size());
    to += part.size();
  }
}

bool foreign_memory::equal(const std::vector<memory_span>& parts,
                           const std::vector<std::byte>& copy) {
  const std::byte* was = copy.data();
  for (const memory_span& part : parts) {
    if (!same_bytes(part.data(), was, part.size())) return false;
    was += part.size();
  }
  return true;
}

bool foreign_memory::statics_unchanged() {
  if (!statics_.changed()) return true;
  statics_.remember();
  return false;
}

[[gnu::noinline]] void clear_stack_below() {
  std::byte below[cleared_below];
  zero_bytes(below, sizeof below);
}

void clear_stack(const fiber::thread_memory& memory) {
  zero_bytes(memory.stack_top() - cleared_stack, cleared_stack);
}

namespace {

// Without what nobody reads any more.
memory_span needed_state(const void* frame, memory_span target,
                         const fiber::thread_memory& memory) {
  static std::vector<std::byte>& copy = *new std::vector<std::byte>;
  const memory_span all = state_at(frame, memory);
  copy.resize(all.size());
  copy_bytes(copy.data(), all.data(), all.size());
  clear_dead(copy, frame, memory.stack_top(), target);
  // A loop may be entered behind a copy of what it repeats.
  const std::byte* place = nullptr;
  std::memcpy(&place, copy.data() + register_bytes + 8, sizeof place);
  place = machine::first_alike(place);
  std::memcpy(copy.data() + register_bytes + 8, &place, sizeof place);
  return copy;
}

}  // namespace

// ---- the running thread -------------------------------------------------------------------------

void runtime::watch_spins() {
  if (!spins_recognised || watches_spins()) return;
  foreign_ = std::make_unique<foreign_memory>();
}

void runtime::leave_native() {
  model_thread& me = thread(running_);
  me.read_elsewhere = me.reads_elsewhere_then != reads_elsewhere;
  if (me.read_elsewhere) me.elsewhere_after = me.executed;
  reading_history& history = me.history;
  if (!history.empty() && !foreign_->unchanged()) history.clear();
}

void runtime::enter_native() {
  fiber::outside_heap outside;
  model_thread& me = thread(running_);
  me.reads_elsewhere_then = reads_elsewhere;
  if (me.history.empty()) return;
  foreign_->begin();
  for (thread_index t = 0; t < course.threads; ++t) {
    const model_thread& m = thread(t);
    if (m.at == state::absent) continue;
    foreign_->add(m.memory.heap_in_use());
    const auto* const top = static_cast<const std::byte*>(m.memory.stack_top());
    if (t != running_ && m.at != state::finished)
      foreign_->add({static_cast<const std::byte*>(m.context.stack_pointer()), top});
  }
  if (the_whole_program != nullptr)
    foreign_->add(the_whole_program->static_data());
  else
    foreign_->add_host_stack(host_.stack_pointer());
  foreign_->remember();
}

// An operation that the graph holds is repeated, whatever the state: it was judged when it was
// added.
void runtime::stand_before_read(const void* frame, const void* target, std::size_t size) {
  const bool is_whole_program = outer_frame != nullptr;
  if (is_whole_program) {
    frame = std::exchange(outer_frame, nullptr);
    target = outer_target;
  }
  hook_frame_ = frame;
  hook_target_ = target;
  if (!watches_spins()) return;
  fiber::outside_heap outside;
  model_thread& me = thread(running_);
  if (the_whole_program == nullptr && !foreign_->statics_unchanged()) me.history.clear();
  stands_in_ =
      hashed(is_whole_program
                 ? needed_state(frame, {static_cast<const std::byte*>(target), size}, me.memory)
                 : state_at(frame, me.memory));
  if (waits_for_spins()) skipped_.stand(running_, stands_in_, me.executed);
  const int before =
      is_whole_program ? note_among_others(me) : me.history.note(stands_in_, me.executed);
  const auto begin = static_cast<std::size_t>(before);
  me.recurs = before >= 0 && recurs_since(begin);
  if (!me.recurs || me.executed != search.graph.size(running_)) return;
  if (!waits_for_spins()) return;
  skipped_.skip(running_, stands_in_, me.history.plain_since(begin));
  skipped_.skip(running_, stands_in_, me.history.atomic_since(begin));
}

int runtime::note_among_others(model_thread& me) {
  static std::vector<written_on_stack>& writes = *new std::vector<written_on_stack>;
  if (me.history.marks() != 0) {
    writes.clear();
    the_whole_program->writes_to_stack(*this, running_, writes);
    me.history.adopt(stands_in_, static_cast<const std::byte*>(me.memory.stack_top()), writes);
  }
  // Who has started has come to the end of what is before the next event.
  std::array<std::uint16_t, rt::max_threads> begun{};
  for (thread_index t = 0; t < course.threads; ++t)
    if (thread(t).started) begun[t] = static_cast<std::uint16_t>(thread(t).executed + 1);
  return me.history.note(stands_in_, me.executed, begun);
}

// The running thread stands where it stood at this note: is what it has done since an iteration
// that may be taken out? If it is repeated, it may only if it wrote: others may have seen that.
bool runtime::recurs_since(std::size_t begin) {
  model_thread& me = thread(running_);
  const std::uint16_t since = me.history.at(begin).executed;
  me.wrote_in_vain = me.history.wrote_since(since);
  const bool is_repeated = me.executed != search.graph.size(running_);
  if (is_repeated ? !me.wrote_in_vain : !may_take_out(begin)) return false;
  me.spins_since = since;
  return !me.wrote_in_vain || undoes_itself({running_, since, me.executed});
}

// The running thread stands where it stood at this note: may the iteration be taken out? SKIPPED.
// Where threads are selected, nothing is: one that spins goes on if it is selected.
bool runtime::may_take_out(std::size_t begin) const {
  if (select_thread != nullptr) return true;
  const reading_history& h = thread(running_).history;
  const auto data = h.plain_since(begin);
  const bool may_race = waits_for_spins() ? skipped_.is_contested(data) ||
                                                skipped_.is_contested(h.atomic_since(begin))
                                          : !data.empty();
  return !may_race || h.latest(stands_in_, begin) >= 0;
}

void runtime::note_plain(const void* p, std::size_t size, bool writes) {
  fiber::outside_heap outside;
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  const plain_bytes bytes{begin, begin + size};
  if (!writes) return thread(running_).history.read_plain(bytes);
  if (course.threads == 1 || !waits_for_spins()) return;
  const auto may_race = [&](thread_index t, std::uint16_t executed) {
    return !happened(t, executed) && follows(t, executed);
  };
  if (skipped_.write(running_, bytes, may_race)) search.demand_restart();
}

void runtime::note_atomic(const void* p, std::size_t size) {
  fiber::outside_heap outside;
  const auto begin = reinterpret_cast<std::uintptr_t>(p);
  accessed_ = {begin, begin + size};
  thread(running_).history.access_atomic(accessed_);
}

// What the running thread has to read of o if it is not to come back to where it stands.
rt::predicate runtime::awaited_of(const rt::atomic_object& o) {
  if (!waits_for_spins() || skipped_.is_contested({&accessed_, 1})) return {};
  fiber::outside_heap outside;
  const spin_waits::values* const spun = spin_waits_.find(stands_in_, &o);
  return spun == nullptr ? rt::predicate{} : spin_waits::others_than(*spun);
}

// Of explorations of whole programs that need not come to the same tree as another one.
bool runtime::waits_for_spins() const {
  return watches_spins() && the_whole_program != nullptr && select_thread == nullptr &&
         !is_bounded() && !asked_.shard && asked_.checkpoint.empty();
}

// The running thread would repeat r, its latest operation. Returns: whether it waits instead, at r.
bool runtime::turn_into_wait(event_id r) {
  model_thread& me = thread(running_);
  const event& load = search.graph.at(r);
  if (!waits_for_spins() || me.read_elsewhere || load.op != operation::load ||
      me.spins_since + 1 != r.index)
    return false;
  const int begin = me.history.latest(stands_in_, me.history.marks() - 1);
  if (!me.history.plain_since(static_cast<std::size_t>(begin)).empty() ||
      skipped_.is_contested({&accessed_, 1}))
    return false;
  const spin_waits::values& spun =
      spin_waits_.learn(stands_in_, known.infos[load.location].object, load.read);
  if (!search.turn_into_wait(r, spin_waits::others_than(spun))) return false;
  me.history.forget_last();
  me.executed = static_cast<std::uint16_t>(r.index - 1);
  std::erase(executed, r);
  return true;
}

}  // namespace pawl::check::engine
