// Latches and barriers have no more executions than what they do differs in, and the outcomes of a
// barrier that is made of atomics.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>
#include <pawl/check/sync/barrier.hpp>
#include <pawl/check/sync/latch.hpp>

#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

// A barrier without reduction.
class barrier_of_atomics {
 public:
  explicit barrier_of_atomics(std::ptrdiff_t n) : expected_(static_cast<unsigned>(n)) {}
  unsigned arrive() { return arrived_.fetch_add(1, memory_order_release) / expected_; }
  void wait(unsigned phase) {
    spin_until(
        arrived_, [end = (phase + 1) * expected_](unsigned n) { return n >= end; },
        memory_order_acquire);
  }

 private:
  const unsigned expected_;
  atomic<unsigned> arrived_{0};
};

class modelled_barrier {
 public:
  explicit modelled_barrier(std::ptrdiff_t n) : barrier_(n) {}
  auto arrive() { return barrier_.arrive(); }
  void wait(barrier<>::arrival_token& token) { barrier_.wait(std::move(token)); }

 private:
  barrier<> barrier_;
};

// What threads do: l and s load and store, A arrives, W waits for the latest arrival.
struct script {
  std::ptrdiff_t expected = 0;
  std::vector<std::string> threads;
};

script random_script(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  script out;
  const unsigned threads = 2 + below(2), phases = 1 + below(2);
  const auto accesses = [&](std::string& to) {
    for (unsigned n = below(3); n > 0; --n) to += "lms"[below(3)];
  };
  for (unsigned t = 0; t < threads; ++t) {
    std::string& code = out.threads.emplace_back();
    for (unsigned p = 0; p < phases; ++p) {
      if (code.size() < 3) accesses(code);
      code += 'A';
      if (below(3) == 0 && code.size() < 4) accesses(code);
      if (below(8) != 0) code += 'W';
    }
    if (code.size() < 5) accesses(code);
  }
  out.expected = below(4) == 0 && threads > 2 ? 2 : threads;
  return out;
}

struct result {
  std::set<std::string> outcomes;
  std::uint64_t complete = 0;
  bool failed = false;
};

template <class Barrier>
result outcomes_of(const script& s, options o) {
  result out;
  const report r = explore(
      [&] {
        std::array<std::string, 3> seen;
        for (std::string& text : seen) {
          const unmodelled outside;
          text.reserve(64);
        }
        {
          Barrier meeting(s.expected);
          atomic<unsigned> x{0}, y{0};
          on_threads(s.threads.size(), [&](std::size_t t) {
            auto token = std::optional<decltype(meeting.arrive())>();
            unsigned n = 0;
            for (const char c : s.threads[t]) {
              ++n;
              if (c == 's')
                (n % 2 == 0 ? x : y).store(static_cast<unsigned>(t) + 1, memory_order_relaxed);
              if (c == 'l') seen[t] += static_cast<char>('0' + x.load(memory_order_relaxed));
              if (c == 'm') seen[t] += static_cast<char>('0' + y.load(memory_order_relaxed));
              if (c == 'A') token.emplace(meeting.arrive());
              if (c == 'W') meeting.wait(*token);
            }
          });
        }
        const unmodelled outside;
        out.outcomes.insert(seen[0] + "/" + seen[1] + "/" + seen[2]);
        for (std::string& text : seen) std::string().swap(text);
      },
      o);
  out.complete = r.complete;
  out.failed = r.verdict != verdict::clean;
  if (out.failed && r.error->kind != failure_kind::deadlock) CPPUNIT_FAIL(r.error->sentence);
  return out;
}

