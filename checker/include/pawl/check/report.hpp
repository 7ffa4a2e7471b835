// What an exploration found: counts, and on failure the whole failing execution as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <pawl/check/options.hpp>

namespace pawl::check {

/// The classes of bug that the checker convicts.
enum class failure_kind : std::uint8_t {
  assertion,  ///< require() was false.
  data_race,  ///< Two conflicting plain accesses, unordered by happens-before.
  deadlock,   ///< Every unfinished thread waits for something that can no longer happen.
  exception,  ///< An exception left a thread, or terminate was called.
  crash,      ///< A segmentation fault or another fatal signal, or abort().
  leak,       ///< Memory still allocated when the execution ended.
  double_free,
  invalid_free,      ///< Of what is no allocation, or was allocated in another way.
  use_after_free,    ///< An access to freed memory, or to an object whose lifetime has ended.
  out_of_bounds,     ///< An access beside allocated memory. Only in programs, not in models.
  lifetime,          ///< An access that construction or destruction does not happen-before/after;
                     ///< in programs, also a read of what nobody has written.
  no_progress,       ///< A must_return section did not return (with --stall: while one thread was
                     ///< stopped).
  not_linearizable,  ///< What calls returned is not what a specification says (linearizable).
  nondeterminism,    ///< The program did something else when it was replayed.
  limit,             ///< A bound of the tool or of the model was exceeded (threads, events, stack).
  misuse,            ///< The checker's or the library's interface was misused.
  vacuous,           ///< No execution satisfies the assumptions, so nothing was checked.
};
[[nodiscard]] std::string_view to_string(failure_kind) noexcept;

/// One row of a trace: an operation of one thread.
struct step {
  unsigned row = 0;       ///< 1-based; what `--stop-at` counts.
  unsigned thread = 0;    ///< Index into failure::threads.
  std::string operation;  ///< "load", "store", "fetch_add", "compare_exchange", "await", "fence",
                          ///< "spawn", …; of pawl/check/sync.hpp: "lock", "notify", "count_down", …
  std::string object;     ///< Name given by name(), else "atomic#2", "cell#1"; empty for fences.
  std::string read, written;           ///< Values as text; empty where the operation has none.
  std::string order;                   ///< "relaxed", "acquire", …; empty for plain accesses.
  std::optional<unsigned> reads_from;  ///< Row of the store that was read; 0 = the initial value.
  bool stale = false;   ///< It read something older than the newest store at that row.
  bool failed = false;  ///< A compare-exchange that failed, or a wait that blocks for ever.
  std::string file, function;
  unsigned line = 0, column = 0;
};

/// A bug, told so that a person can act on it.
struct failure {
  failure_kind kind = failure_kind::assertion;
  std::string sentence;  ///< One plain sentence: what is wrong, with names and values.
  std::vector<std::string>
      threads;              ///< Column titles: "main", "thread 1", or names given by name_thread().
  std::vector<step> steps;  ///< The interleaving, in an order that explains every value read.
  std::vector<std::string>
      end;  ///< The state at the end, a line each: values of objects, what each thread waits for.
  std::vector<std::string>
      notes;           ///< Both sides of a race, where memory was allocated and freed, …
  std::string output;  ///< What a program printed that is checked as it is.
  unsigned row = 0;    ///< The row at which it failed; 0 = after the last.
  std::string token;   ///< For `--replay`.
};

enum class verdict : std::uint8_t {
  clean,    ///< Every execution within the bounds was visited and none is wrong.
  limited,  ///< Nothing wrong so far, but a limit stopped the search.
  bug,      ///< `error` says what.
  refused,  ///< The request made no sense (a token of another program, …); `message` says why.
};
[[nodiscard]] std::string_view to_string(verdict) noexcept;

/// How many executions an exhaustive search will have, by descents at random before it.
struct estimation {
  double executions = 0, deviation = 0;  ///< The mean, and its standard deviation.
  double seconds = 0;                    ///< How long they will take one worker.
  unsigned descents = 0;
};

struct report {
  std::string model, summary;  ///< The model's name and what it shows.
  pawl::check::verdict verdict = verdict::clean;
  std::uint64_t complete = 0;  ///< Executions in which every thread finished.
  std::uint64_t blocked =
      0;  ///< Executions that ended waiting, which is no bug (assume, order of exploration).
  std::uint64_t pruned =
      0;  ///< Runs abandoned: inconsistent, or with more preemptions than asked for.
  /// Of a strategy that draws: how many of its executions differ, as far as they are told apart.
  std::uint64_t distinct = 0;
  static constexpr std::uint64_t most_distinct = 1'000'000;
  /// Of strategy::states: the states in which several threads could go on. Executions that come to
  /// one that was there before end in it, and count as pruned.
  std::uint64_t states = 0;
  double seconds = 0;
  std::uint64_t resumed = 0;  ///< Of the executions: those that former runs visited (checkpoint).
  pawl::check::options options;
  std::optional<estimation> before;  ///< With `estimate`.
  std::optional<failure> error;
  std::string message;              ///< For `refused`.
  std::vector<std::string> racing;  ///< Data whose races were explored, by name.

  [[nodiscard]] bool ok() const noexcept {
    return verdict == verdict::clean || verdict == verdict::limited;
  }
  [[nodiscard]] double executions_per_second() const noexcept {
    return seconds > 0 ? static_cast<double>(complete + blocked) / seconds : 0;
  }
  /// The whole report as plain text, without colour, at most `columns` wide.
  [[nodiscard]] std::string text(unsigned columns = 100) const;
};

}  // namespace pawl::check
