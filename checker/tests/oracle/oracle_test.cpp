#include <algorithm>
#include <string>

#include <cppunit/extensions/HelperMacros.h>
#include <rapidcheck.h>

#include "enumerate.hpp"
#include "interleave.hpp"
#include "litmus.hpp"
#include "random_program.hpp"

using namespace pawl::oracle;

namespace {

expected_count count(const program& p, const memory_model& model) {
  const behaviours found = enumerate(p, model);
  return {found.complete.size(), found.blocked.size()};
}

std::string shown(expected_count c) {
  return std::to_string(c.complete) + " complete, " + std::to_string(c.blocked) + " blocked";
}

void check_count(const named_program& p, const memory_model& model, expected_count expected) {
  const expected_count found = count(p.code, model);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(p.name + " under " + std::string(model.name), shown(expected),
                               shown(found));
}

void check_counts(const std::vector<named_program>& programs) {
  CPPUNIT_ASSERT(!programs.empty());
  for (const named_program& p : programs) {
    if (!p.enumerable) continue;
    check_count(p, rc11, p.rc11);
    check_count(p, sc, p.sc);
  }
}

/// The strongest form of a program.
program all_seq_cst(program p) {
  for (thread& code : p.threads) {
    for (operation& o : code) o.order = o.failure_order = memory_order::seq_cst;
  }
  return p;
}

bool includes(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

class litmus_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(litmus_test);
  CPPUNIT_TEST(two_access_programs_have_their_exact_counts);
  CPPUNIT_TEST(contention_programs_have_their_exact_counts);
  CPPUNIT_TEST(blocking_programs_have_their_exact_counts);
  CPPUNIT_TEST(petersons_lock_needs_sequential_consistency);
  CPPUNIT_TEST(release_and_acquire_between_seq_cst_accesses_may_break_their_order);
  CPPUNIT_TEST_SUITE_END();

 public:
  void two_access_programs_have_their_exact_counts() { check_counts(litmus_tests()); }
  void contention_programs_have_their_exact_counts() { check_counts(contention_programs()); }
  void blocking_programs_have_their_exact_counts() { check_counts(blocking_programs()); }

  void petersons_lock_needs_sequential_consistency() {
    const auto violated = [](memory_order store, memory_order load, const memory_model& model) {
      const behaviours found = enumerate(peterson(store, load), model);
      return std::any_of(found.outcomes.begin(), found.outcomes.end(),
                         [](const std::string& o) { return o.ends_with("w=1 m4=1"); });
    };
    using enum memory_order;
    CPPUNIT_ASSERT(violated(relaxed, relaxed, rc11));
    CPPUNIT_ASSERT(violated(release, acquire, rc11));
    CPPUNIT_ASSERT(!violated(seq_cst, seq_cst, rc11));
    CPPUNIT_ASSERT(!violated(relaxed, relaxed, sc));
  }

  /// Z6.U of the paper: what separates RC11 from the original C11, which forbids this outcome.
  void release_and_acquire_between_seq_cst_accesses_may_break_their_order() {
    const std::string text =
        "store x 1 sc; store y 1 rel / r0 = fetch_add y 1 sc; r1 = load y / "
        "store y 3 sc; r0 = load x sc";
    const std::string weak = "t0 r0=0 r1=0 | t1 r0=1 r1=3 | t2 r0=0 r1=0 | x=1 y=3";
    CPPUNIT_ASSERT(enumerate(parse(text), rc11).outcomes.contains(weak));
    CPPUNIT_ASSERT(!enumerate(parse(text), sc).outcomes.contains(weak));
  }
};

class text_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(text_test);
  CPPUNIT_TEST(a_program_reads_back_as_printed);
  CPPUNIT_TEST(a_malformed_operation_is_quoted);
  CPPUNIT_TEST(canonical_graphs_and_outcomes_have_the_documented_form);
  CPPUNIT_TEST(a_blocked_graph_ends_in_a_blocked_line);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_program_reads_back_as_printed() {
    CPPUNIT_ASSERT(rc::check("parse(to_text(p)) == p", [] {
      const program p = *arbitrary_program();
      RC_ASSERT(parse(to_text(p)) == p);
    }));
    for (const named_program& p : all_programs()) {
      CPPUNIT_ASSERT_MESSAGE(p.name, parse(to_text(p.code)) == p.code);
    }
  }

