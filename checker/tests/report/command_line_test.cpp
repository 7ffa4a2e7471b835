#include "tool/command_line.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include "engine/token.hpp"
#include "tool/usage_error.hpp"

using namespace pawl::check;
using namespace pawl::check::tool;

namespace {

using words = std::vector<std::string>;

request parse(words arguments) {
  return std::get<request>(parse_command_line("models", std::move(arguments)));
}

std::string refusal(words arguments) {
  try {
    static_cast<void>(parse_command_line("models", std::move(arguments)));
  } catch (const usage_error& error) {
    return error.what();
  }
  return "accepted";
}

struct mistake {
  words arguments;
  std::string message;
};

const std::vector<mistake> mistakes{
    {{"--executions", "-5"},
     "--executions: '-5' is not a whole number from 1 to 18,446,744,073,709,551,615"},
    {{"--executions=0"},
     "--executions: '0' is not a whole number from 1 to 18,446,744,073,709,551,615"},
    {{"--executions", "10k"},
     "--executions: '10k' is not a whole number from 1 to 18,446,744,073,709,551,615"},
    {{"--executions", "18446744073709551616"},
     "--executions: '18446744073709551616' is not a whole number from 1 to "
     "18,446,744,073,709,551,615"},
    {{"--time", "0"}, "--time: '0' is not a number of seconds above 0 and up to 1,000,000,000"},
    {{"--time", "-1"}, "--time: '-1' is not a number of seconds above 0 and up to 1,000,000,000"},
    {{"--time", "nan"}, "--time: 'nan' is not a number of seconds above 0 and up to 1,000,000,000"},
    {{"--time", "5m"}, "--time: '5m' is not a number of seconds above 0 and up to 1,000,000,000"},
    {{"--seed", "-1"}, "--seed: '-1' is not a whole number from 0 to 18,446,744,073,709,551,615"},
    {{"--seed", ""}, "--seed: '' is not a whole number from 0 to 18,446,744,073,709,551,615"},
    {{"--jobs", "0"}, "--jobs: '0' is not a whole number from 1 to 32"},
    {{"--jobs", "2"}, "--jobs 2: only with --snapshots"},
    {{"--columns", "59"}, "--columns: '59' is not a whole number from 60 to 1,000"},
    {{"--columns", "1001"}, "--columns: '1001' is not a whole number from 60 to 1,000"},
    {{"--stop-at", "0", "--replay", "t"},
     "--stop-at: '0' is not a whole number from 1 to 4,294,967,295"},
    {{"--stop-at", "3"}, "--stop-at 3: only with --replay TOKEN"},
    {{"--replay", ""}, "--replay: the token is empty"},
    {{"--replay", "t", "--resumption", "both"},
     "--replay: a token reproduces one run, so not with --resumption both"},
    {{"--memory-model", "arm"}, "--memory-model: 'arm' is not one of rc11, ra, tso, sc"},
    {{"--memory-model", ""}, "--memory-model: '' is not one of rc11, ra, tso, sc"},
    {{"--strategy", "dfs"},
     "--strategy: 'dfs' is not one of exhaustive, states, random, pct, pos, guided"},
    {{"--strategy", "states"}, "--strategy states: only with --memory-model sc"},
    {{"--strategy", "states", "--memory-model", "sc", "--weak-cas-fails"},
     "--weak-cas-fails: not with --strategy states, where none fails for nothing"},
    {{"--strategy", "states", "--memory-model", "sc", "--shard", "1/2"},
     "--shard 1/2: divides the exhaustive search, not --strategy states"},
    {{"--strategy", "pct"}, "--strategy pct: has no end without --executions N or --time S"},
    {{"--depth", "2"}, "--depth 2: only with --strategy pct"},
    {{"--depth", "2", "--strategy", "random", "--time", "1"},
     "--depth 2: only with --strategy pct"},
    {{"--depth", "0"}, "--depth: '0' is not a whole number from 1 to 1,000"},
    {{"--strategy", "random"}, "--strategy random: has no end without --executions N or --time S"},
    {{"--resumption", "inline"}, "--resumption: 'inline' is not one of own-thread, in-waker, both"},
    {{"--estimate", "--strategy", "random", "--executions", "9"},
     "--estimate: tells how many executions there are, but --strategy random visits only some"},
    {{"--estimate", "--preemptions", "2", "--memory-model", "sc"},
     "--estimate: tells how many executions there are, but not within --preemptions"},
    {{"--preemptions", "2"}, "--preemptions 2: only with --memory-model sc"},
    {{"--preemptions", "2", "--memory-model", "tso"},
     "--preemptions 2: only with --memory-model sc"},
    {{"--preemptions", "2", "--memory-model", "sc", "--strategy", "random", "--time", "1"},
     "--preemptions 2: bounds the exhaustive search, not --strategy random"},
    {{"--preemptions", "-1"}, "--preemptions: '-1' is not a whole number from 0 to 1,000"},
    {{"--shard", "0/4"}, "--shard: '0/4' is not I/N, the I-th of N parts, N up to 10,000"},
    {{"--shard", "5/4"}, "--shard: '5/4' is not I/N, the I-th of N parts, N up to 10,000"},
    {{"--shard", "1/20000"}, "--shard: '1/20000' is not I/N, the I-th of N parts, N up to 10,000"},
    {{"--shard", "2"}, "--shard: '2' is not I/N, the I-th of N parts, N up to 10,000"},
    {{"--shard", "1/2", "--strategy", "random", "--time", "1"},
     "--shard 1/2: divides the exhaustive search, not --strategy random"},
    {{"--shard", "1/2", "--stall"},
     "--shard 1/2: not with --stall, whose searches it does not divide"},
    {{"--shard", "1/2", "--estimate"},
     "--estimate: tells how many executions there are, but not in one part of --shard"},
    {{"--checkpoint", ""}, "--checkpoint: the path is empty"},
    {{"--checkpoint", "f", "--strategy", "random", "--time", "1"},
     "--checkpoint f: keeps the exhaustive search, not --strategy random"},
    {{"--checkpoint", "f", "--stall"},
     "--checkpoint f: not with --stall, whose searches it does not keep"},
    {{"--checkpoint", "f", "--estimate"}, "--checkpoint f: not with --estimate, which begins anew"},
    {{"--checkpoint", "f", "--jobs", "2", "--snapshots"},
     "--checkpoint f: keeps the search of one worker, not of --jobs 2; share the work between "
     "processes with --shard, each with a file of its own"},
    {{"--execution", "3"}, "unknown option '--execution'; did you mean --executions?"},
    {{"-x"}, "unknown option '-x'"},
    {{"--json", ""}, "--json: the path is empty"},
    {{"--json", "-", "--junit", "-"},
     "--json - and --junit -: only one of them can be standard output"},
    {{"--json"}, "--json: 1 required FILE missing"},
    {{"--seed", "1", "--seed", "2"}, "--seed: given more than once"},
    {{"--weak-cas-fails", "--weak-cas-fails=2"}, "--weak-cas-fails: given more than once"},
    {{"--weak-cas-fails=0"}, "--weak-cas-fails: '0' is not a whole number from 1 to 1,000"},
    {{"--weak-cas-fails=x"}, "--weak-cas-fails: 'x' is not a whole number from 1 to 1,000"},
    {{"--stall", "--strategy", "random", "--executions", "9"},
     "--stall: stops threads at each event of every execution, but --strategy random visits only "
     "some"},
};

// Tokens of executions under sc in the waker with two spurious failures, and under rc11 with thread
// 1 stopped.
const std::string unusual = engine::write_token({.memory_model = memory_model::sc,
                                                 .resumption = resumption::in_waker,
                                                 .weak_cas_fails = 2,
                                                 .explored = {},
                                                 .steps = {{0, 0}}});
const std::string stalled =
    engine::write_token({.stalled_thread = 1, .explored = {}, .steps = {{0, 0}}});

const std::string exploring =
    engine::write_token({.explores_races = true, .explored = {{1, 4, 0}}, .steps = {{0, 0}}});

const std::vector<mistake> contradictions{
    {{"--replay", unusual, "--memory-model", "tso"},
     "--memory-model: the token was made under sc, not tso"},
    {{"--replay", unusual, "--resumption", "own-thread"},
     "--resumption: the token was made with in-waker, not own-thread"},
    {{"--replay", unusual, "--weak-cas-fails"},
     "--weak-cas-fails: the token was made with 2, not 1"},
    {{"--replay", stalled, "--weak-cas-fails"},
     "--weak-cas-fails: the token was made with 0, not 1"},
    {{"--replay", unusual, "--estimate"},
     "--estimate: a token is one execution, there is nothing to estimate"},
    {{"--replay", unusual, "--stall"},
     "--stall: the token was made without a stopped thread, not with one"},
    {{"--replay", stalled, "--memory-model", "sc"},
     "--memory-model: the token was made under rc11, not sc"},
    {{"--replay", stalled, "--seed", "3"},
     "--seed 3: a token is one execution, there is nothing to choose"},
    {{"--replay", stalled, "--checkpoint", "f"},
     "--checkpoint f: a token is one execution, there is nothing to choose"},
    {{"--replay", stalled, "--shard", "1/2"},
     "--shard 1/2: a token is one execution, there is nothing to choose"},
    {{"--replay", stalled, "--depth", "3"},
     "--depth 3: a token is one execution, there is nothing to choose"},
    {{"--replay", stalled, "--strategy", "random", "--executions", "5"},
     "--strategy random: a token is one execution, there is nothing to choose"},
};

}  // namespace

