#include <fmt/format.h>

#include "crash.hpp"
#include "describe.hpp"
#include "sampler.hpp"
#include "searcher.hpp"
#include "trace.hpp"
#include "whole_program.hpp"
#include "write_watch.hpp"

namespace pawl::check::engine {
namespace {

bool assumes_falsely(const runtime& r) {
  for (thread_index t = 0; t < r.thread_count(); ++t)
    if (r.thread(t).at == runtime::model_thread::state::assumed) return true;
  return false;
}

}  // namespace

searcher::searcher(check::program program, const options& o,
                   const std::function<bool(const progress&)>& watch, const execution_hook& hook)
    : options_(o), watch_(watch), hook_(hook), program_(std::move(program)) {
  if (watch_) tell_ = [this](const progress& p) { return tell_watch(p); };
  shares_.push_back(std::make_unique<share>(0, o, program_));
  leader().program.whole_graphs = static_cast<bool>(hook_);
  report_.options = o;
  if (!o.checkpoint.empty()) checkpoint_.emplace(options_);
  report_.model = std::string(o.model);
}

report searcher::search() {
  try {
    if (is_drawn(options_.strategy))
      draw();
    else if (options_.strategy == strategy::states)
      visit_states();
    else if (!options_.estimate || estimate())
      exhaust();
  } catch (const fiber::out_of_memory&) {
    run_out_of_memory();
  }
  sum_up();
  judge_assumptions();
  if (the_whole_program != nullptr) report_.racing = the_whole_program->racing_data();
  return std::move(report_);
}

// ---- the loop of one worker ---------------------------------------------------------------------

void searcher::exhaust() {
  if (checkpoint_)
    explore_from_checkpoint();
  else if (options_.stall)
    stall_everywhere();
  else if (options_.jobs > 1 || options_.shard)
    enumerate_together();
  else
    enumerate(leader());
}

// Every execution that falls to a share, once. Returns false if the search ended early.
bool searcher::enumerate(share& s) try {
  const standing at_root = &s == &leader() ? standing::busy : standing::idle;
  standing now = at_root;
  if (saves_ && stored_) {
    if (const auto done = take_up(s)) return *done;
  } else {
    begin(s);
  }
  for (;;) switch (now) {
      case standing::busy:
        now = explore_one(s);
        break;
      case standing::idle:
        now = together_                    ? find_work(s)
              : s.program.confirm_search() ? standing::finished
                                           : standing::anew;
        break;
      case standing::anew:
        begin(s);
        now = at_root;
        break;
      case standing::finished:
        return true;
      case standing::stopped:
        return false;
    }
} catch (const fiber::out_of_memory&) {
  return run_out_of_memory();
}

// Starts a share from the root of the tree, with all that is known of the program.
void searcher::begin(share& s) {
  s.forget_counts();
  if (saves_) forget_former();
  if (&s == &leader()) limits_.look_soon();  // Compared with the counts.
  if (hook_ && &s == &leader()) {
    const std::lock_guard lock(telling_);
    hook_(s.program, ending::restart);
  }
  do {
    if (division_) s.program.learn(division_->known());
    s.program.search.start();
  } while (division_ && s.program.search.generation() != division_->generation());
  if (&s != &leader()) s.program.search.arrive({});  // The root is the leader's to count.
}

searcher::standing searcher::explore_one(share& s) {
  const ending e = s.program.run();
  ++s.since_gift;
  if (is_outdated(s, e)) return outdated();
  if (checkpoint_ && s.program.search.is_first()) first_ = shape(s.program);
  if (!count(s, e)) return standing::stopped;
  if (division_) share_work(s);
  return advance(s);
}

// What is learned from work that leads to no execution counts as well.
searcher::standing searcher::advance(share& s) {
  if (s.program.search.advance()) return standing::busy;
  return is_outdated(s, ending::beyond) ? outdated() : standing::idle;
}

searcher::standing searcher::outdated() const {
  return division_ && division_->stopped() ? standing::stopped : standing::anew;
}

// One thread is stopped for ever after its n-th event: every thread, every n.
void searcher::stall_everywhere() {
  runtime& r = leader().program;
  if (!enumerate(leader())) return;
  for (thread_index t = 0; t < r.known.thread_count; ++t) {
    r.stalled_thread = t;
    for (std::uint16_t n = 0;; ++n) {
      sum_up();
      r.stalled_at = n;
      r.stall_reached = false;
      if (!enumerate(leader())) return;
      if (!r.stall_reached) break;
    }
  }
}

void searcher::draw() {
  runtime& r = leader().program;
  const auto chance = make_sampler(r);
  distinct_graphs seen;
  r.select_thread = chance.get();
  for (std::uint64_t n = 0; options_.executions == 0 || n < options_.executions; ++n) {
    if (!hook_ && r.can_run_directly()) {
      chance->begin(n);
      if (r.run_directly(*chance, *chance)) {
        chance->end();
        seen.note(r.hash_of_direct_run());
        report_.distinct = seen.count();
        if (!count(leader(), ending::complete)) return;
        continue;
      }
    }
    chance->begin(n);
    r.search.start(chance.get());
    const ending e = r.run();
    if (e == ending::restart) {  // It learned how to go on: the same again.
      --n;
      continue;
    }
    chance->end();
    seen.note(hash_of(r.search.graph));
    report_.distinct = seen.count();
    if (!count(leader(), e)) return;
  }
  report_.verdict = verdict::limited;
}

ending searcher::judged(share& s, ending e) const {
  if (e != ending::failed || s.program.error->kind != failure_kind::deadlock || options_.deadlocks)
    return e;
  s.program.error.reset();
  return ending::blocked;
}

bool searcher::count(share& s, ending e) {
  if (division_ && division_->stopped() && e != ending::failed) return false;
  if (e == ending::beyond) {
    if (s.program.search.counts()) ++s.program.search.pruned;
    return pass_over(s);
  }
  if (hook_) tell_hook(s, e);
  e = judged(s, e);
  if (e == ending::failed) return fail(s);
  if (!s.program.search.counts()) return pass_over(s);
  s.count(e == ending::complete ? s.complete : s.blocked);
  if (s.complete == 0 && assumes_falsely(s.program)) s.count(s.discarded);
  if (&s == &leader()) return !limits_.due(s.executions()) || look();
  // The leader looks at all of them now and then; a worker may come to the limit alone meanwhile.
  return options_.executions == 0 || s.executions() < options_.executions || limited();
}

// An execution beyond the bound on preemptions, or that another share counts: they take time, too.
bool searcher::pass_over(share& s) { return &s != &leader() || ++passed_over_ % 64 != 0 || look(); }

void searcher::tell_hook(share& s, ending e) {
  const std::lock_guard lock(telling_);
  if (s.program.search.counts()) hook_(s.program, e);
}

// The first failure is told.
bool searcher::fail(share& s) {
  const std::lock_guard lock(telling_);
  if (report_.error) return false;
  s.count(s.complete);
  report_.verdict = verdict::bug;
  s.program.shared = nullptr;
  s.program.search.divide(nullptr, true);
  if (division_) division_->stop();
  report_.error = tell_failure(s.program);
  return false;
}

// ---- the report ---------------------------------------------------------------------------------

// Claims about executions that are all discarded hold whatever the program does. One part of a
// search does not know of the others.
void searcher::judge_assumptions() {
  if (!options_.vacuity || (options_.shard && options_.shard->count > 1)) return;
  // One that waits for ever, and may, satisfies them.
  if (!options_.deadlocks && report_.blocked > discarded_) return;
  if (report_.verdict != verdict::clean || report_.complete > 0 || discarded_ == 0) return;
  failure f;
  f.kind = failure_kind::vacuous;
  f.sentence = "no execution satisfies the assumptions, so nothing was checked";
  f.notes = {fmt::format("{} of {} executions were discarded, the last one at {}", discarded_,
                         report_.blocked, place(leader().program.assumed_at)),
             "--no-vacuity accepts that"};
  report_.verdict = verdict::bug;
  report_.error = std::move(f);
}

bool searcher::look() {
  progress all{.complete = report_.complete, .blocked = report_.blocked};
  for (const auto& s : shares_) {
    all.complete += s->complete.load(std::memory_order_relaxed);
    all.blocked += s->blocked.load(std::memory_order_relaxed);
  }
  all.states = report_.states;
  all.before = report_.before;
  save_now_and_then();
  if (options_.strategy == strategy::exhaustive && !options_.stall)
    all.expected = leader().program.search.expected(division_ ? division_->found() : census{}) /
                   (options_.shard ? options_.shard->count : 1);
  if (options_.shard && !fixed_) all.complete = all.blocked = 0;  // They come again.
  return limits_.look(all, leader().executions(), shares_.size() == 1) || limited();
}

// What the watcher changes is not the program's doing.
bool searcher::tell_watch(const progress& p) {
  write_watch::open_all();
  return watch_(p);
}

// A bug that another worker has found counts for more.
bool searcher::limited() {
  const std::lock_guard lock(telling_);
  if (!report_.error && report_.verdict == verdict::clean) report_.verdict = verdict::limited;
  if (division_) division_->stop();
  return false;
}

bool searcher::run_out_of_memory() {
  const std::lock_guard lock(telling_);
  if (division_) division_->stop();
  if (report_.error) return false;
  report_.verdict = verdict::limited;
  report_.message =
      "the process got no more memory: allow it more (ulimit -v; each thread of a model takes 64 "
      "MiB of addresses), or bound the search";
  return false;
}

// Adds what was counted to the report.
void searcher::sum_up() {
  for (const auto& s : shares_) {
    report_.complete += s->complete;
    report_.blocked += s->blocked;
    discarded_ += s->discarded;
    report_.pruned += s->program.search.pruned;
    s->forget_counts();
  }
  limits_.look_soon();
  report_.seconds = limits_.all_seconds();
}

report search(check::program program, const options& o,
              const std::function<bool(const progress&)>& watch, const execution_hook& hook) {
  const crash_watch crashes;
  return searcher(std::move(program), o, watch, hook).search();
}

}  // namespace pawl::check::engine
