// Every fault of the table is convicted, for the reason that the table gives, and reproducibly.
#include <cppunit/TestAssert.h>
#include <cppunit/TestCase.h>
#include <cppunit/TestSuite.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>

#include "table.hpp"
#include "tool/child.hpp"

namespace {

using json = nlohmann::json;
namespace tool = pawl::check::tool;

struct verdict {
  int exit_code = 0;
  json model;  ///< What the JSON report says about it.

  [[nodiscard]] std::string text() const { return model.dump(2); }
};

/// Runs one model of a program with a fault, or with none, the library as it is.
verdict judge(const std::string& name, const std::string& fault, const std::string& model,
              const std::vector<std::string>& options = {}) {
  const std::string program = PAWL_BROKEN_PROGRAMS "/" + name;
  std::vector<std::string> words{program, "--run", model, "--quiet", "--json", "-"};
  words.insert(words.end(), options.begin(), options.end());
  setenv("PAWL_FAULT", fault.c_str(), 1);
  const tool::ending ended = tool::run_child(words, tool::child_output::captured);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(program + " was killed by a signal", 0, ended.signal);
  const json report = json::parse(ended.output);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(ended.output, std::size_t{1}, report.at("models").size());
  return {ended.code, report.at("models").at(0)};
}

enum class backend : unsigned char { model, native };

class fault_test : public CppUnit::TestCase {
 public:
  fault_test(backend b, conviction expected)
      : TestCase((b == backend::native ? "native_" : "") + expected.fault),
        program_(b == backend::native ? "pawl_native_broken" : "pawl_broken"),
        expected_(std::move(expected)) {}

  void runTest() override {
    const verdict sound = judge(program_, "none", expected_.model);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(sound.text(), 0, sound.exit_code);

    const verdict broken = judge(program_, expected_.fault, expected_.model);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("it survives: " + broken.text(), 1, broken.exit_code);
    const json& error = broken.model.at("error");
    CPPUNIT_ASSERT_EQUAL_MESSAGE(error.dump(2), expected_.kind,
                                 error.at("kind").get<std::string>());

    const verdict again = judge(program_, expected_.fault, expected_.model,
                                {"--replay", error.at("token").get<std::string>()});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(again.text(), 1, again.exit_code);
    for (const char* const field : {"kind", "sentence", "row", "steps"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(field, error.at(field).dump(2),
                                   again.model.at("error").at(field).dump(2));
  }

 private:
  const std::string program_;
  const conviction expected_;
};

/// What the native backend makes of a fault. It does not tell when objects on a stack or in a
/// coroutine end, so three of the faults are not seen, and what uses others afterwards is a race.
std::optional<conviction> with_hooks(conviction c) {
  if (c.fault == "canceller_ignored" || c.fault == "puller_ignored" ||
      c.fault == "suspender_ignored")
    return std::nullopt;
  // Threads that spin for a lock of the library make too many executions there.
  if (c.fault == "cycle_unseen" || c.fault == "others_forgotten") return std::nullopt;
  if (c.kind == "lifetime") c.kind = "data_race";
  // The execution that comes first there has the free last.
  if (c.fault == "watchers_forgotten" || c.fault == "forwarder_ignored") c.kind = "data_race";
  if (c.fault == "unsettled") c.kind = "crash";  // It aborts.
  // Where the one who gave up stood on the stack there are zeros by then, which are followed.
  if (c.fault == "gone_stays_parked") c.kind = "crash";
  return c;
}

/// The table against the sources of the library.
class table_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(table_test);
  CPPUNIT_TEST(has_every_fault_once);
  CPPUNIT_TEST(has_enough_classes);
  CPPUNIT_TEST(quotes_the_sources);
  CPPUNIT_TEST_SUITE_END();

  static std::string without_spaces(std::string text) {
    std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
    return text;
  }

  const std::vector<conviction> rows_ = read_table(PAWL_BROKEN_TABLE);

 public:
  void has_every_fault_once() {
    const std::string header = read_file(PAWL_LIBRARY_DIRECTORY "/include/pawl/backend/fault.hpp");
    const std::regex definition(R"(\nPAWL_FAULT\((\w+)\);)");
    std::set<std::string> defined;
    for (std::sregex_iterator at(header.begin(), header.end(), definition), end; at != end; ++at) {
      defined.insert((*at)[1].str());
    }
    std::set<std::string> listed;
    for (const conviction& each : rows_)
      CPPUNIT_ASSERT_MESSAGE(each.fault + " is listed twice", listed.insert(each.fault).second);
    CPPUNIT_ASSERT(!defined.empty());
    for (const std::string& fault : defined)
      CPPUNIT_ASSERT_MESSAGE(fault + " is not in the table", listed.contains(fault));
    for (const std::string& fault : listed)
      CPPUNIT_ASSERT_MESSAGE(fault + " is not in fault.hpp", defined.contains(fault));
  }

  void has_enough_classes() {
    CPPUNIT_ASSERT(rows_.size() >= 12);
    CPPUNIT_ASSERT(std::ranges::count_if(rows_, &conviction::weakens_an_order) >= 4);
  }

  void quotes_the_sources() {
    std::string sources;
    for (const auto& file : std::filesystem::recursive_directory_iterator(PAWL_LIBRARY_DIRECTORY)) {
      const auto extension = file.path().extension();
      if (extension == ".hpp" || extension == ".cpp")
        sources += without_spaces(read_file(file.path().string()));
    }
    for (const conviction& each : rows_) {
      CPPUNIT_ASSERT_MESSAGE(each.source_line,
                             each.source_line.find("fault::" + each.fault) != std::string::npos);
      CPPUNIT_ASSERT_MESSAGE("no longer in the library: " + each.source_line,
                             sources.find(without_spaces(each.source_line)) != std::string::npos);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(table_test);

/// One test a row and backend, named like the fault.
struct all_faults {
  static CppUnit::Test* suite() {
    auto* const all = new CppUnit::TestSuite("faults");
    for (conviction& each : read_table(PAWL_BROKEN_TABLE)) {
      all->addTest(new fault_test(backend::model, each));
#if PAWL_NATIVE_PROGRAMS
      if (auto native = with_hooks(std::move(each)))
        all->addTest(new fault_test(backend::native, *std::move(native)));
#endif
    }
    return all;
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(all_faults);

}  // namespace
