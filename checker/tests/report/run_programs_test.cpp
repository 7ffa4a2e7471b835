#include "tool/run_programs.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scratch_directory.hpp"
#include "tool/usage_error.hpp"

using namespace pawl::check;

namespace {

using words = std::vector<std::string>;

const std::string models = PAWL_SCRIPTED_MODELS;

int invoke(words arguments) {
  std::ostringstream out, error;
  const tool::terminal first{&out, {}, false}, second{&error, {}, false};
  arguments.emplace_back("--quiet");
  return tool::run_programs(arguments, {first, second});
}

std::string refusal(words arguments) {
  try {
    static_cast<void>(invoke(std::move(arguments)));
  } catch (const tool::usage_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

class run_programs_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(run_programs_test);
  CPPUNIT_TEST(merges_exit_codes);
  CPPUNIT_TEST(merges_json);
  CPPUNIT_TEST(selects_over_all_programs);
  CPPUNIT_TEST(other_programs);
  CPPUNIT_TEST(refusals);
  CPPUNIT_TEST_SUITE_END();

 public:
  void setUp() override { std::filesystem::create_symlink(models, second_); }

  void merges_exit_codes() {
    CPPUNIT_ASSERT_EQUAL(0, invoke({models, "--run", "*.fine"}));
    CPPUNIT_ASSERT_EQUAL(3, invoke({models, "--run", "*.fine", "--run", "*.limited"}));
    CPPUNIT_ASSERT_EQUAL(77, invoke({models, second_, "--run", "*.heavy"}));
    CPPUNIT_ASSERT_EQUAL(2, invoke({models, "--run", "*.crash"}));
  }

  void merges_json() {
    const std::string path = directory_.file("x.json");
    CPPUNIT_ASSERT_EQUAL(1, invoke({models, second_, "--run", "*.bug", "--run", "*.fine", "--json",
                                    path, "--report", directory_.file("pages")}));
    std::ifstream stream(path);
    const auto parsed = nlohmann::json::parse(stream);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, parsed["models"].size());
    CPPUNIT_ASSERT_EQUAL(std::string("other.bug"), parsed["models"][2]["name"].get<std::string>());
  }

  void selects_over_all_programs() {
    CPPUNIT_ASSERT_EQUAL(0, invoke({models, "--run", "other.odd*name"}));
    const std::string refused = refusal({models, second_, "--run", "other.lime"});
    CPPUNIT_ASSERT_MESSAGE(refused,
                           refused.starts_with("no model matches 'other.lime'; did you mean"));
  }

  // Programs that are no model executables, whatever they do with the arguments.
  void other_programs() {
    const auto other = [&](const std::string& name, const std::string& script) {
      const std::string path = directory_.file(name);
      std::ofstream(path) << "#!/bin/sh\n" << script << '\n';
      std::filesystem::permissions(path, std::filesystem::perms::owner_all);
      const std::string refused = refusal({path, "--run", "x"});
      const std::string start =
          "run: '" + path + "' is no model executable: with --list --json -, ";
      CPPUNIT_ASSERT_MESSAGE(refused, refused.starts_with(start));
      return refused.substr(start.size());
    };
    const std::string nothing = "it printed nothing", no_list = "it printed no list of models";
    CPPUNIT_ASSERT_EQUAL(nothing, other("silent", ""));
    CPPUNIT_ASSERT_EQUAL(nothing, other("reads", "cat"));
    CPPUNIT_ASSERT_EQUAL(no_list, other("echoes", "echo \"$@\""));
    CPPUNIT_ASSERT_EQUAL(no_list, other("object", "echo '{\"models\": 3}'"));
    CPPUNIT_ASSERT_EQUAL(no_list, other("nameless", "echo '{\"models\": [{}]}'"));
    CPPUNIT_ASSERT_EQUAL(no_list, other("none", "echo '{\"models\": []}'"));
    CPPUNIT_ASSERT_EQUAL(std::string("it ended with exit code 77"), other("fails", "exit 77"));
    CPPUNIT_ASSERT_EQUAL(std::string("it was ended by signal 11 (Segmentation fault)"),
                         other("crashes", "kill -SEGV $$"));
  }

  void refusals() {
    CPPUNIT_ASSERT_EQUAL(std::string("run: no PROGRAM is given"), refusal({"--full"}));
    CPPUNIT_ASSERT_EQUAL(std::string("cannot run '/none': No such file or directory"),
                         refusal({"/none"}));
    CPPUNIT_ASSERT_EQUAL(std::string("cannot run '/tmp': Is a directory"), refusal({"/tmp"}));
    CPPUNIT_ASSERT_EQUAL(std::string("cannot run '/etc/passwd': Permission denied"),
                         refusal({"/etc/passwd"}));
    CPPUNIT_ASSERT_EQUAL(std::string("--seed: 'x' is not a whole number from 0 to "
                                     "18,446,744,073,709,551,615"),
                         refusal({"/none", "--seed", "x"}));
    CPPUNIT_ASSERT_EQUAL(
        std::string("--replay: a token reproduces one model, but 2 are selected; add --run NAME"),
        refusal({models, second_, "--run", "*.bug", "--replay", "t"}));
    CPPUNIT_ASSERT_EQUAL(
        std::string("--checkpoint: takes one program; run each with a file of its own"),
        refusal({models, second_, "--checkpoint", directory_.file("x")}));
    CPPUNIT_ASSERT_EQUAL(std::string("--junit: takes one program; run each with a file of its own"),
                         refusal({models, second_, "--junit", directory_.file("x.xml")}));
  }

 private:
  scratch_directory directory_;
  const std::string second_ = directory_.file("second");
};

CPPUNIT_TEST_SUITE_REGISTRATION(run_programs_test);
