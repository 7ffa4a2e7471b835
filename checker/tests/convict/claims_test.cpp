// Broken claims: a requirement that does not hold, an exception that leaves a thread, a crash.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

void run_out_of_luck() { throw std::runtime_error("out of luck"); }

class claims_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(claims_test);
  CPPUNIT_TEST(assertion_of_every_interleaving);
  CPPUNIT_TEST(assertion_of_one_interleaving);
  CPPUNIT_TEST(assertion_of_weak_memory_only);
  CPPUNIT_TEST(assumption_excludes_the_assertion);
  CPPUNIT_TEST(assumptions_exclude_everything);
  CPPUNIT_TEST(choice_reaches_the_assertion);
  CPPUNIT_TEST(exception_of_main);
  CPPUNIT_TEST(exception_of_a_thread);
  CPPUNIT_TEST(exception_that_is_no_std_exception);
  CPPUNIT_TEST(exception_of_one_interleaving);
  CPPUNIT_TEST(exceptions_caught);
  CPPUNIT_TEST(exceptions_in_flight_on_two_threads);
  CPPUNIT_TEST(terminate);
  CPPUNIT_TEST(exception_leaves_noexcept);
  CPPUNIT_TEST(segmentation_fault);
  CPPUNIT_TEST(call_of_abort);
  CPPUNIT_TEST_SUITE_END();

 public:
  void assertion_of_every_interleaving() {
    convict_always(failure_kind::assertion, "one is two", [] { require(1 == 2, "one is two"); });
    acquit_always([] { require(1 == 1, "one is one"); });
  }

  // Two increments in two steps each, against two in one.
  void assertion_of_one_interleaving() {
    convict_always(failure_kind::assertion, "both increments count", [] {
      atomic<int> x{0};
      const auto increment = [&] {
        x.store(x.load(memory_order_acquire) + 1, memory_order_release);
      };
      thread a(increment), b(increment);
      a.join();
      b.join();
      require(x.load(memory_order_relaxed) == 2, "both increments count");
    });
    acquit_always([] {
      atomic<int> x{0};
      const auto increment = [&] { x.fetch_add(1, memory_order_relaxed); };
      thread a(increment), b(increment);
      a.join();
      b.join();
      require(x.load(memory_order_relaxed) == 2, "both increments count");
    });
  }

  static void publish(memory_order store, memory_order load) {
    atomic<int> value{0}, ready{0};
    thread writer([&] {
      value.store(1, memory_order_relaxed);
      ready.store(1, store);
    });
    if (ready.load(load) == 1) {
      require(value.load(memory_order_relaxed) == 1, "what is ready is there");
    }
    writer.join();
  }

  // Claims hold where nothing is left that could break them.
  void assumptions_exclude_everything() {
    for (const bool unblocking : {true, false}) {
      const auto program = [](int least) {
        atomic<int> x{0};
        thread a([&] { x.store(static_cast<int>(choose(3)), memory_order_relaxed); });
        a.join();
        assume(x.load(memory_order_relaxed) >= least);
        require(x.load(memory_order_relaxed) > 1, "x is large");
      };
      const report r = explore([=] { program(3); }, {.unblocking = unblocking});
      CPPUNIT_ASSERT(r.verdict == verdict::bug && r.error);
      CPPUNIT_ASSERT_EQUAL(std::string("vacuous"), std::string(to_string(r.error->kind)));
      CPPUNIT_ASSERT(r.complete == 0 && r.blocked == 3 && !r.ok());
      CPPUNIT_ASSERT_MESSAGE(r.error->notes.at(0),
                             r.error->notes[0].starts_with(
                                 "3 of 3 executions were discarded, the last one at claims_test"));
      acquit([=] { program(2); }, {.unblocking = unblocking});
      convict(failure_kind::assertion, "x is large", [=] { program(1); },
              {.unblocking = unblocking});
    }
    const report limited = explore([] { assume(false); }, {.executions = 1});
    CPPUNIT_ASSERT(limited.verdict == verdict::limited);
  }

  void assertion_of_weak_memory_only() {
    const auto relaxed = [] { publish(memory_order_relaxed, memory_order_relaxed); };
    convict(failure_kind::assertion, "what is ready is there", relaxed);
    convict(failure_kind::assertion, "what is ready is there",
            [] { publish(memory_order_relaxed, memory_order_acquire); });
    convict(failure_kind::assertion, "what is ready is there",
            [] { publish(memory_order_release, memory_order_relaxed); });
    acquit(relaxed, {.memory_model = memory_model::sc});
    acquit_always([] { publish(memory_order_release, memory_order_acquire); });
  }

  void assumption_excludes_the_assertion() {
    const auto program = [](bool assumed) {
      atomic<int> x{0};
      thread a([&] { x.store(1, memory_order_relaxed); });
      const int seen = x.load(memory_order_relaxed);
      assume(!assumed || seen == 0);
      require(seen == 0, "a has not run");
      a.join();
    };
    convict_always(failure_kind::assertion, "a has not run", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void choice_reaches_the_assertion() {
    convict_always(failure_kind::assertion, "not the last",
                   [] { require(choose(7) != 6, "not the last"); });
    acquit_always([] { require(choose(7) < 7, "in range"); });
  }

  void exception_of_main() {
    convict_always(failure_kind::exception, "out of luck", run_out_of_luck);
  }

  void exception_of_a_thread() {
    convict_always(failure_kind::exception, "out of luck", [] {
      thread a(run_out_of_luck);
      a.join();
    });
  }

  void exception_that_is_no_std_exception() {
    convict_always(failure_kind::exception, "no std::exception", [] { throw 7; });
  }

  void exception_of_one_interleaving() {
    const auto program = [](bool throws) {
      atomic<int> x{0};
      thread a([&] { x.store(1, memory_order_release); });
      const bool late = x.load(memory_order_acquire) == 1;
      a.join();
      if (late && throws) run_out_of_luck();
    };
    convict_always(failure_kind::exception, "out of luck", [=] { program(true); });
    acquit_always([=] { program(false); });
  }

  void exceptions_caught() {
    acquit_always([] {
      thread a([] {
        try {
          throw std::runtime_error("caught");
        } catch (const std::exception&) {}
      });
      a.join();
    });
  }

  // Threads switch while each handles an exception of its own and has another in flight.
  void exceptions_in_flight_on_two_threads() {
    struct counted {
      atomic<int>& x;
      ~counted() {
        x.fetch_add(1, memory_order_relaxed);
        require(std::uncaught_exceptions() == 1, "one exception is in flight here");
      }
    };
    acquit_always([] {
      atomic<int> x{0};
      const auto throws = [&](int mine) {
        try {
          const counted c{x};
          throw mine;
        } catch (int caught) {
          x.fetch_add(1, memory_order_relaxed);
          require(caught == mine, "each thread catches its own");
          require(std::uncaught_exceptions() == 0, "no exception is in flight here");
          try {
            throw;
          } catch (int rethrown) {
            x.fetch_add(1, memory_order_relaxed);
            require(rethrown == mine, "each thread rethrows its own");
          }
        }
      };
      thread a(throws, 1), b(throws, 2);
      a.join();
      b.join();
    });
  }

  void terminate() {
    convict_always(failure_kind::exception, "std::terminate", [] {
      thread a([] { std::terminate(); });
      a.join();
    });
  }

  void exception_leaves_noexcept() {
    convict_always(failure_kind::exception, "std::terminate", [] {
      const auto breaks_its_word = []() noexcept { run_out_of_luck(); };
      thread a(breaks_its_word);
      a.join();
    });
  }

  // A pointer that is null until the other thread has set it.
  void segmentation_fault() {
    const auto program = [](bool waits) {
      int value = 0;
      atomic<int*> pointer{nullptr};
      thread a([&] { pointer.store(&value, memory_order_release); });
      const auto is_set = [](int* p) { return p != nullptr; };
      if (waits) spin_until(pointer, is_set, memory_order_acquire);
      *static_cast<volatile int*>(pointer.load(memory_order_acquire)) = 1;
      a.join();
    };
    convict_always(failure_kind::crash, "segmentation fault", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void call_of_abort() {
    convict_always(failure_kind::crash, "abort()", [] {
      thread a(std::abort);
      a.join();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(claims_test);

}  // namespace
}  // namespace pawl::check::tests
