// Latches and barriers: what is convicted, and its correct neighbour.
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <memory>

#include <pawl/backend/backend.hpp>
#include <pawl/check/sync/barrier.hpp>
#include <pawl/check/sync/latch.hpp>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto misuse = failure_kind::misuse;

template <class F>
void on_two_threads(F f) {
  thread a([&f] { f(0); }), b([&f] { f(1); });
  a.join();
  b.join();
}

class meeting_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(meeting_test);
  CPPUNIT_TEST(one_of_three_does_not_come);
  CPPUNIT_TEST(one_of_two_skips_a_phase);
  CPPUNIT_TEST(latch_is_not_counted_down);
  CPPUNIT_TEST(latch_is_counted_down_too_far);
  CPPUNIT_TEST(data_is_read_before_the_wait);
  CPPUNIT_TEST(arrival_alone_acquires_nothing);
  CPPUNIT_TEST(latch_dies_while_others_wait);
  CPPUNIT_TEST(more_arrive_than_expected);
  CPPUNIT_TEST(completion_sees_all_and_runs_once);
  CPPUNIT_TEST(who_drops_is_not_missed);
  CPPUNIT_TEST(try_wait_has_both_results);
  CPPUNIT_TEST_SUITE_END();

 public:
  void one_of_three_does_not_come() {
    const auto program = [](std::ptrdiff_t expected) {
      barrier all(expected);
      name(&all, "all");
      on_two_threads([&](int) { all.arrive_and_wait(); });
    };
    convict_always(deadlock, "for all, where 2 of 3 have arrived", [=] { program(3); });
    acquit_always([=] { program(2); });
  }

  void one_of_two_skips_a_phase() {
    const auto program = [](bool skips) {
      barrier both(2);
      on_two_threads([&](int i) {
        both.arrive_and_wait();
        if (!skips || i == 0) both.arrive_and_wait();
      });
    };
    convict_always(deadlock, "1 of 2 have arrived", [=] { program(true); });
    acquit_always([=] { program(false); });
  }

  void latch_is_not_counted_down() {
    const auto program = [](std::ptrdiff_t by) {
      latch done(2);
      thread worker([&] { done.count_down(by); });
      done.wait();
      worker.join();
    };
    convict_always(deadlock, "where 1 of 2 have arrived", [=] { program(1); });
    acquit_always([=] { program(2); });
  }

  void latch_is_counted_down_too_far() {
    const auto program = [](std::ptrdiff_t expected) {
      latch done(expected);
      on_two_threads([&](int) { done.count_down(); });
      done.wait();
    };
    convict_always(misuse, "is counted down by 2, more than the 1", [=] { program(1); });
    acquit_always([=] { program(2); });
    convict_always(misuse, "is counted down by 3, more than the 2", [] {
      latch done(2);
      done.count_down(2);
      done.count_down();
    });
    convict_always(misuse, "less than 0", [] { latch done(-1); });
  }

  void data_is_read_before_the_wait() {
    const auto program = [](bool waits) {
      latch ready(1);
      cell<int> data{0};
      thread writer([&] {
        data.write(1);
        ready.count_down();
      });
      if (waits) ready.wait();
      static_cast<void>(data.read());
      writer.join();
    };
    convict_always(failure_kind::data_race, "", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // Who arrives last knows nothing of who came first, before it waits.
  void arrival_alone_acquires_nothing() {
    const auto program = [](bool waits) {
      barrier both(2);
      cell<int> data{0};
      thread writer([&] {
        data.write(1);
        static_cast<void>(both.arrive());
      });
      auto token = both.arrive();
      if (waits) both.wait(std::move(token));
      static_cast<void>(data.read());
      writer.join();
    };
    convict_always(failure_kind::data_race, "", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // The one that was waited for is not the only one that uses it.
  void latch_dies_while_others_wait() {
    const auto program = [](bool joins) {
      auto start = std::make_unique<latch>(1);
      thread other([&start = *start] { start.wait(); });
      start->count_down();
      start->wait();
      if (joins) other.join();
      start.reset();
      if (!joins) other.join();
    };
    convict(failure_kind::use_after_free, "freed memory", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void more_arrive_than_expected() {
    const auto program = [](std::ptrdiff_t n) {
      barrier b(2);
      static_cast<void>(b.arrive(n));
    };
    convict_always(misuse, "more arrive", [=] { program(3); });
    acquit_always([=] { program(2); });
    // The order decides who meets whom, and one is left over.
    const auto threads = [](std::size_t n) {
      barrier b(2);
      std::array<thread, 4> all;
      for (std::size_t i = 0; i < n; ++i) all[i] = thread([&] { b.arrive_and_wait(); });
      for (std::size_t i = 0; i < n; ++i) all[i].join();
    };
    convict_always(deadlock, "where 1 of 2 have arrived", [=] { threads(3); });
    acquit_always([=] { threads(4); });
  }

  void completion_sees_all_and_runs_once() {
    const auto program = [](bool keeps_away) {
      std::array<cell<int>, 2> data;
      cell<int> sum{0};
      barrier b(2, [&]() noexcept { sum.write(sum.read() + data[0].read() + data[1].read()); });
      on_two_threads([&](int i) {
        const auto own = static_cast<std::size_t>(i);
        data[own].write(1);
        b.arrive_and_wait();
        require(sum.read() == 2, "the completion function was called");
        if (keeps_away) b.arrive_and_wait();
        data[own].write(2);
        if (keeps_away) b.arrive_and_wait();
        require(!keeps_away || sum.read() == 8);
      });
    };
    acquit_always([=] { program(true); });
    acquit_always([=] { program(false); });
    const auto reads_early = [](bool waits) {
      cell<int> sum{0};
      barrier b(2, [&]() noexcept { sum.write(1); });
      on_two_threads([&](int) {
        auto token = b.arrive();
        if (waits) b.wait(std::move(token));
        static_cast<void>(sum.read());
      });
    };
    convict_always(failure_kind::data_race, "", [=] { reads_early(false); });
    acquit_always([=] { reads_early(true); });
  }

  void who_drops_is_not_missed() {
    const auto program = [](bool drops) {
      barrier b(2);
      thread other([&] { drops ? b.arrive_and_drop() : static_cast<void>(b.arrive()); });
      b.arrive_and_wait();
      b.arrive_and_wait();
      other.join();
    };
    convict_always(deadlock, "1 of 2 have arrived", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void try_wait_has_both_results() {
    const auto program = [](bool result) {
      latch l(1);
      thread other([&] { l.count_down(); });
      require(l.try_wait() == result);
      other.join();
    };
    convict_always(failure_kind::assertion, "", [=] { program(true); });
    convict_always(failure_kind::assertion, "", [=] { program(false); });
    acquit_always([] {
      latch l(1);
      static_cast<void>(l.try_wait());  // Nobody counts down, but then it is false.
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(meeting_test);

}  // namespace
}  // namespace pawl::check::tests
