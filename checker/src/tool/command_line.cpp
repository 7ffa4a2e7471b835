#include "tool/command_line.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <pawl/check/runtime.hpp>
#include <pawl/check/token.hpp>

#include "report/style.hpp"
#include "tool/numbers.hpp"
#include "tool/select.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

constexpr std::string_view description =
    "Runs every model of this program, or those that a NAME or GLOB among the arguments selects,\n"
    "under every schedule and every behaviour of the memory model.";

constexpr std::string_view description_of_program =
    "Runs the program under every schedule and every behaviour of the memory model.";

constexpr std::string_view footer =
    "Exit codes: 0 everything within the bounds was visited and is right; 1 a bug was found;\n"
    "2 the request makes no sense, or a bound of the tool was exceeded; 3 nothing wrong so far, "
    "but a\n"
    "limit or Ctrl-C stopped the search; 77 only --full runs what was selected.";

/// What CLI11 gives to a flag without a value.
constexpr std::string_view bare = "true";

/// The options as text, before anything is judged.
struct words {
  std::vector<std::string> run;
  std::string memory_model, strategy, resumption, executions, time, seed, replay, stop_at, jobs,
      columns, weak_cas_fails, depth, preemptions, shard, nondet, unroll, threads, spurious_wakeups,
      races;
  bool version = false, list = false, list_names = false, no_unblocking = false,
       no_symmetry = false, no_leaks = false, no_deadlocks = false, no_vacuity = false,
       snapshots = false;
};

/// Declares the options; the values land in `w` and, where any text will do, in `r`.
class declaration {
 public:
  declaration(CLI::App& app, words& w, request& r, subject about) : app_(app), about_(about) {
    const bool models = about == subject::models;
    app.description(std::string(models ? description : description_of_program));
    app.footer(std::string(footer));
    app.allow_extras();
    app.set_help_flag("-h,--help", "Print this and exit");
    app.add_flag("--version", w.version, "Print the version and exit");
    app.get_formatter()->column_width(34);

    begin_group("What", subject::models);
    flag("--list", w.list, "Name the models and what each shows");
    flag("--list-names", w.list_names, "Name the models, nothing else");
    value("--run", "GLOB", w.run, "Models to run; may be given several times")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    flag("--full", r.full, "Run the models that are too heavy for every day, too");

    begin_group("The program", subject::program);
    value("--nondet", "LOW..HIGH", w.nondet,
          "What its unknown integers can be, one execution each (default 0..1)");
    value("--unroll", "N", w.unroll,
          "Stop a thread for good whose loop would take more than N iterations");
    value("--threads", "N", w.threads,
          "Stop a thread for good that would start more than N others");
    value("--spurious-wakeups", "N", w.spurious_wakeups,
          "Let N waits for conditions of each thread end without a notification");
    value("--races", "WHAT", w.races,
          "convict (default), or explore: racing plain data is as if it were relaxed atomic");
    flag("--any-result", r.any_result, "Accept whatever main() returns, and exit() is called with");
    flag("--abort-discards", r.abort_discards,
         "Take abort() for an assumption that does not hold: only reach_error() and the like fail");
    flag("--allow-io", r.allow_io, "Let it write files, though every execution finds them");

    begin_group("How");
    value("--memory-model", "NAME", w.memory_model, "rc11 (default), ra, tso or sc");
    value("--strategy", "NAME", w.strategy,
          "exhaustive (default); states, under sc: each state of a model once; or draw executions: "
          "random, pct, pos or guided");
    value("--preemptions", "N", w.preemptions,
          "Under sc: only executions that at most N preemptions can produce");
    value("--depth", "N", w.depth, "With pct: find bugs that N constraints cause (default 3)");
    value("--executions", "N", w.executions, "Stop each model after N executions");
    value("--time", "S", w.time, "Stop each model after S seconds");
    value("--seed", "N", w.seed, "Seed of the strategies that draw (default 1)");
    value("--shard", "I/N", w.shard, "Visit only part I of N: together all, each execution once");
    value("--checkpoint", "FILE", r.options.checkpoint,
          "Keep in FILE how far searches came, and go on from there; removed at the end");
    flag("--estimate", r.options.estimate,
         "First estimate the number of executions, for about a second a model");
    flag("--stall", r.options.stall, "Also stop each thread for ever at each of its events");
    flag("--weak-cas-fails", w.weak_cas_fails,
         "Let N weak compare-exchanges of each thread fail though the value matches: =N, or 1");
    flag("--no-unblocking", w.no_unblocking,
         "Visit executions that only the order of exploration blocks");
    flag("--no-symmetry", w.no_symmetry, "Tell threads apart that are declared identical");
    flag("--no-leaks", w.no_leaks, "Ignore memory that is allocated at the end");
    flag("--no-deadlocks", w.no_deadlocks,
         "Accept executions in which threads wait for ever: they count as blocked");
    flag("--no-vacuity", w.no_vacuity, "Accept assumptions that no execution satisfies");

    begin_group("How models run", subject::models);
    value("--resumption", "NAME", w.resumption,
          "Where waiters resume: own-thread (default), in-waker or both");
    flag("--snapshots", w.snapshots,
         "Go on from copies of stacks and heaps: faster, for models without other memory");
    value("--jobs", "N", w.jobs, "With --snapshots: OS threads that explore a model (default 1)");

    begin_group("Failures");
    value("--replay", "TOKEN", w.replay, "Reproduce the failure that printed this token");
    value("--stop-at", "ROW", w.stop_at, "With --replay: stop in the debugger before this row");

    begin_group("Output");
    value("--json", "FILE", r.json, "Results as JSON ('-': standard output)");
    value("--junit", "FILE", r.junit, "Results as JUnit XML ('-': standard output)");
    value("--report", "DIR", r.report_directory, "An HTML page for each failing model");
    value("--columns", "N", w.columns,
          "Width of the text, at least 60 (default: that of the terminal, or 100)");
    flag("--quiet", r.quiet, "Print failures only");
  }

