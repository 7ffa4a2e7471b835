// What a state of the running program is (state_walk.hpp).
//
// Threads stand in the hooks of operations. Of their stacks only what the program has put there is
// looked at, with the registers that it goes on with, and not what the engine has below; the engine
// wipes that before the program gets the stack back, so that a frame does not begin with what lay
// there before. Bytes of freed blocks and of cells that have ended are no state. What is dead in
// registers and frames may keep states apart that are none, but never makes one of two.
//
// Not seen are static data, captures, and what malloc() and exceptions keep: where there are such,
// states are not looked at (out_of_reach), or the walk is given up (hides_state). Nor are native
// thread_local variables and memory from before the exploration, of which nothing is known.
#include <algorithm>
#include <cstring>

#include "hash.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {

std::string runtime::visit_states() {
  if (the_whole_program != nullptr) return "states are visited of models only";
  if (program_.has_captures()) return "a state does not hold what a program has captured";
  direct_.number = next_run_number();
  return {};
}

// The running thread stands before `q`.
[[gnu::noipa]] const event& runtime::stand_before(request& q) {
  __builtin_unwind_init();
  const fiber::outside_heap outside;
  model_thread& me = thread(running_);
  me.pending = &q;
  me.stands_at = __builtin_frame_address(0);
  check_progress(q);
  check_bounds(q);
  if (q.op == operation::arrive || q.op == operation::await_arrivals) {
    direct_.possible = false;
    fail(failure_kind::limit, {});
  }
  enter(running_, state::frontier);
  suspend();
  clear_stack_below();
  if (q.location != no_location) check_alive(q.location, q.where);
  return me.outcome;
}

std::optional<std::uint64_t> runtime::state_now() const {
  if (out_of_reach_ != fiber::out_of_reach) return std::nullopt;
  std::uint64_t hash = mix(direct_.memory.hash_of_values(), course.exited);
  const auto add = [&](const auto&... words) {
    ((hash = mix(hash, static_cast<std::uint64_t>(words))), ...);
  };
  const auto add_bytes = [&](memory_span bytes) {
    add(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(word)) {
      word w = 0;
      std::memcpy(&w, bytes.data() + i, std::min(sizeof w, bytes.size() - i));
      hash = fold(hash, w);
    }
    add(0);
  };
  for (thread_index t = 0; t < course.threads; ++t) {
    const model_thread& m = thread(t);
    add(m.at, m.births, m.children, m.time.count(), m.slots.size());
    for (const auto& s : m.sections) add(s.until - m.executed);
    m.memory.for_each([&](const fiber::block& b) {
      add(b.state, b.size);
      const auto* const bytes = reinterpret_cast<const std::byte*>(&b + 1);
      if (b.state != fiber::block::freed) add_bytes({bytes, b.size});
    });
    if (m.at == state::frontier) add_bytes(state_at(m.stands_at, m.memory));
  }
  return hash;
}

}  // namespace pawl::check::engine
