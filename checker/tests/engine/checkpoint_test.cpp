// A search that is interrupted and goes on visits what one without interruption does.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <pawl/check/checkpoint.hpp>

#include "../report/scratch_directory.hpp"
#include "oracle_run.hpp"
#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

void fails_late() {
  atomic<int> x{0};
  std::array<int, 6> before{};
  on_threads(6, [&](std::size_t i) { before[i] = x.fetch_add(1, memory_order_relaxed); });
  require(before != std::array{5, 3, 4, 1, 0, 2}, "not the other way round");
}

atomic<int> seen{0};  // Not in the memory of the model: its address differs between processes.

void waits_for_static_data() {
  atomic<int> x{0};
  on_threads(5, [&](std::size_t i) {
    if (i < 2)
      seen.store(1, memory_order_relaxed);
    else if (i == 2)
      spin_until(seen, [](int v) { return v != 0; }, memory_order_acquire);
    else
      x.fetch_add(1, memory_order_relaxed);
  });
}

// The stores that nothing orders come first, the wait long after them.
void unordered_stores_before_waits() {
  atomic<int> flag{0};
  const unsigned part = choose(500u);
  on_threads(2, [&](std::size_t i) {
    if (part == 400 && i == 0)
      spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
    else if (part == 100 || (part == 400 && i == 1))
      flag.store(1, memory_order_release);
  });
}

void one_store() {
  atomic<int> x{0};
  on_threads(6, [&](std::size_t) { x.fetch_add(2, memory_order_relaxed); });
}