  /// Throws usage_error for an option that only the other subject has.
  void refuse_foreign() const {
    for (const CLI::Option* option : foreign_)
      if (option->count() > 0)
        throw usage_error(fmt::format("--{}: only for {}", option->get_lnames()[0],
                                      about_ == subject::models ? "programs" : "models"));
  }

 private:
  // Options of the other subject are known, but not shown.
  void begin_group(const char* name) { group_ = name; }
  void begin_group(const char* name, subject of) { group_ = of == about_ ? name : ""; }
  CLI::Option* add(CLI::Option* option) {
    if (group_.empty()) foreign_.push_back(option);
    return option->group(group_);
  }
  template <class Target>
  CLI::Option* value(const char* name, const char* type, Target& target, const char* help) {
    // Repetitions are judged by check_combinations(), in our own words.
    return add(app_.add_option(name, target, help))->type_name(type)->take_last();
  }
  template <class Target>
  void flag(const char* name, Target& target, const char* help) {
    add(app_.add_flag(name, target, help));
  }

  CLI::App& app_;
  subject about_;
  std::vector<const CLI::Option*> foreign_;
  std::string group_;
};

/// False for flags.
bool is_valued(const CLI::Option& option) { return option.get_expected_min() > 0; }

/// The value of an option that accepts a few names.
template <class Parse>
auto one_of(std::string_view option, const std::string& text, Parse parse,
            std::string_view accepted) {
  if (const auto value = parse(text)) return *value;
  throw usage_error(fmt::format("{}: '{}' is not one of {}", option, text, accepted));
}

void read_choices(const CLI::App& app, const words& w, request& r) {
  if (app.count("--memory-model"))
    r.options.memory_model =
        one_of("--memory-model", w.memory_model, parse_memory_model, "rc11, ra, tso, sc");
  if (app.count("--strategy"))
    r.options.strategy = one_of("--strategy", w.strategy, parse_strategy,
                                "exhaustive, states, random, pct, pos, guided");
  if (w.resumption == "both") {
    r.resumptions = {resumption::own_thread, resumption::in_waker};
  } else if (app.count("--resumption")) {
    r.resumptions = {
        one_of("--resumption", w.resumption, parse_resumption, "own-thread, in-waker, both")};
  }
  if (app.count("--races"))
    r.options.races = one_of("--races", w.races, parse_race_use, "convict, explore");
  r.options.unblocking = !w.no_unblocking;
  r.options.symmetry = !w.no_symmetry;
  if (w.snapshots) r.options.snapshots = snapshot_use::automatic;
  r.options.leaks = !w.no_leaks;
  r.options.deadlocks = !w.no_deadlocks;
  r.options.vacuity = !w.no_vacuity;
}