class arrivals_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(arrivals_test);
  CPPUNIT_TEST(threads_that_meet_have_one_execution);
  CPPUNIT_TEST(count_downs_have_one_execution);
  CPPUNIT_TEST(arrivals_are_not_ordered);
  CPPUNIT_TEST(surplus_arrivals_are_ordered);
  CPPUNIT_TEST(outcomes_are_those_of_atomics);
  CPPUNIT_TEST_SUITE_END();

  static void expect(std::uint64_t complete, const std::function<void()>& program,
                     bool blocks = false) {
    for (const memory_model m : models)
      for (const bool unblocking : {true, false}) {
        const report r = explore(
            program, {.memory_model = m,
                      .unblocking = unblocking,
                      .snapshots = unblocking ? snapshot_use::always : snapshot_use::never});
        const std::string what =
            fmt::format("{}: {}", to_string(m), r.error ? r.error->sentence : "");
        CPPUNIT_ASSERT_MESSAGE(what, r.verdict == verdict::clean);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, complete, r.complete);
        CPPUNIT_ASSERT_MESSAGE(what, blocks || r.blocked == 0);
      }
  }

 public:
  void threads_that_meet_have_one_execution() {
    for (const std::size_t n : {1u, 2u, 3u, 5u, 8u})
      for (const int rounds : {1, 3})
        expect(1, [=] {
          barrier b(static_cast<std::ptrdiff_t>(n));
          std::array<cell<int>, 8> done;
          on_threads(n, [&](std::size_t i) {
            for (int round = 1; round <= rounds; ++round) {
              done[i].write(round);
              b.arrive_and_wait();
              require(done[(i + 1) % n].read() == round);
              b.arrive_and_wait();
            }
          });
        });
  }

  void count_downs_have_one_execution() {
    for (const std::size_t n : {1u, 2u, 5u})
      expect(1, [=] {
        latch all(static_cast<std::ptrdiff_t>(2 * n));
        std::array<cell<int>, 8> done;
        on_threads(n + 1, [&](std::size_t i) {
          if (i < n) {
            done[i].write(1);
            all.count_down(2);
          } else {
            all.wait();
            for (std::size_t k = 0; k < n; ++k) require(done[k].read() == 1);
          }
        });
      });
  }

  // Each can see the other's store, and miss it, whatever the order of the arrivals.
  void arrivals_are_not_ordered() {
    for (const memory_model m : models) {
      const script s{2, {"sAmW", "AlsW"}};
      CPPUNIT_ASSERT(outcomes_of<modelled_barrier>(s, {.memory_model = m}).outcomes ==
                     outcomes_of<barrier_of_atomics>(s, {.memory_model = m}).outcomes);
    }
  }

  // Four threads, two at a time: who meets whom depends on the order, of which there are 24. Each
  // of the first two to arrive may see that their phase is over, or that one or two more came.
  void surplus_arrivals_are_ordered() {
    expect(
        24 * 9,
        [] {
          barrier b(2);
          on_threads(4, [&](std::size_t) { b.arrive_and_wait(); });
        },
        true);
  }

  void outcomes_are_those_of_atomics() {
    const std::uint64_t seed = from_environment("PAWL_SEED", std::random_device{}());
    const std::uint64_t n = from_environment("PAWL_AGREEMENT", 200);
    fmt::print("outcomes_are_those_of_atomics: seeds {} to {}\n", seed, seed + n - 1);
    unsigned compared = 0;
    for (std::uint64_t i = seed; i < seed + n; ++i) {
      const script s = random_script(i);
      for (const memory_model m : models) {
        const options o{.memory_model = m};
        const result reduced = outcomes_of<modelled_barrier>(s, o);
        const result all = outcomes_of<barrier_of_atomics>(s, o);
        const std::string what = fmt::format("PAWL_SEED={} under {}: {} expected, {}", i,
                                             to_string(m), s.expected, fmt::join(s.threads, " / "));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, all.failed, reduced.failed);
        if (all.failed) continue;
        ++compared;
        CPPUNIT_ASSERT_MESSAGE(what, all.outcomes == reduced.outcomes);
        CPPUNIT_ASSERT_MESSAGE(what, reduced.complete <= all.complete);
      }
    }
    CPPUNIT_ASSERT(n < 50 || compared > n);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(arrivals_test);

}  // namespace
}  // namespace pawl::check::tests
