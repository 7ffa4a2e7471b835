// Threads that are declared identical are explored once up to permutation.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>

#include "enumerate.hpp"
#include "oracle_run.hpp"
#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

// The graph with its threads renamed: their numbers stand before dots. Lines of events are sorted.
std::string renamed(const std::string& graph, const std::vector<int>& to) {
  std::vector<std::string> events;
  std::string orders, line;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const bool names = std::isdigit(static_cast<unsigned char>(graph[i])) != 0 &&
                       i + 1 < graph.size() && graph[i + 1] == '.';
    const auto thread = static_cast<std::size_t>(graph[i] - '0');
    line += names && thread < to.size() ? static_cast<char>('0' + to[thread]) : graph[i];
    if (graph[i] != '\n') continue;
    if (line.starts_with("mo "))
      orders += line;
    else
      events.push_back(line);
    line.clear();
  }
  std::sort(events.begin(), events.end());
  std::string out;
  for (const std::string& e : events) out += e;
  return out + orders;
}

// The least of the graphs that one makes of it by exchanging the first `identical` threads.
std::string representative(const std::string& graph, std::size_t identical) {
  std::vector<int> to(identical);
  std::iota(to.begin(), to.end(), 0);
  std::string least = renamed(graph, to);
  while (std::next_permutation(to.begin(), to.end())) least = std::min(least, renamed(graph, to));
  return least;
}

std::set<std::string> representatives(const std::set<std::string>& graphs, std::size_t identical) {
  std::set<std::string> out;
  for (const std::string& g : graphs) out.insert(representative(g, identical));
  return out;
}

std::string compare(const oracle::program& p, std::size_t identical) {
  for (const memory_model m : models) {
    const auto expected = oracle::enumerate(p, axioms_of(m));
    for (const bool unblocking : {true, false}) {
      const explored e =
          explore_program(p,
                          {.memory_model = m,
                           .unblocking = unblocking,
                           .snapshots = unblocking ? snapshot_use::always : snapshot_use::never},
                          0, waiting::told, identical);
      const std::string how = fmt::format("{}, unblocking {}, {} identical", to_string(m),
                                          unblocking ? "on" : "off", identical);
      if (!e.error.empty()) return how + ": " + e.error;
      if (e.duplicates() != 0) return fmt::format("{}: {} duplicates", how, e.duplicates());
      const auto classes = representatives(expected.complete, identical);
      if (e.complete.size() != classes.size() || representatives(e.complete, identical) != classes)
        return fmt::format("{}: {} complete graphs, of {} in {} classes", how, e.complete.size(),
                           expected.complete.size(), classes.size());
      if (representatives(e.blocked, identical) != representatives(expected.blocked, identical))
        return how + ": other blocked graphs";
    }
  }
  return {};
}

std::uint64_t executions(const std::function<void()>& program, options o = {}) {
  const report r = explore(program, o);
  CPPUNIT_ASSERT_MESSAGE(r.error ? r.error->sentence : r.message, r.verdict == verdict::clean);
  CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, r.blocked);
  return r.complete;
}