std::string content(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void replace(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// Runs until nothing is left, each time for so many executions.
template <class Steps>
report in_pieces(void (*program)(), options o, Steps steps, unsigned& runs) {
  for (runs = 1;; ++runs) {
    o.executions = steps();
    report r = explore(program, o);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(r.message, std::string(), r.message);
    if (r.verdict != verdict::limited) return r;
    CPPUNIT_ASSERT(runs < 100'000);
  }
}

class checkpoint_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(checkpoint_test);
  CPPUNIT_TEST(pieces_add_up_to_the_whole);
  CPPUNIT_TEST(pieces_of_random_programs_are_disjoint);
  CPPUNIT_TEST(pieces_within_bounds_add_up);
  CPPUNIT_TEST(pieces_of_a_part_add_up);
  CPPUNIT_TEST(what_was_learned_is_remembered);
  CPPUNIT_TEST(a_bug_is_found_later);
  CPPUNIT_TEST(a_search_that_is_done_is_remembered);
  CPPUNIT_TEST(each_search_has_an_entry);
  CPPUNIT_TEST(limits_are_those_of_the_run);
  CPPUNIT_TEST(refuses_other_programs_and_options);
  CPPUNIT_TEST(refuses_files_that_it_did_not_write);
  CPPUNIT_TEST(refuses_what_it_cannot_keep);
  CPPUNIT_TEST_SUITE_END();

  scratch_directory directory_;
  std::string file_ = directory_.file("search");

  void compare(void (*program)(), options o, unsigned parts) {
    const report at_once = explore(program, o);
    const std::string whole = totals(at_once);
    const std::uint64_t step = (at_once.complete + at_once.blocked) / parts + 1;
    o.checkpoint = file_;
    unsigned runs = 0;
    const report pieces = in_pieces(program, o, [&] { return step; }, runs);
    CPPUNIT_ASSERT(pieces.verdict == verdict::clean);
    CPPUNIT_ASSERT_EQUAL(whole, totals(pieces));
    CPPUNIT_ASSERT(runs > 1);
    std::filesystem::remove(file_);
  }

 public:
  void pieces_add_up_to_the_whole() {
    for (void (*const program)() : {waits, threads_that_depend_on_the_execution,
                                    waits_for_static_data, unordered_stores_before_waits})
      for (const memory_model m : models)
        for (const snapshot_use s : {snapshot_use::never, snapshot_use::automatic})
          for (const unsigned parts : {2u, 9u})
            compare(program, {.memory_model = m, .snapshots = s}, parts);
    compare(spins_late, {}, 10);
    compare(waits, {.unblocking = false}, 5);
  }

  void pieces_of_random_programs_are_disjoint() {
    const oracle::shape shape{.threads = 4, .operations = 10};
    for_random_programs("checkpoints", shape, 60, [&](const oracle::program& p) -> std::string {
      options o;
      const explored whole = explore_program(p, o);
      o.checkpoint = file_;
      std::filesystem::remove(file_);
      std::minstd_rand random(static_cast<unsigned>(whole.complete_count + 1));
      explored sum;
      for (;;) {
        o.executions = 1 + random() % (1 + (whole.complete_count + whole.wasted) / 3);
        explored piece = explore_program(p, o);
        if (!piece.error.empty() || piece.end == verdict::refused) return "refused " + piece.error;
        if (piece.resumed == 0) sum = {};  // It began anew.
        sum.complete.merge(piece.complete);
        sum.blocked.merge(piece.blocked);
        sum.complete_count += piece.complete_count;
        sum.blocked_count += piece.blocked_count;
        sum.wasted += piece.wasted;
        if (piece.end == verdict::clean) break;
      }
      if (sum.complete != whole.complete || sum.blocked != whole.blocked) return "other graphs";
      if (sum.duplicates() != 0) return "a graph in two pieces";
      return sum.wasted == whole.wasted ? "" : "other executions that are blocked";
    });
  }

  void pieces_within_bounds_add_up() {
    compare(waits, {.memory_model = memory_model::sc, .preemptions = 2}, 4);
    compare(waits, {.weak_cas_fails = 1}, 4);
  }

  void pieces_of_a_part_add_up() {
    for (unsigned i = 1; i <= 3; ++i)
      for (void (*const program)() : {increments, spins_late})
        compare(program, {.shard = shard{i, 3}}, 3);
  }

  // Else the wait, after the interruption, would not meet the stores before it.
  void what_was_learned_is_remembered() {
    options o{.executions = 300, .checkpoint = file_};
    CPPUNIT_ASSERT(explore(unordered_stores_before_waits, o).verdict == verdict::limited);
    o.executions = 0;
    const report last = explore(unordered_stores_before_waits, o);
    CPPUNIT_ASSERT_EQUAL(totals(explore(unordered_stores_before_waits)), totals(last));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, last.resumed);  // It began anew.
  }

  void a_bug_is_found_later() {
    unsigned runs = 0;
    const report r =
        in_pieces(fails_late, {.checkpoint = file_}, [] { return std::uint64_t{40}; }, runs);
    CPPUNIT_ASSERT(r.verdict == verdict::bug && runs > 1);
    CPPUNIT_ASSERT_EQUAL(explore(fails_late).complete, r.complete);
    options again;
    again.replay = r.error.value().token;
    CPPUNIT_ASSERT_EQUAL(r.error->sentence, explore(fails_late, again).error.value().sentence);
  }

  void a_search_that_is_done_is_remembered() {
    const options o{.checkpoint = file_};
    const report first = explore(increments, o), second = explore(increments, o);
    CPPUNIT_ASSERT(second.verdict == verdict::clean);
    CPPUNIT_ASSERT_EQUAL(totals(first), totals(second));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5040}, second.resumed);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, first.resumed);
    CPPUNIT_ASSERT(!holds_unfinished(file_));
  }

  void each_search_has_an_entry() {
    options a{.executions = 10, .checkpoint = file_, .model = "a"}, b = a, c = a;
    b.model = "b";
    c.memory_model = memory_model::sc;
    for (const options& o : {a, b, c, a, a}) CPPUNIT_ASSERT(explore(waits, o).ok());
    CPPUNIT_ASSERT(holds_unfinished(file_));
    for (const auto& [o, resumed] : {std::pair{a, 30u}, {b, 10u}, {c, 10u}})
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{resumed}, explore(waits, o).resumed);
  }

  void limits_are_those_of_the_run() {
    const options o{.executions = 10, .checkpoint = file_};
    for (const std::uint64_t all : {10, 20, 30}) {
      std::uint64_t told = 0;
      const report r = explore(increments, o, [&](const progress& p) {
        told = p.complete;
        return true;
      });
      CPPUNIT_ASSERT_EQUAL(all, r.complete);
      CPPUNIT_ASSERT(told > all - 10);
    }
  }

  void refuses_other_programs_and_options() {
    const options o{.executions = 10, .checkpoint = file_, .model = "m"};
    CPPUNIT_ASSERT(explore(increments, o).verdict == verdict::limited);
    const std::string before = content(file_);
    const auto refusal = [&](void (*program)(), const options& other) {
      const report r = explore(program, other);
      CPPUNIT_ASSERT(r.verdict == verdict::refused);
      CPPUNIT_ASSERT_EQUAL(before, content(file_));
      return r.message.substr(("--checkpoint " + file_ + ": ").size());
    };
    const auto made_with = [](std::string_view what) {
      return fmt::format(
          "the search of 'm' in the file was made with {}; give the options it was "
          "made with, or name another file",
          what);
    };
    CPPUNIT_ASSERT_EQUAL(std::string("the search in the file is that of another version of 'm'; "
                                     "remove the file, or name another one"),
                         refusal(one_store, o));
    options other = o;
    other.weak_cas_fails = 2;
    CPPUNIT_ASSERT_EQUAL(made_with("--weak-cas-fails 0, not 2"), refusal(increments, other));
    other = o;
    other.unblocking = false;
    CPPUNIT_ASSERT_EQUAL(made_with("--no-unblocking false, not true"), refusal(increments, other));
    other = o;
    other.shard = shard{2, 3};
    CPPUNIT_ASSERT_EQUAL(made_with("--shard none, not 2/3"), refusal(increments, other));
    other = o;
    other.bounds.events = 9;
    CPPUNIT_ASSERT_EQUAL(made_with("bound of events 4096, not 9"), refusal(increments, other));
  }

  void refuses_files_that_it_did_not_write() {
    const options o{.executions = 10, .checkpoint = file_};
    CPPUNIT_ASSERT(explore(increments, o).verdict == verdict::limited);
    const std::string good = content(file_);
    std::string changed = good;
    changed[changed.find("\"path\":[") + 8] = '9';
    for (const std::string& bad : {std::string(), std::string("{}"), std::string("my notes\n"),
                                   good.substr(0, good.size() / 2), changed}) {
      replace(file_, bad);
      const report r = explore(increments, o);
      CPPUNIT_ASSERT(r.verdict == verdict::refused);
      CPPUNIT_ASSERT_MESSAGE(r.message, r.message.starts_with("--checkpoint " + file_));
      CPPUNIT_ASSERT_EQUAL(bad, content(file_));
    }
    options nowhere = o;
    nowhere.checkpoint = directory_.file("missing/file");
    CPPUNIT_ASSERT(explore(increments, nowhere).verdict == verdict::refused);
  }

  void refuses_what_it_cannot_keep() {
    for (const options& o :
         {options{.strategy = strategy::random, .executions = 5, .checkpoint = file_},
          options{.jobs = 2, .checkpoint = file_}, options{.stall = true, .checkpoint = file_},
          options{.estimate = true, .checkpoint = file_}})
      CPPUNIT_ASSERT(explore(increments, o).verdict == verdict::refused);
    CPPUNIT_ASSERT(!std::filesystem::exists(file_));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(checkpoint_test);

}  // namespace
}  // namespace pawl::check::tests
