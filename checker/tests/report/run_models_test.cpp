#include "tool/run_models.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include <pawl/check/model.hpp>

#include "golden.hpp"
#include "report/utf8.hpp"
#include "samples.hpp"
#include "scratch_directory.hpp"
#include "scripted_explore.hpp"
#include "tool/child.hpp"
#include "tool/forecast.hpp"

using namespace pawl::check;

PAWL_MODEL("a.fine", "is right", pawl::check::bounds{.threads = 2, .note = "weights 1 and 2"}) {}
PAWL_MODEL("b.bug", "is wrong", pawl::check::bounds{.threads = 3}) {}
PAWL_MODEL("c.limited", "is too large") {}
PAWL_MODEL("d.bound", "needs more events than there are") {}
PAWL_MODEL("e.refused", "has a foreign token") {}
PAWL_MODEL("f.interrupted", "gets a Ctrl-C") {}
PAWL_MODEL("g.heavy", "takes a night", pawl::check::bounds{.full = true}) {}
PAWL_MODEL("h.fine", "is right, too") {}
PAWL_MODEL("j.has_a_name_that_does_not_fit_where_there_is_no_room", "has a long name",
           pawl::check::bounds{.threads = 3}) {}
PAWL_MODEL("j.short", "has a short name") {}

namespace {

using words = std::vector<std::string>;

struct result {
  int code;
  std::string out, error;
};

result invoke(words arguments, bool live = false) {
  std::ostringstream out, error;
  const tool::terminal first{&out, {.columns = 100}, live}, second{&error, {.columns = 100}, false};
  const int code = tool::run_models("./models", std::move(arguments), {first, second});
  return {code, out.str(), error.str()};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string content(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

class run_models_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(run_models_test);
  CPPUNIT_TEST(lists);
  CPPUNIT_TEST(output_of_a_whole_run);
  CPPUNIT_TEST(output_in_80_columns);
  CPPUNIT_TEST(output_in_60_columns);
  CPPUNIT_TEST(a_line_a_model_in_any_width);
  CPPUNIT_TEST(a_replay_is_told_under_the_options_of_its_token);
  CPPUNIT_TEST(exit_codes);
  CPPUNIT_TEST(usage_errors_explore_nothing);
  CPPUNIT_TEST(unwritable_paths_explore_nothing);
  CPPUNIT_TEST(every_model_gets_its_options);
  CPPUNIT_TEST(both_resumptions);
  CPPUNIT_TEST(a_token_needs_one_model);
  CPPUNIT_TEST(quiet_prints_failures_only);
  CPPUNIT_TEST(json_to_a_file);
  CPPUNIT_TEST(json_to_standard_output_is_alone_there);
  CPPUNIT_TEST(junit_names_skipped_models);
  CPPUNIT_TEST(a_page_for_each_failure);
  CPPUNIT_TEST(an_interruption_tells_what_was_covered);
  CPPUNIT_TEST(a_second_interruption_ends_at_once);
  CPPUNIT_TEST(a_checkpoint_stays_while_something_is_left);
  CPPUNIT_TEST(a_shard_is_named);
  CPPUNIT_TEST(progress_on_a_terminal_only);
  CPPUNIT_TEST(progress_in_plain_lines_now_and_then);
  CPPUNIT_TEST(what_is_ahead);
  CPPUNIT_TEST(an_estimate_comes_first);
  CPPUNIT_TEST(lost_output_is_an_error);
  CPPUNIT_TEST(twins_are_refused);
  CPPUNIT_TEST_SUITE_END();

 public:
  void lists() {
    const result names = invoke({"--list-names", "[ab].*"});
    CPPUNIT_ASSERT_EQUAL(std::string("a.fine\nb.bug\n"), names.out);
    const result both = invoke({"--list", "--run", "[ac].*"});
    CPPUNIT_ASSERT_EQUAL(std::string("a.fine     is right\nc.limited  is too large\n"), both.out);
    const result json = invoke({"--list", "--json", "-", "a.fine"});
    const auto parsed = nlohmann::json::parse(json.out);
    CPPUNIT_ASSERT_EQUAL(std::string("a.fine"), parsed["models"][0]["name"].get<std::string>());
    CPPUNIT_ASSERT_EQUAL(2, parsed["models"][0]["bounds"]["threads"].get<int>());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, parsed["models"].size());
    CPPUNIT_ASSERT_EQUAL(0, names.code + both.code + json.code);
  }

  void output_of_a_whole_run() {
    const result r = invoke({"[a-e].*", "[gh].*"});
    check_golden("run.txt", r.out);
    CPPUNIT_ASSERT_EQUAL(1, r.code);
    CPPUNIT_ASSERT_EQUAL(std::string(), r.error);
  }

  void output_in_80_columns() {
    check_golden("run_80.txt", invoke({"--columns=80", "[ac].*"}).out);
  }

  // A line for each model in the list and in the table, whatever the width; never a wider one.
  void a_line_a_model_in_any_width() {
    const script large([](const options& o, const auto&) {
      report r;
      r.options = o;
      r.complete = 123'456'789;
      r.blocked = 1'234'567;
      r.seconds = 4000;
      return r;
    });
    for (unsigned columns = 60; columns <= 160; ++columns) {
      const result r =
          invoke({"--columns", std::to_string(columns), "--resumption", "both", "[ag].*", "j.*"});
      std::istringstream lines(r.out);
      unsigned passes = 0;
      for (std::string line; std::getline(lines, line);) {
        CPPUNIT_ASSERT_MESSAGE(line, reporting::width(line) <= columns);
        if (!contains(line, "PASS")) continue;
        ++passes;
        CPPUNIT_ASSERT_MESSAGE(line, contains(line, "123,456,789") && contains(line, "1,234,567") &&
                                         contains(line, "1:06:40 h"));
      }
      CPPUNIT_ASSERT_EQUAL(12u, passes);
    }
  }

  void output_in_60_columns() {
    check_golden("run_60.txt", invoke({"--columns=60", "--resumption", "both", "j.*"}).out);
  }

  void a_replay_is_told_under_the_options_of_its_token() {
    const script replayed([](const options& o, const auto&) {
      report r;
      r.options = o;
      r.options.memory_model = memory_model::sc;
      r.options.resumption = resumption::in_waker;
      r.verdict = verdict::bug;
      r.error.emplace().threads = {"main"};
      return r;
    });
    const result r = invoke({"b.bug", "--replay", "t"});
    CPPUNIT_ASSERT_MESSAGE(r.out, contains(r.out, "FAIL   b.bug [in-waker]\n"));
    CPPUNIT_ASSERT_MESSAGE(r.out, contains(r.out, "sc, exhaustive"));
  }

  void exit_codes() {
    CPPUNIT_ASSERT_EQUAL(0, invoke({"a.fine", "h.fine"}).code);
    CPPUNIT_ASSERT_EQUAL(0, invoke({"a.fine", "g.heavy"}).code);
    CPPUNIT_ASSERT_EQUAL(0, invoke({"g.heavy", "--full"}).code);
    CPPUNIT_ASSERT_EQUAL(1, invoke({"b.bug", "c.limited", "d.bound", "e.refused"}).code);
    CPPUNIT_ASSERT_EQUAL(2, invoke({"a.fine", "c.limited", "d.bound"}).code);
    CPPUNIT_ASSERT_EQUAL(2, invoke({"a.fine", "c.limited", "e.refused"}).code);
    CPPUNIT_ASSERT_EQUAL(3, invoke({"a.fine", "c.limited"}).code);
    CPPUNIT_ASSERT_EQUAL(77, invoke({"g.heavy"}).code);
  }

  void a_checkpoint_stays_while_something_is_left() {
    const scratch_directory directory;
    const std::string file = directory.file("state");
    std::ofstream(file) << "state";
    const auto run = [&](words models) {
      models.insert(models.end(), {"--checkpoint", file});
      return invoke(std::move(models));
    };
    const std::string kept = file + " holds how far this came; the same command goes on\n";
    CPPUNIT_ASSERT(run({"a.fine", "c.limited"}).out.ends_with(kept));
    CPPUNIT_ASSERT(run({"f.interrupted", "h.fine"}).out.ends_with(kept));
    CPPUNIT_ASSERT_EQUAL(2, run({"a.fine", "e.refused"}).code);
    CPPUNIT_ASSERT_EQUAL(std::string("state"), content(file));
    CPPUNIT_ASSERT_EQUAL(1, run({"a.fine", "b.bug"}).code);
    CPPUNIT_ASSERT(!std::filesystem::exists(file));
    std::ofstream(file) << "unfinished searches of another command";
    CPPUNIT_ASSERT_EQUAL(0, run({"a.fine"}).code);
    CPPUNIT_ASSERT(std::filesystem::exists(file));
  }

  void a_shard_is_named() {
    const result text = invoke({"a.fine", "--shard", "2/4"}, true);
    CPPUNIT_ASSERT(contains(text.out, "[1/1]  shard 2 of 4  a.fine"));
    CPPUNIT_ASSERT(contains(text.out, "shard 2 of 4, threads"));
    const auto json = nlohmann::json::parse(
        invoke({"a.fine", "--shard", "2/4", "--json", "-"}).out)["models"][0]["shard"];
    CPPUNIT_ASSERT(json == nlohmann::json({{"number", 2}, {"count", 4}}));
  }

  void usage_errors_explore_nothing() {
    const script never(refuse_to_run);
    const result unknown = invoke({"--frobnicate"});
    CPPUNIT_ASSERT_EQUAL(2, unknown.code);
    CPPUNIT_ASSERT_EQUAL(
        std::string("./models: unknown option '--frobnicate'\nTry './models --help'.\n"),
        unknown.error);
    const result unmatched = invoke({"a.fine", "--run", "a.find"});
    CPPUNIT_ASSERT_EQUAL(2, unmatched.code);
    CPPUNIT_ASSERT(contains(unmatched.error, "no model matches 'a.find'; did you mean a.fine"));
    CPPUNIT_ASSERT_EQUAL(std::string(), unmatched.out);
  }

  void unwritable_paths_explore_nothing() {
    const script never(refuse_to_run);
    const scratch_directory directory;
    const std::string json = directory.file("x.json");
    for (const char* option : {"--json", "--junit", "--report"}) {
      words arguments{"a.fine", option, "/proc/none/x"};
      if (std::string(option) != "--json") arguments.insert(arguments.end(), {"--json", json});
      const result r = invoke(arguments);
      CPPUNIT_ASSERT_EQUAL(2, r.code);
      CPPUNIT_ASSERT_MESSAGE(r.error, contains(r.error, std::string(option) + ": cannot write "));
      CPPUNIT_ASSERT_MESSAGE(r.error,
                             contains(r.error, "'/proc/none/x': No such file or directory"));
      CPPUNIT_ASSERT(!std::filesystem::exists(json));
    }
  }

  void every_model_gets_its_options() {
    std::vector<options> seen;
    const script record([&](const options& o, const auto&) {
      seen.push_back(o);
      return report{};
    });
    CPPUNIT_ASSERT_EQUAL(0, invoke({"[ab].*", "--memory-model", "sc", "--executions", "9"}).code);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seen.size());
    CPPUNIT_ASSERT(seen[0].model == "a.fine" && seen[0].bounds.threads == 2);
    CPPUNIT_ASSERT(seen[1].model == "b.bug" && seen[1].bounds.threads == 3);
    CPPUNIT_ASSERT(seen[1].memory_model == memory_model::sc && seen[1].executions == 9);
  }