  void a_malformed_operation_is_quoted() {
    for (const std::string bad : {"jump x", "load q", "store x", "store x one", "load x fast",
                                  "if x == 0 skip 1", "r0 = await x < 1", "fence sc sc"}) {
      try {
        parse("store x 1 / " + bad);
        CPPUNIT_FAIL("accepted: " + bad);
      } catch (const std::invalid_argument& error) {
        CPPUNIT_ASSERT_MESSAGE(error.what(),
                               std::string(error.what()).find(bad) != std::string::npos);
      }
    }
  }

  void canonical_graphs_and_outcomes_have_the_documented_form() {
    const behaviours found =
        enumerate(parse("store x 1 rel; fence sc / r1 = cas x 1 2 acq_rel acq"), rc11);
    CPPUNIT_ASSERT(found.complete == (std::set<std::string>{"0.0:W loc=0 rel w=1\n"
                                                            "0.1:F sc\n"
                                                            "1.0:R loc=0 acq r=0 rf=init\n"
                                                            "mo 0: 0.0\n",
                                                            "0.0:W loc=0 rel w=1\n"
                                                            "0.1:F sc\n"
                                                            "1.0:U loc=0 acq_rel r=1 w=2 rf=0.0\n"
                                                            "mo 0: 0.0 1.0\n"}));
    CPPUNIT_ASSERT(found.outcomes == (std::set<std::string>{"t0 r0=0 r1=0 | t1 r0=0 r1=0 | x=1",
                                                            "t0 r0=0 r1=0 | t1 r0=0 r1=1 | x=2"}));
    CPPUNIT_ASSERT(found.blocked.empty() && found.blocked_outcomes.empty());
  }

  void a_blocked_graph_ends_in_a_blocked_line() {
    const behaviours found = enumerate(parse("store x 2 / r0 = await y == 1 sc"), sc);
    CPPUNIT_ASSERT(found.complete.empty() && found.outcomes.empty());
    CPPUNIT_ASSERT(found.blocked == (std::set<std::string>{"0.0:W loc=0 rlx w=2\n"
                                                           "1.0:BLOCKED loc=1 rf=init\n"
                                                           "mo 0: 0.0\n"
                                                           "mo 1:\n"}));
    CPPUNIT_ASSERT(found.blocked_outcomes ==
                   (std::set<std::string>{"t0 r0=0 | t1 r0=0 | x=2 y=0"}));
  }
};

