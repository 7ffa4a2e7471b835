#include <pawl/blocking/once.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <allocations.hpp>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace {

using pawl::blocking::once;
using namespace std::chrono_literals;

static_assert(sizeof(once) == 1);

constinit once of_static_storage;

class blocking_once_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(blocking_once_test);
  CPPUNIT_TEST(the_first_call_does_it);
  CPPUNIT_TEST(an_exception_leaves_it_undone);
  CPPUNIT_TEST(calls_wait_for_the_one_at_work);
  CPPUNIT_TEST(a_wait_ends_when_it_is_done);
  CPPUNIT_TEST(a_wait_outlasts_an_attempt_that_fails);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_first_call_does_it() {
    int calls = 0;
    const auto add = [&](int n) { calls += n; };
    CPPUNIT_ASSERT(!of_static_storage.is_done());
    CPPUNIT_ASSERT(of_static_storage.call(add, 2));
    CPPUNIT_ASSERT(!of_static_storage.call(add, 3));
    CPPUNIT_ASSERT_EQUAL(2, calls);
    CPPUNIT_ASSERT(of_static_storage.is_done() && of_static_storage.wait_for(-1h));
    of_static_storage.wait();
  }

  void an_exception_leaves_it_undone() {
    once o;
    const auto fail = [] { throw std::runtime_error("thrown by an attempt"); };
    CPPUNIT_ASSERT_THROW(o.call(fail), std::runtime_error);
    CPPUNIT_ASSERT(!o.is_done());
    CPPUNIT_ASSERT(o.call([] {}));
    CPPUNIT_ASSERT(o.is_done());
  }

  void calls_wait_for_the_one_at_work() {
    once o;
    int value = 0;
    pawl::atomic<bool> began{false}, may_end{false};
    pawl::thread first([&] {
      o.call([&] {
        began.store(true);
        while (!may_end.load()) pawl::this_thread::yield();
        value = 1;
      });
    });
    while (!began.load()) pawl::this_thread::yield();
    std::vector<pawl::thread> others;
    pawl::atomic<int> seen{0};
    for (int i = 0; i < 3; ++i) {
      others.emplace_back([&] {
        if (!o.call([&] { value = 2; })) seen.fetch_add(value);
      });
    }
    may_end.store(true);
    first.join();
    for (pawl::thread& each : others) each.join();
    CPPUNIT_ASSERT_EQUAL(1, value);
    CPPUNIT_ASSERT_EQUAL(3, seen.load());
  }

  void a_wait_ends_when_it_is_done() {
    once o;
    int value = 0, seen = 0;
    pawl::thread waiting([&] {
      o.wait();
      seen = value;
    });
    o.call([&] { value = 7; });
    waiting.join();
    CPPUNIT_ASSERT_EQUAL(7, seen);
  }

  void a_wait_outlasts_an_attempt_that_fails() {
    once o;
    bool done = false;
    pawl::thread waiting([&] { done = o.wait_for(1h); });
    CPPUNIT_ASSERT_THROW(o.call([] { throw std::runtime_error("thrown by an attempt"); }),
                         std::runtime_error);
    o.call([] {});
    waiting.join();
    CPPUNIT_ASSERT(done);
  }

  void a_deadline_ends_the_wait() {
    once o;
    const auto start = pawl::steady_clock::now();
    CPPUNIT_ASSERT(!o.wait_for(5ms));
    CPPUNIT_ASSERT(pawl::steady_clock::now() - start >= 5ms);
    CPPUNIT_ASSERT(o.call([] {}));
  }

  void a_stop_ends_the_wait() {
    once o;
    pawl::stop_source stop;
    bool done = true;
    pawl::thread waiting([&] { done = o.wait(stop.get_token()); });
    stop.request_stop();
    waiting.join();
    CPPUNIT_ASSERT(!done);
    o.call([] {});
    CPPUNIT_ASSERT_MESSAGE("what is done is done", o.wait(stop.get_token()));
  }

  void waiting_allocates_nothing() {
    once o;
    pawl::atomic<bool> waits{false};
    std::uint64_t made = 1;
    pawl::thread waiting([&] {
      const std::uint64_t before = allocations();
      waits.store(true);
      o.wait();
      made = allocations() - before;
    });
    while (!waits.load()) pawl::this_thread::yield();
    const std::uint64_t before = allocations();
    const bool given_up = !o.wait_for(1ms);
    o.call([] {});
    const std::uint64_t after = allocations();
    waiting.join();
    CPPUNIT_ASSERT(given_up);
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, made);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(blocking_once_test);

}  // namespace
