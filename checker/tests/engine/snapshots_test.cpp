// Programs that keep state where snapshots do not hold it: what they do must be told as if every
// execution began anew.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

namespace pawl::check::tests {
namespace {

// Branches on one thread and another's store, so that runs go on from in between.
int several_branches(atomic<int>& x) {
  const int seen = x.load(memory_order_relaxed);
  return seen + 2 * static_cast<int>(choose(3)) + 6 * static_cast<int>(choose(3));
}

// Calls before(), branches, and calls after().
template <class Before, class After>
void around_branches(Before before, After after) {
  before();
  atomic<int> x{0};
  thread w([&] { x.store(1, memory_order_relaxed); });
  static_cast<void>(several_branches(x));
  after();
  w.join();
}

int phase = 0;

void resets_static_data() {  // To the value that it has at the end of the run before.
  around_branches([] { phase = 0; },
                  [] {
                    require(phase == 0, "reset");
                    phase = 1;
                  });
}

void balances_static_data() {
  around_branches([] { ++phase; },
                  [] {
                    require(phase == 1, "balanced");
                    --phase;
                  });
}

void sums_up_in_static_data() {
  around_branches([] { phase = 0; }, [] { require(++phase == 1, "sum"); });
}

// One execution of a thousand writes.
void rarely_writes_static_data() {
  std::uint32_t bits = 0;
  for (int i = 0; i < 10; ++i) bits = bits * 2 + choose(2);
  if (bits != 700) return;
  sums_up_in_static_data();
}

// What one execution leaves decides about another one.
void fails_by_static_data() {
  phase = 0;
  atomic<int> x{0};
  thread w([&] { x.store(1, memory_order_relaxed); });
  const int seen = x.load(memory_order_relaxed);
  const unsigned a = choose(2), b = choose(4);
  if (seen == 1 && a == 0) phase = 7;
  if (seen == 1 && a == 1 && b == 3) require(phase == 7, "the phase is 7");
  phase = 7;
  w.join();
}

thread_local int level = 0;

void writes_thread_local_data() {
  around_branches([] { level = 0; }, [] { require(++level == 1, "level"); });
}

int* const older_memory = new int{0};

void writes_to_older_memory() {
  around_branches([] { *older_memory = 0; }, [] { require(++*older_memory == 1, "older memory"); });
}

void calls_malloc() {
  char* text = nullptr;
  around_branches(
      [&] {
        text = static_cast<char*>(std::malloc(100));
        std::strcpy(text, "hello");
      },
      [&] {
        require(std::strcmp(text, "hello") == 0, "greeting");
        std::free(text);
      });
}

void keeps_an_exception() {
  std::exception_ptr kept;
  around_branches(
      [&] {
        try {
          throw std::out_of_range("far");
        } catch (const std::out_of_range&) {
          kept = std::current_exception();
        }
      },
      [&] {
        bool same = false;
        try {
          std::rethrow_exception(kept);
        } catch (const std::out_of_range& e) {
          same = std::string_view(e.what()) == "far";
        }
        require(same, "rethrown");
        kept = nullptr;
      });
}

constexpr void (*right[])() = {resets_static_data,
                               balances_static_data,
                               sums_up_in_static_data,
                               rarely_writes_static_data,
                               writes_thread_local_data,
                               writes_to_older_memory,
                               calls_malloc,
                               keeps_an_exception};

class snapshots_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(snapshots_test);
  CPPUNIT_TEST(state_elsewhere_raises_no_false_alarm);
  CPPUNIT_TEST(state_elsewhere_hides_no_bug);
  CPPUNIT_TEST(static_data_can_be_written_afterwards);
  CPPUNIT_TEST_SUITE_END();

  static std::string totals(const report& r) {
    return fmt::format("{}: {} complete, {} blocked{}", to_string(r.verdict), r.complete, r.blocked,
                       r.error ? ", " + r.error->sentence : "");
  }

 public:
  void state_elsewhere_raises_no_false_alarm() {
    for (std::size_t i = 0; i < std::size(right); ++i) {
      const std::string anew = totals(explore(right[i], {.snapshots = snapshot_use::never}));
      for (const unsigned jobs : {1u, 2u, 3u})
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            fmt::format("program {}, {} jobs", i, jobs), anew,
            totals(explore(right[i], {.jobs = jobs, .snapshots = snapshot_use::automatic})));
    }
  }

  void state_elsewhere_hides_no_bug() {
    for (const unsigned jobs : {1u, 2u}) {
      const report r =
          explore(fails_by_static_data, {.jobs = jobs, .snapshots = snapshot_use::automatic});
      CPPUNIT_ASSERT_EQUAL(std::string_view("bug"), to_string(r.verdict));
      CPPUNIT_ASSERT(r.error->sentence.starts_with("the phase is 7"));
      CPPUNIT_ASSERT(!r.error->token.empty());
    }
  }

  void static_data_can_be_written_afterwards() {
    const report r = explore(
        [] {
          atomic<int> x{0};
          several_branches(x);
        },
        {.snapshots = snapshot_use::automatic});
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, r.complete);
    phase = 5;
    CPPUNIT_ASSERT_EQUAL(5, phase);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(snapshots_test);

}  // namespace
}  // namespace pawl::check::tests
