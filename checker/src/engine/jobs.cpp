// Several workers, each with a runtime of its own, explore one tree.
#include <algorithm>
#include <thread>

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

// The leader goes on watching. Returns: nothing if there is a new generation.
std::optional<bool> searcher::wait_for_others(share& s) {
  for (;;) {
    switch (division_->finish(s.number, s.program.search.generation())) {
      case division::state::finished:
        return true;
      case division::state::stopped:
        return false;
      case division::state::anew:
        return std::nullopt;
      case division::state::running:
        if (&s == &leader() && !look()) return false;
    }
  }
}

// Several workers, if the program may run on several threads at a time.
void searcher::enumerate_together() {
  division_.emplace(options_.jobs, options_.shard, leader().program.known.children());
  leader().program.shared = &*division_;
  leader().program.search.divide(&*division_, counts_above());
  if (options_.shard && !learn_at_random()) return;
  if (!find_roots()) return;
  if (options_.shard) fix_knowledge();
  if (options_.jobs > 1 && leader().program.is_repeatable()) {
    explore_shares();
    leader().program.learn(division_->known());
    if (report_.verdict != verdict::clean || leader().program.is_repeatable())
      return confirm_part();
  }
  enumerate_alone();
  confirm_part();
}

// Looks for the depth at which there are enough subtrees to share: with --shard that of the
// program, whoever explores it. Returns false if there is nothing left to do.
//
// Subtrees differ in size, and the largest are come to last: the more there are, the shorter is the
// time in which only one worker has something left to do. So workers go on deeper as long as it
// takes next to no time.
bool searcher::find_roots() {
  constexpr std::size_t roots_each = 64, roots_a_part = 64, plenty_each = 2048;
  constexpr double next_to_nothing = 0.002;  // Seconds.
  constexpr std::uint64_t most_decisions = 20'000;
  const explorer& search = leader().program.search;
  const std::size_t enough =
      options_.shard ? roots_a_part * options_.shard->count : roots_each * options_.jobs;
  // Each pass repeats the one before: steps grow, so that the last one is most of the work.
  for (division_->depth = 1;; division_->depth += std::max(1u, division_->depth / 2)) {
    const double begin = limits_.seconds();
    if (!enumerate(leader())) return false;
    if (search.roots() == 0) return false;
    const bool goes_deeper = !options_.shard && limits_.seconds() - begin < next_to_nothing &&
                             search.roots() < plenty_each * options_.jobs;
    if ((search.roots() >= enough && !goes_deeper) || search.above_roots() > most_decisions)
      return true;
    if (!options_.shard && !leader().program.is_repeatable()) return true;
  }
}

void searcher::explore_shares() {
  for (unsigned i = 1; i < options_.jobs; ++i) {
    shares_.push_back(std::make_unique<share>(i, options_, program_));
    shares_.back()->program.whole_graphs = leader().program.whole_graphs;
    share& s = *shares_.back();
    s.program.shared = &*division_;
    s.program.search.divide(&*division_, false);
  }
  division_->open();
  together_ = true;
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < shares_.size(); ++i)
    threads.emplace_back([this, &s = *shares_[i]] {
      const signal_stack landing;
      enumerate(s);
    });
  enumerate(leader());
  for (std::thread& t : threads) t.join();
  together_ = false;
}

}  // namespace pawl::check::engine
