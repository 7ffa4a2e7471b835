#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/run_loop.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <utility>

using namespace std::chrono_literals;

namespace {

using pawl::cancellation_deadline;
using pawl::cancellation_guard;
using pawl::cancellation_link;
using pawl::cancellation_source;
using pawl::steady_clock;
using pawl::stop_reason;

class cancellation_trigger_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(cancellation_trigger_test);
  CPPUNIT_TEST(a_guard_cancels_at_its_end);
  CPPUNIT_TEST(a_disarmed_guard_does_not);
  CPPUNIT_TEST(a_guard_can_be_moved);
  CPPUNIT_TEST(a_deadline_cancels);
  CPPUNIT_TEST(a_deadline_can_be_taken_back);
  CPPUNIT_TEST(a_deadline_may_end_while_it_cancels);
  CPPUNIT_TEST(a_link_cancels_with_another_stop);
  CPPUNIT_TEST(a_link_to_what_was_stopped_cancels_at_once);
  CPPUNIT_TEST(a_link_that_has_ended_does_nothing);
  CPPUNIT_TEST(all_may_end_while_a_link_cancels);
  CPPUNIT_TEST_SUITE_END();

  cancellation_source source_;
  pawl::stop_source stop_;

  static constexpr stop_reason why{stop_reason::kind::requested, 3};

  void a_guard_cancels_at_its_end() {
    {
      const cancellation_guard guard(source_, why);
      CPPUNIT_ASSERT(guard.get_token() == source_.get_token());
      CPPUNIT_ASSERT(!source_.stop_requested());
    }
    CPPUNIT_ASSERT(source_.reason() == why);
  }

  void a_disarmed_guard_does_not() {
    {
      cancellation_guard guard(source_);
      CPPUNIT_ASSERT_EQUAL(&source_, guard.disarm());
      CPPUNIT_ASSERT(guard.disarm() == nullptr && !guard.get_token().stop_possible());
    }
    CPPUNIT_ASSERT(!source_.stop_requested());
  }

  void a_guard_can_be_moved() {
    cancellation_source other;
    cancellation_guard kept(other);
    {
      cancellation_guard guard(source_, why);
      cancellation_guard taken(std::move(guard));
      kept = std::move(taken);
    }
    CPPUNIT_ASSERT(!source_.stop_requested() && other.stop_requested());
    CPPUNIT_ASSERT(kept.get_token() == source_.get_token());
  }

  void a_deadline_cancels() {
    const cancellation_deadline deadline(source_, steady_clock::now() + 1ms, 9);
    const stop_reason expected{stop_reason::kind::deadline, 9};
    CPPUNIT_ASSERT(*source_.get_token().cancelled_blocking() == expected);
  }

  void a_deadline_can_be_taken_back() {
    pawl::run_loop loop;
    {
      const cancellation_deadline late(source_, steady_clock::now() + 1h, 0, &loop);
      const cancellation_deadline passed(source_, steady_clock::now() - 1s, 0, &loop);
    }
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(!source_.stop_requested());
  }

  // The thread of the pool may be anywhere in it when all is destroyed.
  void a_deadline_may_end_while_it_cancels() {
    constexpr int rounds = 100;
    for (int round = 0; round < rounds; ++round) {
      cancellation_source root;
      cancellation_source child(root.get_token());
      const cancellation_deadline deadline(root, steady_clock::now());
      CPPUNIT_ASSERT(child.get_token().cancelled_blocking().has_value());
    }
  }

  void a_link_cancels_with_another_stop() {
    const cancellation_link link(source_, stop_.get_token(), why);
    CPPUNIT_ASSERT(!source_.stop_requested());
    stop_.request_stop();
    CPPUNIT_ASSERT(source_.reason() == why);
  }

  void a_link_to_what_was_stopped_cancels_at_once() {
    stop_.request_stop();
    const cancellation_link link(source_, stop_.get_token(), why);
    CPPUNIT_ASSERT(source_.reason() == why);
  }

  void a_link_that_has_ended_does_nothing() {
    static_cast<void>(cancellation_link(source_, stop_.get_token()));
    stop_.request_stop();
    CPPUNIT_ASSERT(!source_.stop_requested());
  }

  void all_may_end_while_a_link_cancels() {
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
      pawl::stop_source stop;
      pawl::thread stopper;
      {
        cancellation_source root;
        cancellation_source child(root.get_token());
        const cancellation_link link(root, stop.get_token());
        stopper = pawl::thread([&] { stop.request_stop(); });
        CPPUNIT_ASSERT(child.get_token().cancelled_blocking().has_value());
      }
      stopper.join();
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(cancellation_trigger_test);

}  // namespace
