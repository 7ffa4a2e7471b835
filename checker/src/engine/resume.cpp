// A search that goes on from a checkpoint, and writes one.
//
// The search begins with what was known of the program, and takes the decisions that led to where
// it was. What it did on the way was counted before. That the program does the same as then is
// seen from the first execution, the one at hand and all that is pending; else it is another
// program. Should it have to begin anew, with what it learned, the former counts are forgotten.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checkpoint.hpp"
#include "describe.hpp"
#include "searcher.hpp"

namespace pawl::check::engine {
namespace {

constexpr double seconds_between = 30;

}  // namespace

// What an execution did, apart from addresses, from the order in which objects were first seen, and
// from ends and joins at its end, which may be left out (runtime::walk_out).
std::uint32_t searcher::shape(const runtime& r) {
  constexpr word smallest_address = word{1} << 32;
  const graph& g = r.search.graph;
  look_up_places();
  fingerprint f;
  const auto add = [&](std::uint64_t w) {
    f.add_word(w < smallest_address ? w : smallest_address);
  };
  const auto add_event = [&](event_id e) { add(number_of(e)); };
  for (const event_id id : g.trail()) {
    const event& e = g.at(id);
    if (comes_last(e.op)) continue;
    add_event(id);
    for (const word w : {word{static_cast<std::uint8_t>(e.op)},
                         word{static_cast<std::uint8_t>(e.order)}, word{e.where.line()},
                         word{e.where.column()}, word{e.reads}, word{e.blocked}, word{e.maximal}})
      add(w);
    if (e.op == operation::choose) add(e.read);
    if (e.location == no_location) continue;
    const location_info& info = r.known.infos[e.location];
    for (const word w :
         {word{info.creator}, word{info.nth}, e.reads ? e.read : 0, e.writes ? e.written : 0})
      add(w);
    if (e.reads) add_event(e.source);
    if (e.writes) add_event(e.mo_before);
  }
  r.search.add_pending(f);
  return f.value();
}

// Explores what the checkpoint leaves.
void searcher::explore_from_checkpoint() {
  auto stored = checkpoint_->read();
  if (!stored) return refuse(stored.error());
  if (const std::string why = checkpoint_->probe(); !why.empty()) return refuse(why);
  stored_ = *std::move(stored);
  const bool was_done = stored_ && stored_->done;
  if (options_.shard && !was_done) {
    enumerate_together();
  } else {
    division_.emplace(1);
    leader().program.search.divide(&*division_, true);
    saves_ = true;
    enumerate(leader());
  }
  const bool clean = report_.verdict == verdict::clean;
  if (!was_done && (clean || (saves_ && report_.verdict == verdict::limited))) save(clean);
}

// Takes the leader to where the checkpoint left it. Returns: whether all is done, if it is not to
// go on from there.
std::optional<bool> searcher::take_up(share& s) {
  const saved_search was = *std::exchange(stored_, std::nullopt);
  if (!number_threads(s, was)) return refuse_other_program();
  division_->learn(was.known);
  begin(s);
  const arrival there = go_to(s, was);
  if (there != arrival::there) {
    if (division_->stopped()) return false;
    if (there == arrival::elsewhere) return refuse_other_program();
    begin(s);  // It would have begun anew just then.
    return std::nullopt;
  }
  if (!was.done) s.program.search.arrive(was.at);
  report_.complete = was.complete;
  report_.blocked = was.blocked;
  report_.pruned = was.pruned;
  discarded_ = was.discarded;
  report_.resumed = was.complete + was.blocked;
  limits_.go_on_from(report_.resumed, was.seconds);
  if (was.done || !s.program.search.advance()) return true;
  return std::nullopt;
}

// Gives the threads the numbers that they had. Returns: false if they have others.
bool searcher::number_threads(share& s, const saved_search& was) {
  names& known = s.program.known;
  for (const auto& [parent, n, number] : was.threads) {
    if (number == 0 || std::max({parent, n, number}) >= rt::max_threads) return false;
    const auto child = static_cast<thread_index>(number);
    if (known.child(static_cast<thread_index>(parent), n, [=](auto...) { return child; }) != child)
      return false;
  }
  return true;
}

searcher::arrival searcher::go_to(share& s, const saved_search& was) {
  explorer& search = s.program.search;
  for (std::size_t taken = 0;; ++taken) {
    if (search.goes_on()) {
      const ending e = judged(s, s.program.run());
      if (is_outdated(s, e)) return arrival::anew;
      if (e == ending::failed) {
        s.program.error.reset();
        return arrival::elsewhere;
      }
    }
    if (taken == 0) first_ = shape(s.program);
    if (first_ != was.first) return arrival::elsewhere;
    if (was.done) return arrival::there;
    if (taken == was.at.path.size()) break;
    if (!search.follow(was.at.path[taken])) return arrival::elsewhere;
  }
  return shape(s.program) == was.latest ? arrival::there : arrival::elsewhere;
}

bool searcher::refuse_other_program() {
  refuse(
      fmt::format("{}: the search in the file is that of another version of '{}'; remove the "
                  "file, or name another one",
                  checkpoint_->title(), options_.model));
  return false;
}

// What was counted in a tree that is another one now.
void searcher::forget_former() {
  report_.complete = report_.blocked = report_.pruned = report_.resumed = discarded_ = 0;
  limits_.go_on_from(0, limits_.all_seconds() - limits_.seconds());
}

// Between two executions: after one was counted.
void searcher::save(bool done) {
  share& s = leader();
  saved_search now;
  now.done = done;
  now.first = first_;
  now.latest = done ? 0 : shape(s.program);
  now.complete = report_.complete + s.complete;
  now.blocked = report_.blocked + s.blocked;
  now.discarded = discarded_ + s.discarded;
  now.pruned = report_.pruned + s.program.search.pruned;
  now.seconds = limits_.all_seconds();
  now.known = division_->known();
  now.threads = s.program.known.children();
  if (!done) now.at = s.program.search.where();
  if (std::string why = checkpoint_->write(now); !why.empty()) report_.message = std::move(why);
}

void searcher::save_now_and_then() {
  if (!saves_ || stored_ || limits_.seconds() < next_save_) return;
  save(false);
  next_save_ = limits_.seconds() + seconds_between;
}

}  // namespace pawl::check::engine
