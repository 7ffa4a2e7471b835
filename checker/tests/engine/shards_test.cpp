// Several processes explore what one does, each execution once, without knowing of each other.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

#include "oracle_run.hpp"
#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

void fails_once() {
  atomic<int> x{0};
  on_threads(7, [&](std::size_t i) {
    const int before = x.fetch_add(1, memory_order_relaxed);
    require(i != 0 || before != 6, "the first thread is not the last");
  });
}

void assumes_in_one_part() {
  atomic<int> x{0};
  on_threads(6, [&](std::size_t i) {
    const int before = x.fetch_add(1, memory_order_relaxed);
    assume(i != 0 || before == 5);
  });
}

report sum_of_parts(void (*program)(), options o, unsigned parts) {
  report sum;
  for (unsigned i = 1; i <= parts; ++i) {
    o.shard = shard{i, parts};
    const report r = explore(program, o);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(r.message, std::string(to_string(verdict::clean)),
                                 std::string(to_string(r.verdict)));
    sum.complete += r.complete;
    sum.blocked += r.blocked;
    sum.pruned += r.pruned;
  }
  return sum;
}

class shards_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(shards_test);
  CPPUNIT_TEST(parts_add_up_to_the_whole);
  CPPUNIT_TEST(parts_share_the_work);
  CPPUNIT_TEST(a_part_does_not_depend_on_workers);
  CPPUNIT_TEST(parts_within_a_bound_add_up);
  CPPUNIT_TEST(random_programs_add_up);
  CPPUNIT_TEST(a_bug_is_in_some_part);
  CPPUNIT_TEST(spinning_is_learned_where_it_happens);
  CPPUNIT_TEST(what_others_cannot_know_is_refused);
  CPPUNIT_TEST(one_part_does_not_judge_assumptions);
  CPPUNIT_TEST(refuses_what_it_cannot_divide);
  CPPUNIT_TEST_SUITE_END();

 public:
  void parts_add_up_to_the_whole() {
    for (void (*const program)() : {increments, waits, threads_that_depend_on_the_execution})
      for (const memory_model m : models) {
        const options o{.memory_model = m};
        const std::string whole = totals(explore(program, o));
        for (const unsigned parts : {1u, 2u, 3u, 7u})
          CPPUNIT_ASSERT_EQUAL(whole, totals(sum_of_parts(program, o, parts)));
      }
  }

  void parts_share_the_work() {
    for (unsigned i = 1; i <= 3; ++i)
      CPPUNIT_ASSERT(explore(increments, {.shard = shard{i, 3}}).complete > 5040 / 6);
  }

  void a_part_does_not_depend_on_workers() {
    for (unsigned i = 1; i <= 3; ++i) {
      const shard part{i, 3};
      const std::string alone = totals(explore(increments, {.shard = part}));
      for (const unsigned jobs : {1u, 2u, 3u})
        CPPUNIT_ASSERT_EQUAL(
            alone,
            totals(explore(increments,
                           {.jobs = jobs, .shard = part, .snapshots = snapshot_use::automatic})));
    }
  }

  void parts_within_a_bound_add_up() {
    const options o{.memory_model = memory_model::sc, .preemptions = 2};
    CPPUNIT_ASSERT_EQUAL(totals(explore(waits, o)), totals(sum_of_parts(waits, o, 4)));
  }

  void random_programs_add_up() {
    const oracle::shape shape{.threads = 4, .operations = 13, .locations = 2};
    constexpr std::uint64_t programs = 60;
    unsigned divided = 0;
    for_random_programs("shards", shape, programs, [&](const oracle::program& p) -> std::string {
      options o;
      const explored whole = explore_program(p, o);
      explored sum;
      for (unsigned i = 1; i <= 3; ++i) {
        o.shard = shard{i, 3};
        explored part = explore_program(p, o);
        if (!part.error.empty()) return part.error;
        if (part.end == verdict::refused) return {};  // See what_others_cannot_know_is_refused().
        divided += i == 2 && part.complete_count > 0 ? 1 : 0;
        sum.complete.merge(part.complete);
        sum.blocked.merge(part.blocked);
        sum.complete_count += part.complete_count;
        sum.blocked_count += part.blocked_count;
        sum.wasted += part.wasted;
      }
      if (sum.complete != whole.complete || sum.blocked != whole.blocked) return "other graphs";
      if (sum.duplicates() != 0) return "a graph in two parts";
      return sum.wasted == whole.wasted ? "" : "other executions that are blocked";
    });
    // The others are too small.
    CPPUNIT_ASSERT(divided > 0 || from_environment("PAWL_AGREEMENT", programs) < programs);
  }

  void a_bug_is_in_some_part() {
    unsigned bugs = 0;
    for (unsigned i = 1; i <= 5; ++i) {
      const report r = explore(fails_once, {.shard = shard{i, 5}});
      bugs += r.verdict == verdict::bug ? 1 : 0;
      if (!r.error) continue;
      options again;
      again.replay = r.error->token;
      CPPUNIT_ASSERT_EQUAL(r.error->sentence, explore(fails_once, again).error.value().sentence);
    }
    CPPUNIT_ASSERT(bugs > 0);
  }

  void spinning_is_learned_where_it_happens() {
    const std::string whole = totals(explore(spins_late));
    CPPUNIT_ASSERT_EQUAL(whole, totals(sum_of_parts(spins_late, {}, 3)));
  }

  void what_others_cannot_know_is_refused() {
    options o;
    unsigned refused = 0;
    for (unsigned i = 1; i <= 3; ++i) {
      o.shard = shard{i, 3};
      const report r = explore(waits_and_unordered_stores_apart, o);
      if (r.verdict == verdict::clean) continue;
      ++refused;
      CPPUNIT_ASSERT(r.verdict == verdict::refused);
      CPPUNIT_ASSERT_MESSAGE(r.message, r.message.ends_with("add --no-unblocking to the command of "
                                                            "every part"));
    }
    CPPUNIT_ASSERT_EQUAL(1u, refused);
    o.unblocking = false;
    o.shard.reset();
    const std::string whole = totals(explore(waits_and_unordered_stores_apart, o));
    CPPUNIT_ASSERT_EQUAL(whole, totals(sum_of_parts(waits_and_unordered_stores_apart, o, 3)));
  }

  void one_part_does_not_judge_assumptions() {
    const std::string whole = totals(explore(assumes_in_one_part));
    CPPUNIT_ASSERT_EQUAL(whole, totals(sum_of_parts(assumes_in_one_part, {}, 20)));
  }

  void refuses_what_it_cannot_divide() {
    const shard part{1, 2};
    for (const options& o :
         {options{.shard = shard{0, 2}}, options{.shard = shard{3, 2}},
          options{.strategy = strategy::random, .executions = 5, .shard = part},
          options{.shard = part, .stall = true}, options{.shard = part, .estimate = true}})
      CPPUNIT_ASSERT(explore(increments, o).verdict == verdict::refused);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(shards_test);

}  // namespace
}  // namespace pawl::check::tests