void read_numbers(const CLI::App& app, const words& w, request& r) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto last_row = std::numeric_limits<unsigned>::max();
  constexpr unsigned most_spurious = 1000, most_jobs = 32, most_depth = 1000,
                     most_preemptions = 1000, most_iterations = 1'000'000, most_parts = 10'000,
                     most_threads = rt::max_threads - 1;  // And main.
  const auto given = [&](const char* option) { return app.count(option) > 0; };
  const auto number = [](std::uint64_t n) { return static_cast<unsigned>(n); };
  if (given("--executions"))
    r.options.executions = whole_number("--executions", w.executions, 1, most);
  if (given("--time")) r.options.seconds = seconds("--time", w.time);
  if (given("--seed")) r.options.seed = whole_number("--seed", w.seed, 0, most);
  if (given("--jobs")) r.options.jobs = number(whole_number("--jobs", w.jobs, 1, most_jobs));
  if (r.options.jobs > 1 && !w.snapshots)
    throw usage_error(fmt::format("--jobs {}: only with --snapshots", r.options.jobs));
  if (given("--preemptions"))
    r.options.preemptions =
        number(whole_number("--preemptions", w.preemptions, 0, most_preemptions));
  if (given("--unroll"))
    r.options.unroll = number(whole_number("--unroll", w.unroll, 1, most_iterations));
  if (given("--threads"))
    r.options.threads = number(whole_number("--threads", w.threads, 1, most_threads));
  if (given("--spurious-wakeups"))
    r.spurious_wakeups =
        number(whole_number("--spurious-wakeups", w.spurious_wakeups, 1, most_spurious));
  if (given("--shard")) r.options.shard = part("--shard", w.shard, most_parts);
  if (given("--depth")) r.options.depth = number(whole_number("--depth", w.depth, 1, most_depth));
  if (given("--nondet")) r.unknowns = range("--nondet", w.nondet);
  if (given("--stop-at"))
    r.options.stop_at = number(whole_number("--stop-at", w.stop_at, 1, last_row));
  if (given("--columns"))
    r.columns = number(whole_number("--columns", w.columns, reporting::narrowest_columns,
                                    reporting::widest_columns));
  if (given("--weak-cas-fails"))
    r.options.weak_cas_fails =
        w.weak_cas_fails == bare
            ? 1
            : number(whole_number("--weak-cas-fails", w.weak_cas_fails, 1, most_spurious));
}

/// The token decides how its execution runs: an option that says otherwise would be ignored.
void check_against_token(const CLI::App& app, const words& w, const request& r) {
  const auto refuse = [](std::string_view option, std::string_view made, std::string_view asked) {
    throw usage_error(fmt::format("{}: the token was made {}, not {}", option, made, asked));
  };
  for (const char* option :
       {"--strategy", "--seed", "--depth", "--preemptions", "--shard", "--checkpoint"})
    if (app.count(option))
      throw usage_error(fmt::format("{} {}: a token is one execution, there is nothing to choose",
                                    option, app[option]->results().back()));
  if (r.options.estimate)
    throw usage_error("--estimate: a token is one execution, there is nothing to estimate");
  const auto made = recorded_under(w.replay);
  if (!made) return;  // It is no token, which the replay explains.
  if (app.count("--memory-model") && r.options.memory_model != made->memory_model)
    refuse("--memory-model", fmt::format("under {}", to_string(made->memory_model)),
           to_string(r.options.memory_model));
  if (app.count("--resumption") && r.resumptions[0] != made->resumption)
    refuse("--resumption", fmt::format("with {}", to_string(made->resumption)),
           to_string(r.resumptions[0]));
  if (app.count("--weak-cas-fails") && r.options.weak_cas_fails != made->weak_cas_fails)
    refuse("--weak-cas-fails", fmt::format("with {}", made->weak_cas_fails),
           std::to_string(r.options.weak_cas_fails));
  if (app.count("--races") && r.options.races != made->races)
    refuse("--races", fmt::format("with {}", to_string(made->races)), w.races);
  if (r.options.stall && !made->stalled)
    throw usage_error("--stall: the token was made without a stopped thread, not with one");
}

/// What only some strategies can do.
void check_strategy(const CLI::App& app, const words& w, const options& o) {
  const std::string_view name = to_string(o.strategy);
  if (is_drawn(o.strategy) && o.executions == 0 && o.seconds == 0)
    throw usage_error(
        fmt::format("--strategy {}: has no end without --executions N or --time S", name));
  if (o.strategy == strategy::states && o.memory_model != memory_model::sc)
    throw usage_error("--strategy states: only with --memory-model sc");
  if (o.strategy == strategy::states && o.weak_cas_fails > 0)
    throw usage_error("--weak-cas-fails: not with --strategy states, where none fails for nothing");
  if (o.stall && o.strategy != strategy::exhaustive)
    throw usage_error(
        fmt::format("--stall: stops threads at each event of every execution, but --strategy {} "
                    "visits only some",
                    name));
  if (o.preemptions && o.memory_model != memory_model::sc)
    throw usage_error(fmt::format("--preemptions {}: only with --memory-model sc", w.preemptions));
  if (o.preemptions && o.strategy != strategy::exhaustive)
    throw usage_error(fmt::format(
        "--preemptions {}: bounds the exhaustive search, not --strategy {}", w.preemptions, name));
  if (o.shard && o.strategy != strategy::exhaustive)
    throw usage_error(
        fmt::format("--shard {}: divides the exhaustive search, not --strategy {}", w.shard, name));
  if (app.count("--depth") && o.strategy != strategy::pct)
    throw usage_error(fmt::format("--depth {}: only with --strategy pct", w.depth));
}

