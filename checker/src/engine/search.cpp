#include "search.hpp"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <pawl/check/claims.hpp>

#include "crash.hpp"
#include "describe.hpp"
#include "sampler.hpp"
#include "trace.hpp"

namespace pawl::check::engine {
namespace {

using clock = std::chrono::steady_clock;

// What one worker does of a search.
struct share {
  share(unsigned n, const options& o, const check::program& p) : number(n), program(o, p) {}

  // Only this worker writes them.
  void count(std::atomic<std::uint64_t>& what) {
    what.store(what.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t executions() const {
    return complete.load(std::memory_order_relaxed) + blocked.load(std::memory_order_relaxed);
  }
  void forget_counts() {
    complete.store(0, std::memory_order_relaxed);
    blocked.store(0, std::memory_order_relaxed);
    discarded.store(0, std::memory_order_relaxed);
    program.search.pruned = 0;
  }

  const unsigned number;
  runtime program;
  std::atomic<std::uint64_t> complete{0}, blocked{0};
  std::atomic<std::uint64_t> discarded{0};  // By an assumption, as long as none is complete.
};

// Counts executions and stops at limits. The clock is read every few executions.
class searcher {
 public:
  searcher(check::program program, const options& o,
           const std::function<bool(const progress&)>& watch, const execution_hook& hook,
           bool deadlocks_are_bugs)
      : options_(o),
        watch_(watch),
        hook_(hook),
        deadlocks_are_bugs_(deadlocks_are_bugs),
        program_(std::move(program)) {
    shares_.push_back(std::make_unique<share>(0, o, program_));
    report_.options = o;
    report_.model = std::string(o.model);
  }

  report search() {
    if (is_drawn(options_.strategy))
      draw();
    else if (options_.stall)
      stall_everywhere();
    else if (options_.jobs > 1)
      enumerate_together();
    else
      enumerate(leader());
    sum_up();
    judge_assumptions();
    return std::move(report_);
  }

 private:
  [[nodiscard]] share& leader() { return *shares_.front(); }

  // Every execution of a share, once. Returns false if the search ended early.
  bool enumerate(share& s) {
    explorer& search = s.program.search;
    begin(s);
    for (;;) {
      const ending e = s.program.run();
      if (is_outdated(s, e)) {
        begin(s);
        continue;
      }
      if (!count(s, e)) return false;
      if (search.advance()) continue;
      s.program.audit();
      if (is_outdated(s, ending::complete)) {
        begin(s);
        continue;
      }
      if (!together_) return true;
      if (const auto done = wait_for_others(s)) return *done;
      begin(s);
    }
  }

  // Starts a share from the root of the tree, with all that is known of the program.
  void begin(share& s) {
    s.forget_counts();
    if (&s == &leader()) next_look_ = 0;  // Compared with the counts.
    if (hook_ && &s == &leader()) {
      const std::lock_guard lock(telling_);
      hook_(s.program, ending::restart);
    }
    do {
      if (division_) s.program.learn(division_->known());
      s.program.search.start();
    } while (division_ && s.program.search.generation() != division_->generation());
  }

  // True if something was learned, by this worker or another, that makes its tree another one.
  bool is_outdated(share& s, ending e) {
    const bool learned = e == ending::restart || s.program.search.restart_needed();
    if (!division_) return learned;
    if (learned) {
      division_->begin_anew(s.program.learned());
      if (together_ && !s.program.is_repeatable()) division_->stop();  // The leader goes on alone.
    }
    return s.program.search.generation() != division_->generation();
  }

  // The leader goes on watching. Returns: nothing if there is a new generation.
  std::optional<bool> wait_for_others(share& s) {
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
  void enumerate_together() {
    division_.emplace(options_.jobs);
    leader().program.shared = &*division_;
    leader().program.search.divide(&*division_, true);
    if (!find_roots()) return;
    if (leader().program.is_repeatable()) {
      explore_shares();
      leader().program.learn(division_->known());
      if (report_.verdict != verdict::clean || leader().program.is_repeatable()) return;
    }
    shares_.resize(1);
    leader().program.shared = nullptr;
    leader().program.search.divide(nullptr, true);
    division_.reset();
    enumerate(leader());
  }

  // Looks for the depth at which there are enough subtrees to share. Returns false if there is
  // nothing left to do.
  bool find_roots() {
    constexpr std::size_t roots_each = 64;
    constexpr std::uint64_t most_executions = 20'000;
    // Each pass repeats the one before: steps grow, so that the last one is most of the work.
    for (division_->depth = 1;; division_->depth += std::max(1u, division_->depth / 2)) {
      if (!enumerate(leader())) return false;
      const std::size_t roots = leader().program.search.roots();
      if (roots == 0) return false;
      if (roots >= roots_each * options_.jobs || leader().executions() > most_executions ||
          !leader().program.is_repeatable())
        return true;
    }
  }

  void explore_shares() {
    for (unsigned i = 1; i < options_.jobs; ++i) {
      shares_.push_back(std::make_unique<share>(i, options_, program_));
      share& s = *shares_.back();
      s.program.shared = &*division_;
      s.program.search.divide(&*division_, false);
      s.program.trust();
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
    leader().program.audit();
  }

  // One thread is stopped for ever after its n-th event: every thread, every n.
  void stall_everywhere() {
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

  void draw() {
    runtime& r = leader().program;
    const auto chance = make_sampler(r);
    distinct_graphs seen;
    r.select_thread = chance.get();
    for (std::uint64_t n = 0; options_.executions == 0 || n < options_.executions; ++n) {
      chance->begin(n);
      r.search.start(chance.get());
      const ending e = r.run();
      chance->end();
      seen.note(r.search.graph);
      report_.distinct = seen.count();
      if (!count(leader(), e)) return;
    }
    report_.verdict = verdict::limited;
  }

  bool count(share& s, ending e) {
    if (division_ && division_->stopped()) return false;
    if (e == ending::beyond) return pass_over(s);
    if (e == ending::failed && s.program.error->kind == failure_kind::deadlock &&
        !deadlocks_are_bugs_) {
      if (hook_) tell_hook(s, e);
      s.program.error.reset();
      e = ending::blocked;
    } else if (hook_) {
      tell_hook(s, e);
    }
    if (e == ending::failed) return fail(s);
    if (s.program.search.counts()) {
      s.count(e == ending::complete ? s.complete : s.blocked);
      if (s.complete == 0 && assumes_falsely(s.program)) s.count(s.discarded);
    }
    return &s != &leader() || within_limits();
  }

  // An execution beyond the bound on preemptions: they take time, too.
  bool pass_over(share& s) {
    if (s.program.search.counts()) ++s.program.search.pruned;
    return &s != &leader() || s.program.search.pruned % 64 != 0 || look();
  }

  void tell_hook(share& s, ending e) {
    const std::lock_guard lock(telling_);
    s.program.audit();
    if (s.program.search.counts()) hook_(s.program, e);
    s.program.forget_static_data();
  }

  // The first failure is told.
  bool fail(share& s) {
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

  [[nodiscard]] static bool assumes_falsely(const runtime& r) {
    for (thread_index t = 0; t < r.thread_count(); ++t)
      if (r.thread(t).at == runtime::model_thread::state::assumed) return true;
    return false;
  }

  // Claims about executions that are all discarded hold whatever the program does.
  void judge_assumptions() {
    if (report_.verdict != verdict::clean || report_.complete > 0 || discarded_ == 0) return;
    failure f;
    f.kind = failure_kind::vacuous;
    f.sentence = "no execution satisfies the assumptions, so nothing was checked";
    f.notes = {fmt::format("{} of {} executions were discarded, the last one at {}", discarded_,
                           report_.blocked, place(leader().program.assumed_at))};
    report_.verdict = verdict::bug;
    report_.error = std::move(f);
  }

  bool within_limits() { return leader().executions() < next_look_ || look(); }

  bool look() {
    std::uint64_t complete = report_.complete, blocked = report_.blocked;
    for (const auto& s : shares_) {
      complete += s->complete.load(std::memory_order_relaxed);
      blocked += s->blocked.load(std::memory_order_relaxed);
    }
    if (options_.executions != 0 && complete + blocked >= options_.executions &&
        options_.strategy == strategy::exhaustive)
      return limited();
    const double now = seconds();
    if (options_.seconds > 0 && now >= options_.seconds) return limited();
    if (watch_ && now >= next_watch_) {
      next_watch_ = now + 0.1;
      leader().program.audit();
      const bool goes_on = watch_({complete, blocked, now});
      leader().program.forget_static_data();
      if (!goes_on) return limited();
    }
    // Aim at one look in about 10 ms, and one at the limit.
    const std::uint64_t n = leader().executions();
    const double rate = static_cast<double>(n) / std::max(now, 1e-4);
    next_look_ = n + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rate * 0.01));
    if (options_.executions != 0 && shares_.size() == 1)
      next_look_ = std::min(next_look_, n + options_.executions - complete - blocked);
    return true;
  }

  // A bug that another worker has found counts for more.
  bool limited() {
    const std::lock_guard lock(telling_);
    if (!report_.error) report_.verdict = verdict::limited;
    if (division_) division_->stop();
    return false;
  }

  // Adds what was counted to the report.
  void sum_up() {
    for (const auto& s : shares_) {
      report_.complete += s->complete;
      report_.blocked += s->blocked;
      discarded_ += s->discarded;
      report_.pruned += s->program.search.pruned;
      s->forget_counts();
    }
    next_look_ = 0;
    report_.seconds = seconds();
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(clock::now() - begin_).count();
  }

  const options& options_;
  const std::function<bool(const progress&)>& watch_;
  const execution_hook& hook_;
  bool deadlocks_are_bugs_;
  const check::program program_;
  std::vector<std::unique_ptr<share>> shares_;  // The first is the leader's, on this thread.
  std::optional<division> division_;
  bool together_ = false;  // There are other workers.
  std::mutex telling_;     // Protects what is not a share's.
  report report_;
  std::uint64_t discarded_ = 0;
  clock::time_point begin_ = clock::now();
  std::uint64_t next_look_ = 1;
  double next_watch_ = 0;
};

}  // namespace

report search(check::program program, const options& o,
              const std::function<bool(const progress&)>& watch, const execution_hook& hook,
              bool deadlocks_are_bugs) {
  return searcher(std::move(program), o, watch, hook, deadlocks_are_bugs).search();
}

}  // namespace pawl::check::engine

namespace pawl::check {
namespace {

// Why these options make no sense, or nothing.
std::string nonsense(const options& o) {
  constexpr unsigned most_events = 65'534;  // Of a thread: their indices have 16 bits.
  if (o.bounds.events > most_events)
    return fmt::format("a bound of {} events a thread is beyond the limit of {}", o.bounds.events,
                       most_events);
  if (!o.replay.empty()) return {};
  if (o.stop_at > 0) return fmt::format("--stop-at {}: only a replay has rows", o.stop_at);
  if (o.stall && is_drawn(o.strategy))
    return fmt::format(
        "--stall stops threads at each event of every execution, but {} visits only some",
        to_string(o.strategy));
  if (o.preemptions && o.memory_model != memory_model::sc)
    return fmt::format(
        "--preemptions {}: only under sc are executions orders of steps, not under {}",
        *o.preemptions, to_string(o.memory_model));
  if (o.preemptions && is_drawn(o.strategy))
    return fmt::format("--preemptions {}: bounds the exhaustive search, not {}", *o.preemptions,
                       to_string(o.strategy));
  if (o.depth == 0) return "--depth 0: a bug takes at least one constraint to happen";
  return {};
}

}  // namespace

report explore(check::program program, options o, std::function<bool(const progress&)> watch) {
  if (exploring()) rt::misuse("explore() inside of an execution", std::source_location::current());
  if (std::string why = nonsense(o); !why.empty()) {
    report refused;
    refused.model = std::string(o.model);
    refused.options = std::move(o);
    refused.verdict = verdict::refused;
    refused.message = std::move(why);
    return refused;
  }
  const engine::crash_watch crashes;
  if (!o.replay.empty()) return engine::replay(std::move(program), o);
  return engine::search(std::move(program), o, watch);
}

}  // namespace pawl::check
