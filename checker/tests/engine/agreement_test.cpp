// The engine against brute force on random programs: the same graphs and outcomes, none visited
// twice.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "enumerate.hpp"
#include "oracle_run.hpp"
#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

class agreement_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(agreement_test);
  CPPUNIT_TEST(explores_what_brute_force_finds);
  CPPUNIT_TEST(explores_waits_exactly);
  CPPUNIT_TEST(explores_waits_for_updates_exactly);
  CPPUNIT_TEST(waits_return_from_what_a_revisit_wrote);
  CPPUNIT_TEST(does_not_depend_on_thread_numbers);
  CPPUNIT_TEST(finds_the_outcomes_of_loops_that_spin);
  CPPUNIT_TEST(random_executions_are_executions);
  CPPUNIT_TEST_SUITE_END();

  static std::string compare(const oracle::program& p) {
    for (const memory_model m : models) {
      const auto expected = oracle::enumerate(p, axioms_of(m));
      for (const auto& [unblocking, snapshots] :
           {std::pair{true, snapshot_use::always}, std::pair{true, snapshot_use::never},
            std::pair{false, snapshot_use::always}}) {
        const explored e = explore_program(
            p, {.memory_model = m, .unblocking = unblocking, .snapshots = snapshots});
        const std::string how =
            fmt::format("{}, unblocking {}, snapshots {}", to_string(m), unblocking ? "on" : "off",
                        snapshots == snapshot_use::always ? "on" : "off");
        if (!e.error.empty()) return how + ": " + e.error;
        if (e.duplicates() != 0) return fmt::format("{}: {} duplicates", how, e.duplicates());
        if (e.complete != expected.complete || e.blocked != expected.blocked)
          return fmt::format("{}: {} complete and {} blocked graphs, not {} and {}", how,
                             e.complete.size(), e.blocked.size(), expected.complete.size(),
                             expected.blocked.size());
        if (e.outcomes != expected.outcomes || e.blocked_outcomes != expected.blocked_outcomes)
          return how + ": other outcomes";
      }
    }
    return {};
  }

  static std::string compare_spinning(const oracle::program& p) {
    for (const memory_model m : models) {
      const auto expected = oracle::enumerate(p, axioms_of(m));
      for (const bool unblocking : {true, false}) {
        const explored e =
            explore_program(p, {.memory_model = m, .unblocking = unblocking}, 0, waiting::spinning);
        if (!e.error.empty()) return fmt::format("{}: {}", to_string(m), e.error);
        if (e.duplicates() != 0)
          return fmt::format("{}: {} duplicates", to_string(m), e.duplicates());
        if (e.outcomes != expected.outcomes)
          return fmt::format("{}: {} outcomes, not {}", to_string(m), e.outcomes.size(),
                             expected.outcomes.size());
        if (e.blocked_outcomes != expected.blocked_outcomes)
          return fmt::format("{}: {} outcomes of deadlocks, not {}", to_string(m),
                             e.blocked_outcomes.size(), expected.blocked_outcomes.size());
      }
    }
    return {};
  }

 public:
  void explores_what_brute_force_finds() {
    for_random_programs("without waits",
                        {.threads = 3, .operations = 8, .locations = 3, .awaits = false}, 600,
                        compare);
  }
  void explores_waits_exactly() {
    for_random_programs("with waits",
                        {.threads = 3, .operations = 8, .locations = 2, .awaits = true}, 600,
                        compare);
  }
  // Updates of a location come in an order, be they never so weak.
  void explores_waits_for_updates_exactly() {
    for_random_programs(
        "with waits for updates",
        {.threads = 3, .operations = 8, .locations = 2, .awaits = true, .stores = false}, 600,
        compare);
    for_random_programs(
        "with waits for updates of one location",
        {.threads = 4, .operations = 8, .locations = 1, .awaits = true, .stores = false}, 200,
        compare);
  }

  // A wait moves in place to an update that is revisited, and has to leave it with the revisit.
  void waits_return_from_what_a_revisit_wrote() {
    for (const std::string_view text :
         {"r0 = cas x 1 1; r1 = await y == 0 / r0 = cas y 1 1; r1 = load x / "
          "r0 = cas y 0 2; r1 = exchange y 1",
          "r0 = await x == 0; r1 = fetch_add x 2 / r0 = await x != 1; r1 = cas x 1 1 / "
          "r0 = cas x 1 2; r1 = fetch_add x 2; r2 = exchange x 1"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(text), std::string(), compare(oracle::parse(text)));
  }

  void does_not_depend_on_thread_numbers() {
    for_random_programs(
        "rotated", {.threads = 3, .operations = 9, .locations = 3}, 300,
        [](const oracle::program& p) -> std::string {
          oracle::program rotated = p;
          std::rotate(rotated.threads.begin(), rotated.threads.begin() + 1, rotated.threads.end());
          for (const memory_model m : models) {
            const explored a = explore_program(p, {.memory_model = m});
            const explored b = explore_program(rotated, {.memory_model = m}, 1);
            if (a.complete_count != b.complete_count || a.blocked_count != b.blocked_count)
              return fmt::format("{} and {} complete, {} and {} blocked", a.complete_count,
                                 b.complete_count, a.blocked_count, b.blocked_count);
            if (a.outcomes != b.outcomes || a.blocked_outcomes != b.blocked_outcomes)
              return fmt::format("{}: other outcomes", to_string(m));
          }
          return {};
        });
  }

  // A thread that spins for ever stands where one that waits for ever does.
  void finds_the_outcomes_of_loops_that_spin() {
    for_random_programs("spinning", {.threads = 3, .operations = 7, .locations = 2}, 200,
                        [](const oracle::program& p) -> std::string {
                          oracle::program rotated = p;
                          std::rotate(rotated.threads.begin(), rotated.threads.begin() + 1,
                                      rotated.threads.end());
                          const std::string wrong = compare_spinning(p);
                          return wrong.empty() ? compare_spinning(rotated) : wrong;
                        });
  }

  void random_executions_are_executions() {
    for_random_programs("drawn", {.threads = 3, .operations = 7, .locations = 2}, 100, [](auto& p) {
      for (const memory_model m : models) {
        const explored all = explore_program(p, {.memory_model = m});
        for (const strategy s :
             {strategy::random, strategy::pct, strategy::pos, strategy::guided}) {
          const explored some =
              explore_program(p, {.memory_model = m, .strategy = s, .executions = 100});
          const std::string how = fmt::format("{}, {}: ", to_string(m), to_string(s));
          if (some.complete_count + some.blocked_count + some.wasted != 100)
            return how + "executions are missing";
          if (!std::includes(all.complete.begin(), all.complete.end(), some.complete.begin(),
                             some.complete.end()) ||
              !std::includes(all.blocked.begin(), all.blocked.end(), some.blocked.begin(),
                             some.blocked.end()))
            return how + "a drawn execution is none of the program's";
        }
      }
      return std::string{};
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(agreement_test);

}  // namespace
}  // namespace pawl::check::tests