/// A checkpoint holds one exhaustive search of one worker.
void check_checkpoint(const options& o) {
  const auto refuse = [&](std::string_view why) {
    throw usage_error(fmt::format("--checkpoint {}: {}", o.checkpoint, why));
  };
  if (o.checkpoint.empty()) return;
  if (o.strategy != strategy::exhaustive)
    refuse(fmt::format("keeps the exhaustive search, not --strategy {}", to_string(o.strategy)));
  if (o.stall) refuse("not with --stall, whose searches it does not keep");
  if (o.estimate) refuse("not with --estimate, which begins anew");
  if (o.jobs > 1)
    refuse(
        fmt::format("keeps the search of one worker, not of --jobs {}; share the work between "
                    "processes with --shard, each with a file of its own",
                    o.jobs));
}

/// What is right by itself, but not together.
void check_combinations(const CLI::App& app, const words& w, request& r) {
  for (const CLI::Option* option : app.get_options())
    if ((is_valued(*option) || option->get_name() == "--weak-cas-fails") &&
        option->get_name() != "--run" && option->count() > 1)
      throw usage_error(fmt::format("{}: given more than once", option->get_name()));
  if (app.count("--replay")) {
    if (w.replay.empty()) throw usage_error("--replay: the token is empty");
    if (r.resumptions.size() > 1)
      throw usage_error("--replay: a token reproduces one run, so not with --resumption both");
    check_against_token(app, w, r);
    r.options.replay = w.replay;
    if (const auto made = recorded_under(w.replay)) r.options.races = made->races;
  } else if (app.count("--stop-at")) {
    throw usage_error(fmt::format("--stop-at {}: only with --replay TOKEN", w.stop_at));
  }
  check_strategy(app, w, r.options);
  if (r.options.estimate && r.options.strategy != strategy::exhaustive)
    throw usage_error(
        fmt::format("--estimate: tells how many executions there are, but --strategy {} visits "
                    "only some",
                    to_string(r.options.strategy)));
  if (r.options.estimate && r.options.preemptions)
    throw usage_error(
        "--estimate: tells how many executions there are, but not within --preemptions");
  if (r.options.shard && r.options.stall)
    throw usage_error(
        fmt::format("--shard {}: not with --stall, whose searches it does not divide", w.shard));
  if (r.options.estimate && r.options.shard)
    throw usage_error(
        "--estimate: tells how many executions there are, but not in one part of --shard");
  if (r.options.races == race_use::explore && (r.options.shard || !r.options.checkpoint.empty()))
    throw usage_error(
        fmt::format("--races explore: which data that is turns out on the way, so not with {}",
                    r.options.shard ? "--shard" : "--checkpoint"));
  check_checkpoint(r.options);
  for (const auto& [option, value] : {std::pair{"--json", &r.json},
                                      {"--junit", &r.junit},
                                      {"--report", &r.report_directory},
                                      {"--checkpoint", &r.options.checkpoint}})
    if (app.count(option) && value->empty())
      throw usage_error(fmt::format("{}: the path is empty", option));
  if (r.json == "-" && r.junit == "-")
    throw usage_error("--json - and --junit -: only one of them can be standard output");
}

/// What no option took: models, or unknown options.
void read_rest(const CLI::App& app, request& r) {
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (const std::string& word : app.remaining()) {
    if (word == "--") continue;
    if (!word.starts_with('-')) {
      r.globs.push_back(word);
      continue;
    }
    const std::string name = word.substr(0, word.find('='));
    const auto near = near_names(name, known);
    throw usage_error(fmt::format("unknown option '{}'{}", name,
                                  near.empty() ? "" : fmt::format("; did you mean {}?", near[0])));
  }
}

std::vector<std::string> forwarded(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || name == "--run" || name == "--json") continue;
    words.push_back(name);
    if (is_valued(*option)) {
      words.push_back(option->results().back());
    } else if (option->results().back() != bare) {
      words.back() += "=" + option->results().back();
    }
  }
  return words;
}

}  // namespace

std::variant<request, answer> parse_command_line(std::string_view program,
                                                 std::vector<std::string> arguments,
                                                 subject about) {
  words w;
  request r;
  CLI::App app;
  app.name(std::string(program));
  const declaration declared(app, w, r, about);
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back.
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return answer{app.help()};
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }
  if (w.version) return answer{fmt::format("{}\n", version())};
  declared.refuse_foreign();
  r.globs = w.run;
  read_rest(app, r);
  read_choices(app, w, r);
  read_numbers(app, w, r);
  check_combinations(app, w, r);
  if (w.list) r.action = action::list;
  if (w.list_names) r.action = action::list_names;
  r.forwarded = forwarded(app);
  return r;
}

std::string_view version() { return "pawl " PAWL_VERSION; }

}  // namespace pawl::check::tool
