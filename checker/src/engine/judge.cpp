// How a run ended: complete, blocked for a reason that is no bug, or failed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

#include "describe.hpp"
#include "ownership.hpp"
#include "runtime.hpp"
#include "state_words.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {

// With a bound on preemptions, whether a failure counts is known when the execution has ended: its
// thread stops, and the others go on, as they would in an interleaving that reaches it. Whether
// memory is misused follows from happens-before and is seen by whichever thread comes second in
// this run, so that it can't be taken up again: such a failure ends the search at once.
void runtime::hold_failure() {
  switch (error->kind) {
    case failure_kind::assertion:
    case failure_kind::exception:
    case failure_kind::crash:
    case failure_kind::no_progress:
    case failure_kind::not_linearizable:
    case failure_kind::misuse:
    case failure_kind::limit:
      break;
    default:
      return;
  }
  if (!held_) held_ = std::move(error);
  error.reset();
  enter(running_, state::assumed);
}

ending runtime::judge() {
  if (is_bounded()) {
    if (!search.within_bound()) return ending::beyond;
    error = std::exchange(held_, std::nullopt);
    if (error) return ending::failed;
  }
  if (has_failed_for_nothing()) return ending::beyond;
  const std::uint32_t ended = in(state::finished) | in(state::absent) | course.unrolled;
  const bool all_ended = ended == (std::uint64_t{1} << course.threads) - 1;
  bool complete = all_ended;
  for (thread_index t = 0; t < course.threads; ++t) stand_at_spin(t);
  if (complete) {
    if (asked_.leaks && course.unrolled == 0) judge_leaks();
  } else {
    judge_blocked();
    if (error && error->kind == failure_kind::deadlock && process_has_ended()) {
      error.reset();
      complete = true;
    }
  }
  judge_histories(all_ended);
  if (error) return ending::failed;
  if (complete && has_gone_on_in_vain()) return ending::blocked;
  return complete ? ending::complete : ending::blocked;
}

// An attempt failed that could have been taken by what its thread can read then (attempts.cpp).
bool runtime::has_failed_for_nothing() const {
  const graph& g = search.graph;
  for (std::uint32_t left = in(state::blocked); left != 0; left &= left - 1) {
    const event& e = g.at(g.last(static_cast<thread_index>(std::countr_zero(left))));
    if (!e.reads) continue;
    const rt::predicate& refused = g.parameters(e).unless;
    if (refused.holds != nullptr && refused.holds(refused.captured, e.read)) return true;
  }
  return false;
}

// A load that waits is a loop of the program.
void runtime::stand_at_spin(thread_index t) {
  model_thread& m = thread(t);
  if (m.at != state::blocked) return;
  const event_id last = search.graph.last(t);
  if (search.graph.at(last).op != operation::load) return;
  m.spins_since = m.executed;
  m.executed = last.index;
  enter(t, state::spinning);
}

// Whatever the others wait for: exit() was called. Or main() has returned, and they wait for work:
// threads that are never joined, as in a pool that is never destroyed.
bool runtime::process_has_ended() const {
  if (course.exited != 0) return true;
  if (the_whole_program == nullptr || thread(0).at != state::finished) return false;
  for (thread_index t = 1; t < course.threads; ++t)
    if (thread(t).at != state::finished && !waits_for_work(t)) return false;
  return true;
}

// For a notification, a permit or another value, not for a lock or a thread.
bool runtime::waits_for_work(thread_index t) const {
  if (thread(t).at != state::blocked) return false;
  const event& e = search.graph.at(search.graph.last(t));
  const rt::show_as kind = known.infos[e.location].show;
  return kind <= rt::show_as::bytes || kind == rt::show_as::condition ||
         kind == rt::show_as::semaphore;
}

void runtime::judge_leaks() {
  const auto live = [](const auto& m) { return m != nullptr && m->memory.live() != 0; };
  if (std::none_of(threads_.begin(), threads_.begin() + course.threads, live)) return;
  std::vector<fiber::block*> blocks;
  for (thread_index t = 0; t < course.threads; ++t)
    thread(t).memory.for_each_live([&](fiber::block& b) { blocks.push_back(&b); });
  if (the_whole_program != nullptr) the_whole_program->forget_reachable(*this, blocks);
  if (blocks.empty()) return;
  std::uint64_t bytes = 0;
  std::vector<std::string> notes, owners;
  for (const fiber::block* b : blocks) {
    bytes += b->size;
    note_owners(*this, {reinterpret_cast<const std::byte*>(b + 1), b->size}, owners);
    if (notes.size() < 8)
      notes.push_back(fmt::format("{} bytes: allocation {} of {}, after its event {}", b->size,
                                  b->ordinal, thread_name(*this, b->thread), b->allocated_at));
  }
  const std::size_t n = blocks.size();
  const std::string allocated =
      fmt::format("{} block{} ({} bytes) {} still allocated when the program ended", n,
                  n == 1 ? "" : "s", bytes, n == 1 ? "is" : "are");
  notes.insert(notes.begin(), owners.begin(), owners.end());
  error = fault{failure_kind::leak,
                owners.empty() ? allocated : fmt::format("{}: {}", owners.front(), allocated),
                std::move(notes)};
}

// A thread that waits or spins although nothing can happen any more is a bug, unless it only waits
// because of an assumption, a deadline, or an order of exploration that is covered elsewhere. With
// a thread stopped, waiting is fine, but not in a section that must return.
void runtime::judge_blocked() {
  std::vector<thread_index> waiting;
  bool thread_spins = false;
  std::vector<std::string> notes;
  for (thread_index t = 0; t < course.threads; ++t) {
    const model_thread& m = thread(t);
    if (m.at == state::assumed && (course.exited >> t & 1) == 0) return;
    if (m.at == state::spinning && !stalled(t) &&
        (!spins_for_ever(t) || waits_for_what_comes_in_vain(t)))
      return;
    if (m.at == state::blocked) {
      const event& e = search.graph.at(search.graph.last(t));
      if (search.graph.parameters(e).timed || e.source != search.graph.mo_last(e.location)) return;
    }
    if (m.at == state::frontier && m.pending->timed) return;
    const bool waits_here =
        m.at == state::blocked || m.at == state::frontier || m.at == state::spinning;
    if (!waits_here || stalled(t)) continue;
    thread_spins = m.at == state::spinning;
    waiting.push_back(t);
  }
  for (const thread_index t : circle_first(*this, waiting))
    notes.push_back(waiting_sentence(*this, t));
  for (thread_index t = 0; t < course.threads; ++t) {
    if (stalled(t) || thread(t).sections.empty()) continue;
    std::string sentence = fmt::format("{} does not return", thread(t).sections.back().what);
    if (stalled_thread >= 0)
      sentence +=
          fmt::format(" while {} is stopped after its event {}",
                      thread_name(*this, static_cast<thread_index>(stalled_thread)), stalled_at);
    error = fault{failure_kind::no_progress, std::move(sentence), std::move(notes)};
    return;
  }
  if (stalled_thread >= 0) return;
  std::string waits = fmt::format("{}", fmt::join(notes, "; "));
  if (notes.size() == 1 && waits_for_thread(*this, waiting.front()) != waiting.front())
    waits += fmt::format(" for ever: nothing is left that could end the {}",
                         thread_spins ? "loop" : "wait");
  error = fault{failure_kind::deadlock, std::move(waits), {}};
}

}  // namespace pawl::check::engine
