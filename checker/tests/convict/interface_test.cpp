// Programs that break the rules of the checker itself: repeatability, limits, interfaces.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

class interface_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(interface_test);
  CPPUNIT_TEST(other_value_on_replay);
  CPPUNIT_TEST(other_operation_on_replay);
  CPPUNIT_TEST(missing_operation_on_replay);
  CPPUNIT_TEST(addresses_are_repeatable);
  CPPUNIT_TEST(too_many_threads);
  CPPUNIT_TEST(too_many_threads_for_the_engine);
  CPPUNIT_TEST(too_many_events);
  CPPUNIT_TEST(unbounded_loop);
  CPPUNIT_TEST(too_much_memory);
  CPPUNIT_TEST(stack_overflow);
  CPPUNIT_TEST(join_twice);
  CPPUNIT_TEST(joinable_thread_destroyed);
  CPPUNIT_TEST(choice_among_nothing);
  CPPUNIT_TEST(search_goes_on_after_a_bug);
  CPPUNIT_TEST(exploration_in_an_execution);
  CPPUNIT_TEST(more_events_than_can_be_counted);
  CPPUNIT_TEST(no_memory_for_the_engine);
  CPPUNIT_TEST(exit_of_the_process);
  CPPUNIT_TEST(handlers_of_the_host_act_outside_of_models);
  CPPUNIT_TEST(token_of_a_program_that_was_mended);
  CPPUNIT_TEST(token_of_a_program_with_another_value);
  CPPUNIT_TEST(rows_that_a_replay_has);
  CPPUNIT_TEST(options_that_contradict_each_other);
  CPPUNIT_TEST(loops_around_weak_exchanges_end);
  CPPUNIT_TEST(weak_exchanges_fail_wherever_they_read);
  CPPUNIT_TEST(other_operand_on_replay);
  CPPUNIT_TEST(other_order_on_replay);
  CPPUNIT_TEST_SUITE_END();

  // Addresses of this process, in bytes.
  static std::size_t in_use() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * 4096;
  }

  // Replays the token of a failure of `broken` in `other`, which must refuse it.
  static void refuse_token(const std::function<void()>& broken,
                           const std::function<void()>& other) {
    options o;
    o.replay = explore(broken).error.value().token;
    const report r = explore(other, o);
    CPPUNIT_ASSERT_EQUAL(std::string(to_string(verdict::refused)),
                         std::string(to_string(r.verdict)));
    CPPUNIT_ASSERT(!r.message.empty());
  }

  // Explores programs that depend on how often they have run. Not drawn at random: that never
  // repeats an execution.
  static void convict_of_nondeterminism(const std::function<void(int run, atomic<int>&)>& body) {
    int runs = 0;
    const report r = explore([&] {
      const int run = ++runs;
      atomic<int> x{0};
      thread a([&] { body(run, x); });
      (void)x.load(memory_order_relaxed);
      (void)x.load(memory_order_relaxed);
      a.join();
    });
    CPPUNIT_ASSERT(r.error.has_value());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(r.error->sentence, std::string("nondeterminism"),
                                 std::string(to_string(r.error->kind)));
  }

 public:
  void other_value_on_replay() {
    convict_of_nondeterminism([](int run, atomic<int>& x) { x.store(run, memory_order_relaxed); });
    acquit_always([] {
      atomic<int> x{0};
      thread a([&] { x.store(static_cast<int>(choose(2)), memory_order_relaxed); });
      (void)x.load(memory_order_relaxed);
      a.join();
    });
  }

  void other_operation_on_replay() {
    convict_of_nondeterminism([](int run, atomic<int>& x) {
      if (run % 2 == 1) {
        x.store(1, memory_order_relaxed);
      } else {
        x.fetch_add(1, memory_order_relaxed);
      }
    });
  }

  void missing_operation_on_replay() {
    convict_of_nondeterminism([](int run, atomic<int>& x) {
      if (run == 1) x.store(1, memory_order_relaxed);
    });
  }

  // Pointers, stored and compared, are the same whenever the program is repeated.
  void addresses_are_repeatable() {
    acquit_always([] {
      atomic<void*> shared{nullptr};
      const auto race = [&] {
        const std::unique_ptr<int> mine(new int(0));
        int local = 0;
        shared.store(mine.get(), memory_order_relaxed);
        shared.store(&local, memory_order_relaxed);
      };
      thread a(race), b(race);
      a.join();
      b.join();
    });
  }

  static void start(unsigned threads) {
    std::vector<thread> started;
    for (unsigned i = 0; i < threads; ++i) started.emplace_back([] {});
    for (thread& t : started) t.join();
  }

  void too_many_threads() {
    const options three{.bounds = {.threads = 3}};
    convict_always(failure_kind::limit, "3 threads", [] { start(3); }, three);
    acquit_always([] { start(2); }, three);
  }

  void too_many_threads_for_the_engine() {
    convict(failure_kind::limit, "32 threads", [] { start(32); });
    acquit([] { start(31); });
  }

  void too_many_events() {
    const auto program = [](unsigned n) {
      atomic<int> x{0};
      for (unsigned i = 0; i < n; ++i) x.store(1, memory_order_relaxed);
    };
    const options ten{.bounds = {.events = 10}};
    convict_always(failure_kind::limit, "10 events", [=] { program(11); }, ten);
    acquit_always([=] { program(9); }, ten);
  }

  void unbounded_loop() {
    convict(failure_kind::limit, "raise bounds.events", [] {
      atomic<bool> never{false};
      atomic<unsigned> looks{0};
      while (!never.load(memory_order_relaxed)) looks.fetch_add(1, memory_order_relaxed);
    });
  }

  void too_much_memory() {
    convict(failure_kind::limit, "MiB", [] { ::operator delete(::operator new(1u << 30)); });
  }

  // Every frame is needed: its address escapes.
  static int descend(int depth) {
    volatile char frame[1024];
    frame[0] = static_cast<char>(depth);
    return depth == 1'000'000 ? 0 : descend(depth + 1) + frame[0];
  }

  void stack_overflow() {
    convict(failure_kind::limit, "stack", [] { (void)descend(0); });
  }

  void join_twice() {
    const auto program = [](unsigned joins) {
      thread a([] {});
      for (unsigned i = 0; i < joins; ++i) a.join();
    };
    convict_always(failure_kind::misuse, "not joinable", [=] { program(2); });
    acquit_always([=] { program(1); });
  }

  void joinable_thread_destroyed() {
    convict_always(failure_kind::misuse, "joinable", [] { const thread a([] {}); });
    acquit_always([] { thread([] {}).detach(); });
  }

  void choice_among_nothing() {
    convict_always(failure_kind::misuse, "choose(0)", [] { (void)choose(0); });
  }

  // A bug ends one exploration and spoils nothing of the next, within a program that has objects
  // outside of it.
  void search_goes_on_after_a_bug() {
    atomic<int> x{3};
    for (int i = 0; i < 3; ++i) {
      convict_always(failure_kind::assertion, "x is 4", [&] {
        require(x.load(memory_order_relaxed) == 3, "x is 3");
        x.store(4, memory_order_relaxed);
        require(x.load(memory_order_relaxed) != 4, "x is 4");
      });
    }
    CPPUNIT_ASSERT_EQUAL(3, x.load(memory_order_relaxed));
  }

  void exploration_in_an_execution() {
    convict(failure_kind::misuse, "explore()", [] { (void)explore([] {}); });
  }

  void more_events_than_can_be_counted() {
    options o;
    o.bounds.events = 32'767;
    const report r = explore([] {}, o);
    CPPUNIT_ASSERT(r.verdict == verdict::refused);
    CPPUNIT_ASSERT(r.message.find("32767") != std::string::npos);
    o.bounds.events = 32'766;
    acquit([] {}, o);
  }

  void exit_of_the_process() {
    for (int i = 0; i < 2; ++i) convict(failure_kind::crash, "exit()", [] { std::exit(0); });
  }

  // A limit is no fault of the program, which sees nothing of it.
  void no_memory_for_the_engine() {
    rlimit former{};
    getrlimit(RLIMIT_AS, &former);
    for (const int threads : {1, 3}) {
      const rlimit tight{in_use() + threads * (std::size_t{70} << 20), former.rlim_max};
      setrlimit(RLIMIT_AS, &tight);
      const report r = explore([] {
        atomic<int> x{0};
        std::array<thread, 4> some;
        for (thread& t : some) t = thread([&] { x.fetch_add(1); });
        for (thread& t : some) t.join();
      });
      setrlimit(RLIMIT_AS, &former);
      CPPUNIT_ASSERT_EQUAL(std::string_view("limited"), to_string(r.verdict));
      CPPUNIT_ASSERT(r.message.find("ulimit -v") != std::string::npos);
    }
  }

  void handlers_of_the_host_act_outside_of_models() {
    static volatile std::sig_atomic_t handled;
    handled = 0;
    const auto former = std::signal(SIGFPE, [](int) { handled = handled + 1; });
    const auto watch = [](const progress&) { return std::raise(SIGFPE) == 0; };
    const report r = explore([] { atomic<int> x{0}; }, {}, watch);
    CPPUNIT_ASSERT(std::signal(SIGFPE, former) != SIG_DFL);
    CPPUNIT_ASSERT(handled > 0);
    CPPUNIT_ASSERT(r.verdict == verdict::clean);
  }

  void token_of_a_program_that_was_mended() {
    const auto program = [](memory_order publishing) {
      cell<int> data{0};
      atomic<int> flag{0};
      thread writer([&] {
        data.write(1);
        flag.store(1, publishing);
      });
      if (flag.load(memory_order_acquire) == 1) (void)data.read();
      writer.join();
    };
    refuse_token([=] { program(memory_order_relaxed); }, [=] { program(memory_order_release); });
  }

  void token_of_a_program_with_another_value() {
    const auto program = [](int value) {
      atomic<int> x{0};
      thread a([&] { x.store(value, memory_order_relaxed); });
      const int seen = x.load(memory_order_relaxed);
      a.join();
      require(seen == 0);
    };
    refuse_token([=] { program(1); }, [=] { program(2); });
  }

  static inline volatile std::sig_atomic_t stops = 0;

  // Accesses to other plain data are no rows of the failure, so they do not count.
  void rows_that_a_replay_has() {
    const auto program = [] {
      cell<int> data{0}, other{0};
      atomic<int> flag{0};
      thread writer([&] {
        for (int i = 0; i < 5; ++i) other.write(i);
        data.write(1);
        flag.store(1, memory_order_relaxed);
      });
      if (flag.load(memory_order_acquire) == 1) (void)data.read();
      writer.join();
    };
    const failure f = explore(program).error.value();
    options again;
    again.replay = f.token;
    const auto former = std::signal(SIGTRAP, [](int) { stops = stops + 1; });
    for (again.stop_at = 1; again.stop_at <= f.steps.size(); ++again.stop_at) {
      stops = 0;
      CPPUNIT_ASSERT(explore(program, again).verdict == verdict::bug);
      CPPUNIT_ASSERT_EQUAL(1, static_cast<int>(stops));
    }
    stops = 0;
    const report beyond = explore(program, again);
    std::signal(SIGTRAP, former);
    CPPUNIT_ASSERT_EQUAL(0, static_cast<int>(stops));
    CPPUNIT_ASSERT(beyond.verdict == verdict::refused && !beyond.error);
    CPPUNIT_ASSERT_EQUAL(fmt::format("--stop-at {}: the replay has only {} rows",
                                     f.steps.size() + 1, f.steps.size()),
                         beyond.message);
  }

  void options_that_contradict_each_other() {
    const report row = explore([] {}, {.stop_at = 3});
    CPPUNIT_ASSERT(row.verdict == verdict::refused);
    CPPUNIT_ASSERT_EQUAL(std::string("--stop-at 3: only a replay has rows"), row.message);
    const report drawn =
        explore([] {}, {.strategy = strategy::random, .executions = 9, .stall = true});
    CPPUNIT_ASSERT(drawn.verdict == verdict::refused);
    CPPUNIT_ASSERT_MESSAGE(drawn.message, drawn.message.starts_with("--stall stops threads at"));
  }

  // Of n attempts that a thread may lose for no reason, it loses 0, 1, … or all.
  void loops_around_weak_exchanges_end() {
    const auto add = [](atomic<int>& x) {
      int seen = x.load(memory_order_relaxed), attempts = 1;
      while (!x.compare_exchange_weak(seen, seen + 1, memory_order_relaxed)) ++attempts;
      return attempts;
    };
    for (const unsigned n : {0u, 1u, 2u, 5u}) {
      int most = 0;
      const report r = explore(
          [&] {
            atomic<int> x{0};
            most = std::max(most, add(x));
          },
          {.weak_cas_fails = n});
      CPPUNIT_ASSERT(r.verdict == verdict::clean);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{n} + 1, r.complete);
      CPPUNIT_ASSERT_EQUAL(static_cast<int>(n) + 1, most);
    }
    const auto two = [&] {
      atomic<int> x{0};
      thread a([&] { add(x); }), b([&] { add(x); });
      a.join();
      b.join();
      require(x.load(memory_order_relaxed) == 2, "both count");
    };
    acquit_always(two, {.weak_cas_fails = 2});
    convict_always(failure_kind::assertion, "at the first attempt",
                   [&] {
                     atomic<int> x{0};
                     require(add(x) == 1, "at the first attempt");
                   },
                   {.weak_cas_fails = 3});
  }

  // A compare-exchange of a thread that may fail spuriously so often, and one that chooses instead
  // to look only, and then must have seen the value.
  class weak_exchange {
   public:
    explicit weak_exchange(bool by_choice) : by_choice_(by_choice) {}

    int operator()(atomic<int>& x, int expected, int desired) {
      int seen = expected;
      if (by_choice_ && left_ > 0 && choose(2) == 1) {
        --left_;
        seen = x.load(memory_order_relaxed);
        assume(seen == expected);
        return 2;
      }
      const bool done = by_choice_ ? x.compare_exchange_strong(seen, desired, memory_order_relaxed)
                                   : x.compare_exchange_weak(seen, desired, memory_order_relaxed);
      return done ? 1 : seen == expected ? 2 : seen * 10;
    }

   private:
    bool by_choice_;
    int left_ = 1;
  };

  // What the threads saw, in all executions, with threads 0, 1, 2 started in this order.
  static std::multiset<std::array<int, 5>> seen_by_exchanges(std::array<int, 3> order,
                                                             bool by_choice, memory_model m) {
    std::multiset<std::array<int, 5>> all;
    const report r = explore(
        [&] {
          atomic<int> x{0};
          std::array<int, 5> seen{};
          const auto run = [&](int which) {
            weak_exchange exchange(by_choice);
            if (which == 0) seen[0] = exchange(x, 0, 1), seen[1] = exchange(x, 1, 2);
            if (which == 1) seen[2] = exchange(x, 1, 3), seen[3] = exchange(x, 1, 0);
            if (which == 2) x.store(1, memory_order_relaxed);
          };
          thread a([&] { run(order[0]); }), b([&] { run(order[1]); }), c([&] { run(order[2]); });
          a.join();
          b.join();
          c.join();
          seen[4] = x.load(memory_order_relaxed);
          const unmodelled outside;
          all.insert(seen);
        },
        {.memory_model = m, .weak_cas_fails = by_choice ? 0u : 1u});
    CPPUNIT_ASSERT(r.verdict == verdict::clean);
    CPPUNIT_ASSERT_EQUAL(r.complete, std::uint64_t{all.size()});
    return all;
  }

  void weak_exchanges_fail_wherever_they_read() {
    for (const memory_model m : {memory_model::rc11, memory_model::sc}) {
      std::array<int, 3> order{0, 1, 2};
      const auto expected = seen_by_exchanges(order, true, m);
      do CPPUNIT_ASSERT(expected == seen_by_exchanges(order, false, m));
      while (std::next_permutation(order.begin(), order.end()));
    }
  }

  void other_operand_on_replay() {
    convict_of_nondeterminism(
        [](int run, atomic<int>& x) { x.fetch_add(run, memory_order_relaxed); });
  }

  void other_order_on_replay() {
    convict_of_nondeterminism([](int run, atomic<int>& x) {
      x.store(1, run == 1 ? memory_order_relaxed : memory_order_release);
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(interface_test);

}  // namespace
}  // namespace pawl::check::tests
