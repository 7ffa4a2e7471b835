// Several workers, each with a runtime of its own, explore one tree.
#include <thread>
#include <utility>

#include "crash.hpp"
#include "searcher.hpp"

namespace pawl::check::engine {

// True if something was learned, by this worker or another, that makes its tree another one.
bool searcher::is_outdated(share& s, ending e) {
  const bool learned = e == ending::restart || s.program.search.restart_needed();
  if (!division_) return learned;
  const bool news = s.program.search.take_news();
  if ((learned || news) && knows_too_much(s)) return true;
  if (learned) {
    division_->begin_anew(s.program.learned());
    if (together_ && !s.program.is_repeatable()) division_->stop();  // The leader goes on alone.
  } else if (news) {
    division_->note(s.program.learned());
  }
  return s.program.search.generation() != division_->generation();
}

// Several workers, if the program may run on several threads at a time.
void searcher::enumerate_together() {
  division_.emplace(options_.jobs, leader().program.known.children());
  leader().program.shared = &*division_;
  leader().program.search.divide(&*division_, counts_above());
  if (options_.shard) {
    if (!learn_at_random() || !find_roots()) return;
    fix_knowledge();
    division_->part = options_.shard;
  }
  if (options_.jobs > 1 && leader().program.is_repeatable()) {
    if (explore_together() || report_.verdict != verdict::clean) return confirm_part();
    leader().program.learn(division_->known());
  }
  enumerate_alone();
  confirm_part();
}

// Returns false if the search ended early, or if the leader has to go on alone.
bool searcher::explore_together() {
  const bool all = enumerate(leader());
  for (std::thread& t : helpers_) t.join();
  helpers_.clear();
  together_ = false;
  return all;
}

// Between two executions of a worker. The leader begins alone: small trees are done sooner so.
//
// Whoever takes a gift runs the program once for each decision on the way there. So that no more
// time goes into that than into what is counted, a worker gives away nothing that is further away
// than it has run since the last time.
void searcher::share_work(share& s) {
  constexpr std::uint64_t small = 64;
  if (!together_) {
    const bool may_share = options_.jobs > 1 && (!options_.shard || fixed_);
    if (may_share && s.executions() >= small && s.program.is_repeatable()) call_helpers();
  } else if (division_->wants_work()) {
    if (auto g = s.program.search.give(s.since_gift)) {
      division_->give(*std::move(g));
      s.since_gift = 0;
    }
  }
}

void searcher::call_helpers() {
  for (unsigned i = 1; i < options_.jobs; ++i) {
    shares_.push_back(std::make_unique<share>(i, options_, program_));
    runtime& program = shares_.back()->program;
    program.whole_graphs = leader().program.whole_graphs;
    program.shared = &*division_;
    program.search.divide(&*division_, false);
  }
  together_ = true;
  for (std::size_t i = 1; i < shares_.size(); ++i)
    helpers_.emplace_back([this, &s = *shares_[i]] {
      const signal_stack landing;
      enumerate(s);
    });
}

// For a worker that has nothing left to do. The leader goes on watching.
searcher::standing searcher::find_work(share& s) {
  const explorer& search = s.program.search;
  const bool leads = &s == &leader();  // Its own counts are looked at where they are.
  const census found = leads ? census{} : search.where().levels;
  for (gift g;;) {
    switch (division_->ask(s.number, search.generation(), found, g)) {
      case division::answer::wait:
        if (leads && !look()) return standing::stopped;
        break;
      case division::answer::take:
        return go_to(s, g);
      case division::answer::finished:
        return standing::finished;
      case division::answer::anew:
        return standing::anew;
      case division::answer::stopped:
        return standing::stopped;
    }
  }
}

// What the other worker did on the way was counted there.
searcher::standing searcher::go_to(share& s, const gift& g) {
  explorer& search = s.program.search;
  const explorer::position before = search.where();
  search.start();
  if (search.generation() != g.generation) return standing::anew;
  for (const std::uint64_t below : g.path) {
    if (const standing now = run_on_the_way(s); now != standing::busy) return now;
    if (!search.follow(below)) return leave_to_leader(s);
  }
  if (const standing now = run_on_the_way(s); now != standing::busy) return now;
  s.since_gift = 0;
  return search.take(g, before) ? advance(s) : leave_to_leader(s);
}

searcher::standing searcher::run_on_the_way(share& s) {
  if (!s.program.search.goes_on()) return standing::busy;
  const ending e = s.program.run();
  if (is_outdated(s, e)) return outdated();
  if (judged(s, e) == ending::failed) {
    fail(s);
    return standing::stopped;
  }
  return pass_over(s) && !division_->stopped() ? standing::busy : standing::stopped;
}

// Another worker runs the program, and it does not do the same: it must keep some state.
searcher::standing searcher::leave_to_leader(share& s) {
  knowledge k = s.program.learned();
  k.keeps_state = true;
  division_->begin_anew(k);
  division_->stop();
  return standing::stopped;
}

}  // namespace pawl::check::engine