  void both_resumptions() {
    const result r = invoke({"b.bug", "--resumption", "both"});
    CPPUNIT_ASSERT(contains(r.out, "FAIL   b.bug\n") &&
                   contains(r.out, "FAIL   b.bug [in-waker]\n"));
    CPPUNIT_ASSERT(contains(r.out, "--run b.bug --replay 1:2:3\n"));
  }

  void a_token_needs_one_model() {
    const script never(refuse_to_run);
    const result r = invoke({"--replay", "1:2:3", "[ab].*"});
    CPPUNIT_ASSERT_EQUAL(2, r.code);
    CPPUNIT_ASSERT(contains(r.error, "reproduces one model, but 2 are selected; add --run NAME"));
  }

  void quiet_prints_failures_only() {
    CPPUNIT_ASSERT_EQUAL(std::string(), invoke({"a.fine", "g.heavy", "--quiet"}, true).out);
    const result r = invoke({"[ab].*", "--quiet"});
    CPPUNIT_ASSERT(contains(r.out, "FAIL   b.bug") && !contains(r.out, "a.fine"));
  }

  void json_to_a_file() {
    const scratch_directory directory;
    const std::string path = directory.file("x.json");
    CPPUNIT_ASSERT_EQUAL(1, invoke({"[abg].*", "--json", path}).code);
    const auto parsed = nlohmann::json::parse(content(path));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, parsed["models"].size());
    CPPUNIT_ASSERT_EQUAL(std::string("clean"), parsed["models"][0]["verdict"].get<std::string>());
    CPPUNIT_ASSERT_EQUAL(std::string("deadlock"),
                         parsed["models"][1]["error"]["kind"].get<std::string>());
  }

  void json_to_standard_output_is_alone_there() {
    const result r = invoke({"[ab].*", "--json", "-"});
    CPPUNIT_ASSERT(nlohmann::json::accept(r.out));
    CPPUNIT_ASSERT(contains(r.error, "FAIL   b.bug"));
  }

  void junit_names_skipped_models() {
    const scratch_directory directory;
    const std::string path = directory.file("x.xml");
    CPPUNIT_ASSERT_EQUAL(0, invoke({"[ag].*", "--junit", path}).code);
    CPPUNIT_ASSERT(contains(content(path), "name=\"g.heavy\""));
    CPPUNIT_ASSERT(
        contains(content(path), "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""));
  }

  void a_page_for_each_failure() {
    const scratch_directory directory;
    const std::string path = directory.file("pages");
    const result r = invoke({"[ab].*", "--report", path});
    CPPUNIT_ASSERT(contains(r.out, "page        " + path + "/b.bug.html\n"));
    CPPUNIT_ASSERT(contains(content(path + "/b.bug.html"), "both wait for each other"));
    CPPUNIT_ASSERT(!std::filesystem::exists(path + "/a.fine.html"));
  }

  void an_interruption_tells_what_was_covered() {
    const result r = invoke({"[afgh].*"});
    CPPUNIT_ASSERT_EQUAL(3, r.code);
    CPPUNIT_ASSERT(contains(r.out, "LIMIT  f.interrupted"));
    CPPUNIT_ASSERT_MESSAGE(r.out,
                           contains(r.out, "interrupted: 4 models: 1 passed, 1 stopped early"));
    CPPUNIT_ASSERT(contains(r.out, "not run"));
  }

  void a_second_interruption_ends_at_once() {
    const tool::ending end = tool::run_child({PAWL_SCRIPTED_MODELS, "other.interrupted_twice"},
                                             tool::child_output::captured);
    CPPUNIT_ASSERT_EQUAL(130, end.code);
  }

  void progress_on_a_terminal_only() {
    const script ticking([](const options& o, const auto& watch) {
      CPPUNIT_ASSERT(watch({.complete = 1234, .blocked = 5, .seconds = 2}));
      report r;
      r.options = o;
      return r;
    });
    CPPUNIT_ASSERT(!contains(invoke({"a.fine"}).out, "\x1b"));
    const std::string out = invoke({"a.fine"}, true).out;
    CPPUNIT_ASSERT(
        contains(out, "\r\x1b[K[1/1]  a.fine  complete 1,234  blocked 5  620/s  2.00 s\r"));
    CPPUNIT_ASSERT(contains(out, "\r\x1b[KPASS   a.fine"));
  }

  void progress_in_plain_lines_now_and_then() {
    const script ticking([](const options& o, const auto& watch) {
      for (const double seconds : {1.0, 9.0, 11.0, 12.0, 21.0, 23.0, 24.0})
        CPPUNIT_ASSERT(watch({.complete = 1200, .seconds = seconds}));
      report r;
      r.options = o;
      return r;
    });
    CPPUNIT_ASSERT_EQUAL(std::string("[1/1]  a.fine  complete 1,200  blocked 0  109/s  11.0 s\n"
                                     "[1/1]  a.fine  complete 1,200  blocked 0  52/s  23.0 s\n"),
                         invoke({"a.fine"}).error);
    CPPUNIT_ASSERT_EQUAL(std::string(), invoke({"a.fine"}, true).error);
    CPPUNIT_ASSERT_EQUAL(std::string(), invoke({"a.fine", "--quiet"}).error);
  }

  void what_is_ahead() {
    const progress now{.complete = 990, .blocked = 10, .seconds = 2, .expected = 2996};
    CPPUNIT_ASSERT_EQUAL(
        std::string("m  complete 990  blocked 10  500/s  2.00 s  of about 3,000, 3.99 s left"),
        tool::progress_text("m", now));
    const auto has_forecast = [](const progress& p) {
      return contains(tool::progress_text("m", p), "about");
    };
    CPPUNIT_ASSERT(has_forecast(now));
    CPPUNIT_ASSERT(!has_forecast({.complete = 9, .seconds = 0.9, .expected = 99}));
    CPPUNIT_ASSERT(!has_forecast({.complete = 9, .seconds = 2, .expected = 0}));
    CPPUNIT_ASSERT(!has_forecast({.complete = 9, .seconds = 2, .expected = 9}));
    CPPUNIT_ASSERT(
        contains(tool::progress_text("m", {.complete = 1, .seconds = 2, .expected = 1e30}),
                 "of about 1.0e+30, more than 100 years left"));
  }

  void an_estimate_comes_first() {
    const script estimating([](const options& o, const auto& watch) {
      CPPUNIT_ASSERT(o.estimate);
      report r;
      r.options = o;
      r.before = estimation{5040, 38.2, 75, 2000};
      CPPUNIT_ASSERT(watch({.before = r.before}));
      return r;
    });
    const std::string out = invoke({"a.fine", "--estimate"}).out;
    CPPUNIT_ASSERT_MESSAGE(out, out.starts_with("a.fine  about 5,000 executions ± 38, 1:15 min\n"));
    CPPUNIT_ASSERT_EQUAL(out.find("about"), out.rfind("about"));
    CPPUNIT_ASSERT(!contains(invoke({"a.fine", "--estimate", "--quiet"}).out, "about"));
  }

  void lost_output_is_an_error() {
    const tool::ending end =
        tool::run_child({"/bin/sh", "-c", PAWL_SCRIPTED_MODELS " other.fine >/dev/full"},
                        tool::child_output::shared);
    CPPUNIT_ASSERT_EQUAL(2, end.code);
  }

  void twins_are_refused() {
    const tool::ending end =
        tool::run_child({"/bin/sh", "-c", PAWL_TWIN_MODELS " 2>&1"}, tool::child_output::captured);
    CPPUNIT_ASSERT_EQUAL(2, end.code);
    CPPUNIT_ASSERT_MESSAGE(end.output, contains(end.output, "two models are named 'twin': "));
    CPPUNIT_ASSERT(contains(end.output, "twin_models.cpp:4 and ") &&
                   contains(end.output, "twin_models.cpp:5"));
  }

 private:
  static report refuse_to_run(const options&, const std::function<bool(const progress&)>&) {
    CPPUNIT_FAIL("explored");
    return {};
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(run_models_test);
