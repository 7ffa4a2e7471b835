// The engine reproduces every count that is known: of the literature, of closed forms, of the
// oracle.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include "litmus.hpp"
#include "oracle_run.hpp"

namespace pawl::check::tests {
namespace {

class counts_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(counts_test);
  CPPUNIT_TEST(litmus_tests);
  CPPUNIT_TEST(contention);
  CPPUNIT_TEST(blocking);
  CPPUNIT_TEST(peterson);
  CPPUNIT_TEST_SUITE_END();

  static void check(const std::vector<oracle::named_program>& programs) {
    CPPUNIT_ASSERT(!programs.empty());
    for (const auto& p : programs)
      for (const memory_model m : {memory_model::rc11, memory_model::sc}) {
        const auto& expected = m == memory_model::sc ? p.sc : p.rc11;
        const explored e =
            explore_program(p.code, {.memory_model = m, .snapshots = snapshot_use::always});
        const std::string what = fmt::format("{} under {}", p.name, to_string(m));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::string{}, e.error);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::uint64_t{expected.complete}, e.complete_count);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::uint64_t{expected.blocked}, e.blocked_count);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::uint64_t{0}, e.duplicates());
      }
  }

 public:
  void litmus_tests() { check(oracle::litmus_tests()); }
  void contention() { check(oracle::contention_programs()); }
  void blocking() { check(oracle::blocking_programs()); }

  // Thread 0 sets w in its critical section, thread 1 sets m4.
  void peterson() {
    const auto violated = [](std::memory_order store, std::memory_order load, memory_model m) {
      for (const auto& outcome :
           explore_program(oracle::peterson(store, load),
                           {.memory_model = m, .snapshots = snapshot_use::always})
               .outcomes)
        if (outcome.find("w=1 m4=1") != std::string::npos) return true;
      return false;
    };
    using enum std::memory_order;
    CPPUNIT_ASSERT(violated(relaxed, relaxed, memory_model::rc11));
    CPPUNIT_ASSERT(violated(release, acquire, memory_model::rc11));
    CPPUNIT_ASSERT(!violated(seq_cst, seq_cst, memory_model::rc11));
    CPPUNIT_ASSERT(!violated(relaxed, relaxed, memory_model::sc));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(counts_test);

}  // namespace
}  // namespace pawl::check::tests
