// Executions that are drawn without a graph are those that are drawn with one.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>

#include "cursor.hpp"
#include "machine.hpp"
#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

// That weak compare-exchanges may fail makes no difference to programs without them, but only a
// graph knows how often they did.
options with_graph(options o) {
  o.weak_cas_fails = 1;
  return o;
}

options drawn(strategy s, std::uint64_t executions, std::uint64_t seed) {
  return {.memory_model = memory_model::sc, .strategy = s, .executions = executions, .seed = seed};
}

// What the program does, execution by execution, and what is said of it.
struct account {
  std::vector<std::string> outcomes;
  report told;
};

// Threads that access plain data between their operations, each in a way that its place decides.
account run(const oracle::program& p, bool plain_data, const options& o) {
  account out;
  out.told = explore(
      [&] {
        machine m{};
        std::array<cell<int>, 2> data;
        std::array<std::array<int, 16>, 3> registers{};
        on_threads(p.threads.size(), [&](std::size_t t) {
          oracle::cursor c(p.threads[t], p.registers());
          for (unsigned n = 0; const oracle::operation* next = c.pending(); ++n) {
            if (plain_data && (n + t) % 2 == 0) {
              cell<int>& d = data[(n + t) / 2 % 2];
              n == 0 ? d.write(1) : static_cast<void>(d.read());
            }
            c.perform(m.run(*next, c.operand()));
            std::copy(c.registers().begin(), c.registers().end(), registers[t].begin());
          }
        });
        const unmodelled outside;
        std::string& text = out.outcomes.emplace_back();
        for (const auto& own : registers)
          for (const int r : own) text += static_cast<char>('0' + r % 10);
      },
      o);
  return out;
}

std::string difference(const account& a, const account& b) {
  if (a.told.verdict != b.told.verdict) return "other verdict";
  if (a.told.error.has_value() != b.told.error.has_value()) return "other error";
  if (a.told.error && (a.told.error->sentence != b.told.error->sentence ||
                       a.told.error->steps.size() != b.told.error->steps.size()))
    return fmt::format("{} instead of {}", a.told.error->sentence, b.told.error->sentence);
  if (a.told.complete != b.told.complete || a.told.blocked != b.told.blocked)
    return fmt::format("{} complete instead of {}", a.told.complete, b.told.complete);
  if (a.told.distinct != b.told.distinct)
    return fmt::format("{} distinct instead of {}", a.told.distinct, b.told.distinct);
  return {};
}

class direct_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(direct_test);
  CPPUNIT_TEST(same_executions);
  CPPUNIT_TEST(same_races);
  CPPUNIT_TEST(failures_are_told);
  CPPUNIT_TEST(random_executions_reach_every_outcome);
  CPPUNIT_TEST(objects_that_end_too_early);
  CPPUNIT_TEST_SUITE_END();

  static void compare(std::string_view what, bool plain_data, std::uint64_t executions) {
    unsigned failed = 0, programs = 0;
    for_random_programs(what, {.awaits = true}, 300, [&](const oracle::program& p) -> std::string {
      for (const strategy s : {strategy::pct, strategy::pos}) {
        const options o = drawn(s, executions, 7);
        const account direct = run(p, plain_data, o), graph = run(p, plain_data, with_graph(o));
        ++programs;
        failed += direct.told.error.has_value() ? 1 : 0;
        if (std::string why = difference(direct, graph); !why.empty())
          return fmt::format("{}: {}", to_string(s), why);
        // An execution that is given up without a graph is repeated with one.
        if (!direct.told.error && direct.told.blocked == 0 && direct.outcomes != graph.outcomes)
          return fmt::format("{}: other outcomes", to_string(s));
      }
      return {};
    });
    CPPUNIT_ASSERT(failed < programs);
    CPPUNIT_ASSERT(!plain_data || programs < 100 || failed > 0);
  }

 public:
  void same_executions() { compare("drawn directly", false, 60); }
  void same_races() { compare("races drawn directly", true, 2); }

  void failures_are_told() {
    for (const strategy s : {strategy::random, strategy::pct, strategy::pos}) {
      const report r = explore(
          [] {
            atomic<int> x{0};
            on_threads(3, [&](std::size_t) {
              const int v = x.load(memory_order_relaxed);
              x.store(v + 1, memory_order_relaxed);
            });
            require(x.load(memory_order_relaxed) == 3, "nothing is lost");
          },
          drawn(s, 1000, 1));
      CPPUNIT_ASSERT(r.verdict == verdict::bug);
      CPPUNIT_ASSERT(r.error->sentence.find("nothing is lost") != std::string::npos);
      CPPUNIT_ASSERT(!r.error->token.empty() && !r.error->steps.empty());
    }
  }

  void random_executions_reach_every_outcome() {
    const report r = explore(
        [] {
          atomic<int> x{0}, y{0};
          on_threads(2, [&](std::size_t i) {
            (i == 0 ? x : y).store(1, memory_order_relaxed);
            static_cast<void>((i == 0 ? y : x).load(memory_order_relaxed));
          });
        },
        drawn(strategy::random, 200, 3));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, r.distinct);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{200}, r.complete);
  }

  // Nothing orders the last access before the end, though it comes first.
  void objects_that_end_too_early() {
    const auto program = [](std::memory_order order) {
      return [=] {
        atomic<int> done{0};
        thread other;
        {
          atomic<int> x{0};
          other = thread([&] {
            x.store(1, memory_order_relaxed);
            done.store(1, order);
          });
          spin_until(done, [](int v) { return v == 1; }, memory_order_acquire);
        }
        other.join();
      };
    };
    for (const strategy s : {strategy::random, strategy::pct, strategy::pos}) {
      const report bad = explore(program(memory_order_relaxed), drawn(s, 5, 1));
      CPPUNIT_ASSERT(bad.verdict == verdict::bug);
      CPPUNIT_ASSERT(bad.error->kind == failure_kind::lifetime);
      const report good = explore(program(memory_order_release), drawn(s, 5, 1));
      CPPUNIT_ASSERT(good.verdict == verdict::limited && !good.error);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(direct_test);

}  // namespace
}  // namespace pawl::check::tests
