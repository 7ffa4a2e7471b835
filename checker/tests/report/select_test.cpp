#include "tool/select.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tool/usage_error.hpp"

using namespace pawl::check::tool;

namespace {

using names = std::vector<std::string>;
using indexes = std::vector<std::size_t>;

const names all{"mutex.fifo", "mutex.handoff", "semaphore.cancel", "semaphore.fifo",
                "semaphore.poison"};

std::string refusal(const names& globs) {
  try {
    static_cast<void>(select(globs, all));
  } catch (const usage_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

class select_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(select_test);
  CPPUNIT_TEST(globs);
  CPPUNIT_TEST(a_literal_glob_matches_its_name_alone);
  CPPUNIT_TEST(selections);
  CPPUNIT_TEST(unmatched_globs_name_what_is_near);
  CPPUNIT_TEST_SUITE_END();

 public:
  void globs() {
    CPPUNIT_ASSERT(matches("*", "semaphore.fifo"));
    CPPUNIT_ASSERT(matches("sem*.fi?o", "semaphore.fifo"));
    CPPUNIT_ASSERT(matches("[ms]*", "mutex.fifo"));
    CPPUNIT_ASSERT(!matches("semaphore", "semaphore.fifo"));
    CPPUNIT_ASSERT(!matches("Semaphore.*", "semaphore.fifo"));
    CPPUNIT_ASSERT(!matches("", "semaphore.fifo"));
    CPPUNIT_ASSERT(matches("odd [name", "odd [name"));
  }
  void a_literal_glob_matches_its_name_alone() {
    for (const char* name : {"a*b", "a?b", "a[b]", "a\\b", "plain"})
      CPPUNIT_ASSERT_MESSAGE(name, matches(literal_glob(name), name));
    CPPUNIT_ASSERT(!matches(literal_glob("a*b"), "axb"));
    CPPUNIT_ASSERT(!matches(literal_glob("a[b]"), "ab"));
  }
  void selections() {
    CPPUNIT_ASSERT(indexes({0, 1, 2, 3, 4}) == select({}, all));
    CPPUNIT_ASSERT(indexes({0, 3}) == select(names{"*.fifo"}, all));
    CPPUNIT_ASSERT(indexes({0, 1, 3}) == select(names{"semaphore.fifo", "mutex.*", "*.fifo"}, all));
  }
  void unmatched_globs_name_what_is_near() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("no model matches 'semaphor.fifo'; did you mean semaphore.fifo?"),
        refusal({"semaphor.fifo"}));
    CPPUNIT_ASSERT_EQUAL(
        std::string("no model matches 'fifo'; did you mean mutex.fifo, semaphore.fifo?"),
        refusal({"fifo"}));
    CPPUNIT_ASSERT_EQUAL(std::string("no model matches 'channel.close'; --list names the 5 models"),
                         refusal({"mutex.*", "channel.close"}));
    CPPUNIT_ASSERT_EQUAL(std::string("no model matches ''; --list names the 5 models"),
                         refusal({""}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(select_test);