class command_line_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(command_line_test);
  CPPUNIT_TEST(defaults);
  CPPUNIT_TEST(every_option_arrives);
  CPPUNIT_TEST(mistakes_name_the_value_and_the_limit);
  CPPUNIT_TEST(a_token_decides);
  CPPUNIT_TEST(models_are_arguments_too);
  CPPUNIT_TEST(forwards_what_it_was_given);
  CPPUNIT_TEST(help_and_version);
  CPPUNIT_TEST(of_a_program);
  CPPUNIT_TEST(races_of_a_program);
  CPPUNIT_TEST_SUITE_END();

 public:
  void of_a_program() {
    const auto refused = [](words arguments) -> std::string {
      try {
        static_cast<void>(parse_command_line("program", std::move(arguments), subject::program));
      } catch (const usage_error& error) {
        return error.what();
      }
      return "accepted";
    };
    const request r = std::get<request>(parse_command_line(
        "program",
        {"--allow-io", "--any-result", "--abort-discards", "--no-vacuity", "--threads", "3",
         "--spurious-wakeups", "2", "--nondet", "-1..3", "a.c"},
        subject::program));
    CPPUNIT_ASSERT(r.allow_io && r.any_result && r.abort_discards && !r.options.vacuity);
    CPPUNIT_ASSERT(r.options.threads == 3 && r.spurious_wakeups == 2);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, r.unknowns.least);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, r.unknowns.most);
    CPPUNIT_ASSERT(r.globs == words{"a.c"});
    CPPUNIT_ASSERT_EQUAL(std::string("--run: only for models"), refused({"--run", "x"}));
    CPPUNIT_ASSERT_EQUAL(std::string("--allow-io: only for programs"), refusal({"--allow-io"}));
    for (const char* wrong : {"", "x", "1..", "..1", "2..1", "1...2", "0..1000"})
      CPPUNIT_ASSERT_EQUAL(
          fmt::format("--nondet: '{}' is not LOW..HIGH, at most 1,000 whole numbers", wrong),
          refused({"--nondet", wrong}));
  }

  void races_of_a_program() {
    const auto asked = [](words arguments) {
      return std::get<request>(
                 parse_command_line("program", std::move(arguments), subject::program))
          .options.races;
    };
    CPPUNIT_ASSERT(asked({}) == race_use::convict);
    CPPUNIT_ASSERT(asked({"--races", "explore"}) == race_use::explore);
    CPPUNIT_ASSERT(asked({"--replay", exploring}) == race_use::explore);
    CPPUNIT_ASSERT_THROW_MESSAGE("another token", asked({"--replay", unusual, "--races=explore"}),
                                 usage_error);
    CPPUNIT_ASSERT_THROW_MESSAGE("parts", asked({"--races=explore", "--shard=1/2"}), usage_error);
    CPPUNIT_ASSERT_THROW_MESSAGE("kept", asked({"--races=explore", "--checkpoint=f"}), usage_error);
    CPPUNIT_ASSERT_EQUAL(std::string("--races: only for programs"),
                         refusal({"--races", "explore"}));
  }

  void defaults() {
    const request r = parse({});
    const options none;
    CPPUNIT_ASSERT(r.action == action::run && r.globs.empty() && !r.full && !r.quiet);
    CPPUNIT_ASSERT(r.options.memory_model == none.memory_model);
    CPPUNIT_ASSERT(r.options.unblocking && r.options.leaks && !r.options.stall);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, r.options.seed);
    CPPUNIT_ASSERT(r.resumptions == std::vector{resumption::own_thread});
  }

  void every_option_arrives() {
    const request r = parse({"--memory-model",
                             "sc",
                             "--strategy",
                             "exhaustive",
                             "--resumption",
                             "both",
                             "--time",
                             "2.5",
                             "--seed",
                             "7",
                             "--executions",
                             "100",
                             "--stall",
                             "--full",
                             "--weak-cas-fails",
                             "--no-leaks",
                             "--no-deadlocks",
                             "--quiet",
                             "--no-unblocking",
                             "--columns",
                             "80",
                             "--json",
                             "a",
                             "--junit",
                             "b",
                             "--report",
                             "c",
                             "--snapshots",
                             "--jobs",
                             "3",
                             "--list"});
    CPPUNIT_ASSERT(r.options.memory_model == memory_model::sc);
    CPPUNIT_ASSERT(r.options.strategy == strategy::exhaustive);
    CPPUNIT_ASSERT(r.resumptions == std::vector({resumption::own_thread, resumption::in_waker}));
    CPPUNIT_ASSERT_EQUAL(2.5, r.options.seconds);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, r.options.seed);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, r.options.executions);
    CPPUNIT_ASSERT(r.options.stall && r.options.weak_cas_fails == 1);
    CPPUNIT_ASSERT(!r.options.leaks && !r.options.deadlocks && !r.options.unblocking);
    CPPUNIT_ASSERT(r.options.snapshots == snapshot_use::automatic);
    CPPUNIT_ASSERT(parse({}).options.snapshots == snapshot_use::never);
    CPPUNIT_ASSERT_EQUAL(3u, r.options.jobs);
    CPPUNIT_ASSERT(r.full && r.quiet && r.columns == 80u && r.action == action::list);
    CPPUNIT_ASSERT(r.json == "a" && r.junit == "b" && r.report_directory == "c");
    const request drawn = parse({"--strategy", "random", "--weak-cas-fails=12", "--time=1"});
    CPPUNIT_ASSERT(drawn.options.strategy == strategy::random);
    CPPUNIT_ASSERT_EQUAL(12u, drawn.options.weak_cas_fails);
    CPPUNIT_ASSERT(!drawn.options.preemptions);
    CPPUNIT_ASSERT_EQUAL(std::string("f"), parse({"--checkpoint=f"}).options.checkpoint);
    CPPUNIT_ASSERT((parse({"--shard", "2/3"}).options.shard == shard{2, 3}));
    CPPUNIT_ASSERT(parse({"--preemptions", "0", "--memory-model", "sc"}).options.preemptions == 0u);
    const request deep = parse({"--strategy", "pct", "--depth", "5", "--executions", "9"});
    CPPUNIT_ASSERT(deep.options.strategy == strategy::pct && deep.options.depth == 5);
    const request replay = parse({"--replay", "t:1", "--stop-at=4", "--resumption", "in-waker"});
    CPPUNIT_ASSERT(replay.options.replay == "t:1" && replay.options.stop_at == 4);
    CPPUNIT_ASSERT(replay.resumptions == std::vector{resumption::in_waker});
  }

  void mistakes_name_the_value_and_the_limit() {
    for (const mistake& m : mistakes) CPPUNIT_ASSERT_EQUAL(m.message, refusal(m.arguments));
  }

  void a_token_decides() {
    for (const mistake& m : contradictions) CPPUNIT_ASSERT_EQUAL(m.message, refusal(m.arguments));
    const std::string accepted = "accepted";
    CPPUNIT_ASSERT_EQUAL(accepted, refusal({"--replay", unusual}));
    CPPUNIT_ASSERT_EQUAL(
        accepted, refusal({"--replay", unusual, "--memory-model", "sc", "--resumption", "in-waker",
                           "--weak-cas-fails=2", "--no-unblocking"}));
    CPPUNIT_ASSERT_EQUAL(accepted, refusal({"--replay", stalled, "--stall", "--memory-model",
                                            "rc11", "--resumption", "own-thread"}));
  }

  void models_are_arguments_too() {
    const request r = parse({"--run", "a.*", "b", "--run=c", "--list-names", "[de]"});
    CPPUNIT_ASSERT(r.globs == words({"a.*", "c", "b", "[de]"}));
    CPPUNIT_ASSERT(r.action == action::list_names);
  }

  void forwards_what_it_was_given() {
    const request r =
        parse({"--run", "a", "--seed=3", "--json", "x", "--full", "b", "--time", "1"});
    CPPUNIT_ASSERT(r.forwarded == words({"--full", "--time", "1", "--seed", "3"}));
    CPPUNIT_ASSERT(parse({"--weak-cas-fails"}).forwarded == words({"--weak-cas-fails"}));
    CPPUNIT_ASSERT(parse({"--weak-cas-fails=3"}).forwarded == words({"--weak-cas-fails=3"}));
  }

  void help_and_version() {
    const auto help = std::get<answer>(parse_command_line("models", {"--help"})).text;
    for (const char* part : {"--memory-model", "--replay", "--report", "Exit codes"})
      CPPUNIT_ASSERT_MESSAGE(part, help.find(part) != std::string::npos);
    const auto text = std::get<answer>(parse_command_line("models", {"--version"})).text;
    CPPUNIT_ASSERT(text.starts_with("pawl ") && text.ends_with("\n"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(command_line_test);