class symmetry_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(symmetry_test);
  CPPUNIT_TEST(one_of_each_class_of_graphs);
  CPPUNIT_TEST(one_of_each_class_with_waits);
  CPPUNIT_TEST(known_counts);
  CPPUNIT_TEST(what_comes_before_a_lock);
  CPPUNIT_TEST(bugs_are_found);
  CPPUNIT_TEST(misuse);
  CPPUNIT_TEST_SUITE_END();

  static void check_random(std::string_view what, bool awaits, std::uint64_t programs) {
    for_random_programs(what, {.operations = 6, .awaits = awaits}, programs,
                        [&](const oracle::program& drawn) {
                          oracle::program p = drawn;
                          const std::size_t identical = 2 + p.threads.back().size() % 2;
                          while (p.threads[0].size() > 3) p.threads[0].pop_back();
                          if (identical == 3)
                            while (p.threads[0].size() > 2) p.threads[0].pop_back();
                          p.threads.resize(std::max<std::size_t>(identical, p.threads.size()));
                          for (std::size_t t = 1; t < identical; ++t) p.threads[t] = p.threads[0];
                          return compare(p, identical);
                        });
  }

 public:
  void one_of_each_class_of_graphs() { check_random("symmetry", false, 300); }
  void one_of_each_class_with_waits() { check_random("symmetry with waits", true, 300); }

  void known_counts() {
    const auto increments = [](std::size_t n) {
      return [=] {
        atomic<int> x{0};
        spawn_symmetric(n, [&] { x.fetch_add(1, memory_order_relaxed); }).join();
      };
    };
    const auto locks = [](std::size_t n) {
      return [=] {
        atomic<bool> held{false};
        cell<int> x{0};
        spawn_symmetric(n, [&] {
          spin_update(
              held, [](bool h) { return !h; }, [](bool) { return true; }, memory_order_acquire);
          x.write(x.read() + 1);
          held.store(false, memory_order_release);
        }).join();
        require(x.read() == static_cast<int>(n));
      };
    };
    // Each reader reads one of two values, and how many read which is all that matters.
    const auto readers = [](std::size_t n) {
      return [=] {
        atomic<int> x{0};
        thread writer([&] { x.store(1, memory_order_release); });
        spawn_symmetric(n, [&] { static_cast<void>(x.load(memory_order_acquire)); }).join();
        writer.join();
      };
    };
    for (const memory_model m : models)
      for (const std::size_t n : {1u, 2u, 3u, 5u}) {
        const options o{.memory_model = m};
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, executions(increments(n), o));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, executions(locks(n), o));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{n + 1}, executions(readers(n), o));
      }
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{120}, executions(increments(5), {.symmetry = false}));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, executions(locks(3), {.symmetry = false}));
  }

  // What threads read before they lock, in the order of locking, and what the first one reads.
  void what_comes_before_a_lock() {
    const auto outcomes = [](const options& o) {
      std::set<std::string> out;
      const report r = explore(
          [&] {
            atomic<bool> held{false};
            atomic<int> x{0};
            std::array<int, 3> read{};
            symmetric_threads twins(3, [&] {
              const int before = x.load(memory_order_relaxed);
              spin_update(
                  held, [](bool h) { return !h; }, [](bool) { return true; }, memory_order_acquire);
              read[static_cast<std::size_t>(x.fetch_add(1, memory_order_relaxed))] = before;
              held.exchange(false, memory_order_release);
            });
            const int seen = x.load(memory_order_relaxed);
            twins.join();
            const unmodelled outside;
            out.insert(fmt::format("{} {}{}{}", seen, read[0], read[1], read[2]));
          },
          o);
      CPPUNIT_ASSERT(r.verdict == verdict::clean);
      return out;
    };
    for (const memory_model m : models)
      CPPUNIT_ASSERT(outcomes({.memory_model = m}) ==
                     outcomes({.memory_model = m, .symmetry = false}));
  }

  // Whichever of the threads it takes.
  void bugs_are_found() {
    for (const memory_model m : models) {
      const report r = explore(
          [] {
            atomic<int> x{0}, seen{0};
            spawn_symmetric(3, [&] {
              const int before = x.load(memory_order_relaxed);
              x.store(before + 1, memory_order_relaxed);
              if (before == 1) seen.fetch_add(1, memory_order_relaxed);
            }).join();
            require(seen.load(memory_order_relaxed) < 2);
          },
          {.memory_model = m});
      CPPUNIT_ASSERT(r.verdict == verdict::bug);
      CPPUNIT_ASSERT(r.error->kind == failure_kind::assertion);
      CPPUNIT_ASSERT(!r.error->token.empty());
    }
  }

  void misuse() {
    const auto error = [](const std::function<void()>& program) {
      const report r = explore(program);
      CPPUNIT_ASSERT(r.verdict == verdict::bug);
      return r.error->sentence;
    };
    CPPUNIT_ASSERT(error([] { symmetric_threads forgotten(2, [] {}); }).find("not joined") !=
                   std::string::npos);
    CPPUNIT_ASSERT(error([] { spawn_symmetric(40, [] {}).join(); }).find("more threads") !=
                   std::string::npos);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(symmetry_test);

}  // namespace
}  // namespace pawl::check::tests
