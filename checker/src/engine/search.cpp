#include "search.hpp"

#include <fmt/format.h>

#include <pawl/check/claims.hpp>

#include "crash.hpp"
#include "describe.hpp"
#include "random.hpp"
#include "trace.hpp"

namespace pawl::check::engine {
namespace {

using clock = std::chrono::steady_clock;

// Counts executions and stops at limits. The clock is read every few executions.
class searcher {
 public:
  searcher(std::function<void()> program, const options& o,
           const std::function<bool(const progress&)>& watch, const execution_hook& hook,
           bool deadlocks_are_bugs)
      : options_(o),
        watch_(watch),
        hook_(hook),
        deadlocks_are_bugs_(deadlocks_are_bugs),
        runtime_(o, std::move(program)) {
    report_.options = o;
    report_.model = std::string(o.model);
  }

  report search() {
    if (options_.strategy == strategy::random)
      draw();
    else if (options_.stall)
      stall_everywhere();
    else
      enumerate();
    judge_assumptions();
    report_.seconds = seconds();
    return std::move(report_);
  }

 private:
  // Every execution, once. Returns false if the search ended early.
  bool enumerate() {
    runtime_.search.start();
    for (;;) {
      const ending e = runtime_.run();
      if (e != ending::restart && !count(e)) return false;
      const bool more = e != ending::restart && runtime_.search.advance();
      report_.pruned = runtime_.search.pruned;
      if (runtime_.search.restart_needed())
        begin_anew();
      else if (!more)
        return true;
    }
  }

  void begin_anew() {
    report_.complete = report_.blocked = discarded_ = 0;
    runtime_.search.start();
    if (hook_) hook_(runtime_, ending::restart);
  }

  // One thread is stopped for ever after its n-th event: every thread, every n.
  void stall_everywhere() {
    if (!enumerate()) return;
    for (thread_index t = 0; t < runtime_.known.thread_count; ++t) {
      runtime_.stalled_thread = t;
      for (std::uint16_t n = 0;; ++n) {
        runtime_.stalled_at = n;
        runtime_.stall_reached = false;
        if (!enumerate()) return;
        if (!runtime_.stall_reached) break;
      }
    }
  }

  void draw() {
    random_selector chance;
    runtime_.select_thread = &chance;
    for (std::uint64_t n = 0; options_.executions == 0 || n < options_.executions; ++n) {
      chance.seed(options_.seed, n);
      runtime_.search.start(&chance);
      if (!count(runtime_.run())) return;
    }
    report_.verdict = verdict::limited;
  }

  bool count(ending e) {
    if (hook_) hook_(runtime_, e);
    if (e == ending::failed && runtime_.error->kind == failure_kind::deadlock &&
        !deadlocks_are_bugs_) {
      runtime_.error.reset();
      e = ending::blocked;
    }
    if (e == ending::failed) {
      ++report_.complete;
      report_.verdict = verdict::bug;
      report_.error = tell_failure(runtime_);
      return false;
    }
    ++(e == ending::complete ? report_.complete : report_.blocked);
    if (report_.complete == 0 && assumes_falsely()) ++discarded_;
    return within_limits();
  }

  [[nodiscard]] bool assumes_falsely() const {
    for (thread_index t = 0; t < runtime_.thread_count(); ++t)
      if (runtime_.thread(t).at == runtime::model_thread::state::assumed) return true;
    return false;
  }

  // Claims about executions that are all discarded hold whatever the program does.
  void judge_assumptions() {
    if (report_.verdict != verdict::clean || report_.complete > 0 || discarded_ == 0) return;
    failure f;
    f.kind = failure_kind::vacuous;
    f.sentence = "no execution satisfies the assumptions, so nothing was checked";
    f.notes = {fmt::format("{} of {} executions were discarded, the last one at {}", discarded_,
                           report_.blocked, place(runtime_.assumed_at))};
    report_.verdict = verdict::bug;
    report_.error = std::move(f);
  }

  bool within_limits() {
    const std::uint64_t n = report_.complete + report_.blocked;
    if (options_.executions != 0 && n >= options_.executions &&
        options_.strategy == strategy::exhaustive)
      return limited();
    if (n < next_look_) return true;
    const double now = seconds();
    if (options_.seconds > 0 && now >= options_.seconds) return limited();
    if (watch_ && now >= next_watch_) {
      next_watch_ = now + 0.1;
      if (!watch_({report_.complete, report_.blocked, now})) return limited();
    }
    // Aim at one look in about 10 ms.
    const double rate = static_cast<double>(n) / std::max(now, 1e-4);
    next_look_ = n + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rate * 0.01));
    return true;
  }

  bool limited() {
    report_.verdict = verdict::limited;
    return false;
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(clock::now() - begin_).count();
  }

  const options& options_;
  const std::function<bool(const progress&)>& watch_;
  const execution_hook& hook_;
  bool deadlocks_are_bugs_;
  runtime runtime_;
  report report_;
  clock::time_point begin_ = clock::now();
  std::uint64_t next_look_ = 1;
  double next_watch_ = 0;
  std::uint64_t discarded_ = 0;  // By assumptions, before the first complete execution.
};

}  // namespace

report search(std::function<void()> program, const options& o,
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
  if (o.stall && o.strategy == strategy::random)
    return "--stall stops threads at each event of every execution, but random visits only some";
  return {};
}

}  // namespace

report explore(std::function<void()> program, options o,
               std::function<bool(const progress&)> watch) {
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