/// What must hold of every program, on random ones.
class enumeration_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(enumeration_test);
  CPPUNIT_TEST(sc_is_what_all_interleavings_do);
  CPPUNIT_TEST(tso_is_what_store_buffers_do);
  CPPUNIT_TEST(every_sc_graph_is_an_rc11_graph);
  CPPUNIT_TEST(ra_and_tso_lie_between);
  CPPUNIT_TEST(rc11_is_sc_if_every_order_is_seq_cst);
  CPPUNIT_TEST(weakening_an_order_loses_no_outcome);
  CPPUNIT_TEST(thread_numbers_do_not_matter);
  CPPUNIT_TEST(random_programs_reach_weak_and_blocked_behaviour);
  CPPUNIT_TEST(simplifying_ends_at_the_empty_program);
  CPPUNIT_TEST_SUITE_END();

 public:
  void sc_is_what_all_interleavings_do() {
    CPPUNIT_ASSERT(rc::check("sc enumeration and interleavings agree", [] {
      const program p = *arbitrary_program();
      RC_ASSERT(enumerate(p, sc) == interleave(p));
    }));
  }

  void tso_is_what_store_buffers_do() {
    CPPUNIT_ASSERT(rc::check("tso enumeration and a machine with store buffers agree", [] {
      const program p = *arbitrary_program();
      RC_ASSERT(enumerate(p, tso) == interleave(p, store_buffers::yes));
    }));
  }

  void ra_and_tso_lie_between() {
    CPPUNIT_ASSERT(rc::check("sc is stronger than tso, and rc11 than ra", [] {
      const program p = *arbitrary_program();
      RC_ASSERT(includes(enumerate(p, tso).complete, enumerate(p, sc).complete));
      RC_ASSERT(includes(enumerate(p, ra).complete, enumerate(p, rc11).complete));
    }));
  }

  void every_sc_graph_is_an_rc11_graph() {
    CPPUNIT_ASSERT(rc::check("sc is stronger than rc11", [] {
      const program p = *arbitrary_program();
      const behaviours strong = enumerate(p, sc);
      const behaviours weak = enumerate(p, rc11);
      RC_ASSERT(includes(weak.complete, strong.complete));
      RC_ASSERT(includes(weak.blocked, strong.blocked));
    }));
  }

  void rc11_is_sc_if_every_order_is_seq_cst() {
    CPPUNIT_ASSERT(rc::check("rc11 and sc agree on seq_cst programs", [] {
      const program p = all_seq_cst(*arbitrary_program());
      RC_ASSERT(enumerate(p, rc11) == enumerate(p, sc));
    }));
  }

  void weakening_an_order_loses_no_outcome() {
    CPPUNIT_ASSERT(rc::check("rc11 is monotone in the orders", [] {
      const program p = *arbitrary_program();
      const behaviours strong = enumerate(p, rc11);
      for (const program& weak : weakenings(p)) {
        const behaviours more = enumerate(weak, rc11);
        RC_ASSERT(includes(more.outcomes, strong.outcomes));
        RC_ASSERT(includes(more.blocked_outcomes, strong.blocked_outcomes));
        RC_ASSERT(more.complete.size() >= strong.complete.size());
        RC_ASSERT(more.blocked.size() >= strong.blocked.size());
      }
    }));
  }

  void thread_numbers_do_not_matter() {
    CPPUNIT_ASSERT(rc::check("the number of graphs survives rotating the threads", [] {
      program p = *arbitrary_program();
      const expected_count before = count(p, rc11);
      std::rotate(p.threads.begin(), p.threads.begin() + 1, p.threads.end());
      RC_ASSERT(count(p, rc11) == before);
    }));
  }

  /// Programs that can do nothing interesting would make the properties hold of nothing.
  void random_programs_reach_weak_and_blocked_behaviour() {
    constexpr int programs = 500;
    int weak = 0;
    int blocking = 0;
    for (std::uint64_t seed = 0; seed < programs; ++seed) {
      const program p = random_program(seed);
      CPPUNIT_ASSERT(p == random_program(seed));
      const behaviours found = enumerate(p, rc11);
      if (found != enumerate(p, sc)) ++weak;
      if (!found.blocked.empty() && !found.complete.empty()) ++blocking;
    }
    CPPUNIT_ASSERT(weak >= programs / 20);
    CPPUNIT_ASSERT(blocking >= programs / 40);
  }

  void simplifying_ends_at_the_empty_program() {
    CPPUNIT_ASSERT(rc::check("a chain of simplifications ends", [] {
      program p = *arbitrary_program();
      for (int steps = 0; !p.threads.empty(); ++steps) {
        RC_ASSERT(steps < 200);
        const std::vector<program> choices = simpler(p);
        p = choices[*rc::gen::inRange<std::size_t>(0, choices.size())];
      }
    }));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(litmus_test);
CPPUNIT_TEST_SUITE_REGISTRATION(text_test);
CPPUNIT_TEST_SUITE_REGISTRATION(enumeration_test);
