// What to explore and how far: the options shared by explore(), every model executable and the pawl
// tool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::check {

/// The axioms an execution must satisfy. `rc11` is C++20's repaired model; `ra` is release-acquire,
/// where seq_cst means acq_rel; `tso` is total store order, the model of x86; `sc` is interleaving.
enum class memory_model : std::uint8_t { rc11, ra, tso, sc };

/// How executions are chosen. `exhaustive` visits every execution graph exactly once. The others
/// draw executions until a limit: `random` draws schedules and reads-from choices uniformly, `pct`
/// by thread priorities that change at a few random steps, `pos` by priorities of operations that
/// change when they race, `guided` what has not been read yet.
///
/// `states`, under `sc` only, visits every state of the program instead, once, in whatever way it
/// is come to: there are far fewer than executions. It finds what a thread or all of them do wrong
/// in some state: broken claims, deadlocks, uses of what has ended, leaks. It does not look for
/// data races, for threads that spin for ever, nor for an object that is used without its
/// construction happening before.
enum class strategy : std::uint8_t { exhaustive, random, pct, pos, guided, states };
/// True if executions are drawn one by one, so that a search has no end of its own.
[[nodiscard]] constexpr bool is_drawn(strategy s) noexcept {
  return s != strategy::states && s != strategy::exhaustive;
}

/// Where a task or waiter resumes in a model: on a thread of its own, or inline in its waker.
enum class resumption : std::uint8_t { own_thread, in_waker };

/// Whether an execution may go on from the state of the program at a branch point that it shares
/// with a former one, instead of from the program's start. The states hold the stacks and heaps of
/// model threads. `automatic`: for programs that are functions without captures, until they write
/// static data or call malloc; some executions start anew nevertheless, to see that the program
/// repeats itself. It makes static data of the whole process read-only while it explores, so it is
/// for processes that do nothing else, and it does not see what else may keep state: native
/// thread_local variables, errno, memory that was allocated before.
enum class snapshot_use : std::uint8_t { automatic, always, never };

/// What a model declares about its own size. Within these bounds the search is exhaustive; a
/// program that exceeds one of them is a tool error that names the bound. Zero means "no bound
/// declared".
struct bounds {
  unsigned threads = 0;        ///< Model threads, the main one included.
  unsigned events = 4096;      ///< Events of one thread in one execution.
  std::string_view note = {};  ///< What else is bounded, in words ("2 tasks, weights 1 and 2").
  bool full = false;           ///< Too heavy for every run: only `--full` runs it.
  /// Has too many executions: its states are visited, under `sc`, unless more is asked for.
  bool by_states = false;
};

/// One of `count` parts of an exhaustive search, which together visit each execution once.
struct shard {
  unsigned number = 1;  ///< From 1.
  unsigned count = 1;
  friend bool operator==(const shard&, const shard&) = default;
};

/// What a race of plain accesses is.
enum class race_use : std::uint8_t {
  convict,  ///< A failure.
  explore,  ///< None: the data is explored as if it were relaxed atomic. Of whole programs.
};

/// Every field has the command-line flag of the same name.
struct options {
  pawl::check::memory_model memory_model = memory_model::rc11;
  pawl::check::strategy strategy = strategy::exhaustive;
  pawl::check::resumption resumption = resumption::own_thread;
  std::uint64_t executions = 0;  ///< Stop after so many executions; 0 = no limit.
  double seconds = 0;            ///< Stop after so many seconds; 0 = no limit.
  /// Visit only executions that need no more preemptions: switches away from a thread that could go
  /// on. Only `exhaustive` under `sc`.
  std::optional<unsigned> preemptions = std::nullopt;
  /// Of whole programs: stop threads for good whose loop takes more iterations. One that a thread
  /// leaves only when another thread acts needs no bound.
  std::optional<unsigned> unroll = std::nullopt;

  /// Of programs: a thread that would start more threads than so many is stopped for good.
  std::optional<unsigned> threads = std::nullopt;
  std::uint64_t seed = 1;  ///< Of the strategies that draw.
  /// Of `pct`: finds bugs that so many ordering constraints make happen, at least 1.
  unsigned depth = 3;
  unsigned jobs = 1;  ///< OS threads that explore, of a program that keeps no state of its own.
  /// Visit only this part of the executions. Which ones they are follows from the program and the
  /// number of parts, and from no other process. Only `exhaustive`, without `stall` and `estimate`.
  std::optional<pawl::check::shard> shard = std::nullopt;
  bool unblocking = true;  ///< Avoid executions that only the order of exploration blocks.
  bool symmetry = true;    ///< Explore threads that are declared identical up to permutation.
  bool vacuity = true;     ///< Judge assumptions that no execution satisfies.
  bool leaks = true;       ///< Judge memory that is still allocated when main returns.
  bool deadlocks = true;   ///< Judge threads that wait for ever; else such executions are blocked.
  race_use races = race_use::convict;
  /// How many weak compare-exchanges of each thread may fail in one execution although the value
  /// matches. A bound, since each could for ever: a loop around one is then explored completely.
  unsigned weak_cas_fails = 0;
  /// Also stop each thread for ever at each of its events, one at a time. Only `exhaustive`.
  bool stall = false;
  /// First estimate the number of executions by descents at random, for about a second. Not with
  /// `random`.
  bool estimate = false;
  snapshot_use snapshots = snapshot_use::never;
  /// A file that holds how far searches have come: written every half minute and when a limit stops
  /// one. A search that it knows goes on from there; limits are those of the run at hand. Only
  /// `exhaustive`, with one job and without `stall` and `estimate`.
  std::string checkpoint = {};
  /// Reproduce this token instead of exploring. It decides about the memory model, resumption, weak
  /// compare-exchanges and stopped threads.
  std::string replay = {};
  /// With `replay`: raise SIGTRAP before this row of the trace. The program runs once before, so
  /// that its rows are known.
  unsigned stop_at = 0;
  pawl::check::bounds bounds = {};
  std::string_view model = {};  ///< Name of the program; part of its replay tokens.
};

[[nodiscard]] std::string_view to_string(memory_model) noexcept;
[[nodiscard]] std::string_view to_string(strategy) noexcept;
[[nodiscard]] std::string_view to_string(resumption) noexcept;
[[nodiscard]] std::string_view to_string(race_use) noexcept;
[[nodiscard]] std::optional<memory_model> parse_memory_model(std::string_view) noexcept;
[[nodiscard]] std::optional<strategy> parse_strategy(std::string_view) noexcept;
[[nodiscard]] std::optional<resumption> parse_resumption(std::string_view) noexcept;
[[nodiscard]] std::optional<race_use> parse_race_use(std::string_view) noexcept;

}  // namespace pawl::check
