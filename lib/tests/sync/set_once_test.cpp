#include <allocations.hpp>
#include <pawl/sync/set_once.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using pawl::errc;
using pawl::set_once;
using namespace std::chrono_literals;

using given = outcome_of<int*>;

static_assert(sizeof(set_once<int>) == 32);
static_assert(!std::is_copy_constructible_v<set_once<int>>);

constinit set_once<int> of_static_storage;
constinit set_once<std::string> never_set;

template <class... Arguments>
call start(set_once<int>& s, given& out, Arguments... arguments) {
  auto value = co_await s.wait(arguments...);
  out.end(std::move(value));
}

pawl::task<pawl::result<int*>> wait_for(set_once<int>& s, pawl::steady_clock::duration timeout) {
  const auto value = co_await s.wait_for(timeout);
  co_return value;
}

class set_once_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(set_once_test);
  CPPUNIT_TEST(is_set_once);
  CPPUNIT_TEST(is_born_with_a_value);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(gives_a_refused_value_back);
  CPPUNIT_TEST(ends_all_waits);
  CPPUNIT_TEST(does_not_wait_for_what_is_there);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(an_attempt_that_throws_is_none);
  CPPUNIT_TEST(the_value_lives_as_long);
  CPPUNIT_TEST(the_value_can_be_taken);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void is_set_once() {
    set_once<int> s;
    CPPUNIT_ASSERT(!s.is_set() && s.get() == nullptr);
    const auto first = s.set(7);
    CPPUNIT_ASSERT(first.has_value() && **first == 7 && s.get() == *first);
    CPPUNIT_ASSERT(s.emplace(8) == nullptr && *s.get() == 7);
  }

  void is_born_with_a_value() {
    set_once<std::string> s("born");
    CPPUNIT_ASSERT(s.is_set() && *s.get() == "born");
    CPPUNIT_ASSERT(!s.set("again").has_value());
  }

  void is_constant_initialized() { CPPUNIT_ASSERT(of_static_storage.set(1).has_value()); }

  void gives_a_refused_value_back() {
    set_once<std::unique_ptr<int>> s(std::make_unique<int>(1));
    auto refused = s.set(std::make_unique<int>(2));
    CPPUNIT_ASSERT(!refused.has_value() && refused.error().why.code == errc::closed);
    CPPUNIT_ASSERT_EQUAL(2, *refused.error().value);
  }

  void ends_all_waits() {
    set_once<int> s;
    given outs[40];
    std::vector<call> calls;
    for (given& each : outs) calls.push_back(start(s, each));
    CPPUNIT_ASSERT(s.has_waiters());
    CPPUNIT_ASSERT(s.set(3).has_value());
    for (const given& each : outs) CPPUNIT_ASSERT(each.is_granted() && ***each.result == 3);
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void does_not_wait_for_what_is_there() {
    set_once<int> s(4);
    given out;
    const call a = start(s, out);
    CPPUNIT_ASSERT(out.is_granted() && **s.wait_blocking() == 4);
    CPPUNIT_ASSERT(s.wait_blocking_for(-1h).has_value());
  }

  void a_stop_ends_the_wait() {
    set_once<int> s;
    pawl::stop_source stop;
    given first, second;
    const call a = start(s, first, stop.get_token());
    const call b = start(s, second);
    stop.request_stop();
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_pending());
    CPPUNIT_ASSERT(s.wait_blocking(stop.get_token()).error().code == errc::cancelled);
    CPPUNIT_ASSERT(s.set(1).has_value() && second.is_granted());
  }

  void a_deadline_ends_the_wait() {
    set_once<int> s;
    CPPUNIT_ASSERT(s.wait_blocking_for(1us).error().code == errc::timed_out);
    CPPUNIT_ASSERT(pawl::sync_wait(wait_for(s, 1us)).error().code == errc::timed_out);
    CPPUNIT_ASSERT(pawl::sync_wait(wait_for(s, -1h)).error().code == errc::timed_out);
    CPPUNIT_ASSERT(!s.has_waiters());
  }

  void threads_wait_too() {
    for (int i = 0; i < 200; ++i) {
      set_once<int> s;
      pawl::thread other([&] { CPPUNIT_ASSERT_EQUAL(5, *s.wait_blocking().value()); });
      CPPUNIT_ASSERT(s.set(5).has_value());
      other.join();
    }
  }

  void an_attempt_that_throws_is_none() {
    struct picky {
      explicit picky(int n) {
        if (n == 0) throw std::invalid_argument("0");
      }
    };
    set_once<picky> s;
    CPPUNIT_ASSERT_THROW((void)s.emplace(0), std::invalid_argument);
    CPPUNIT_ASSERT(!s.is_set() && s.emplace(1) != nullptr);
  }

  void the_value_lives_as_long() {
    const auto value = std::make_shared<int>(1);
    {
      set_once<std::shared_ptr<int>> s;
      CPPUNIT_ASSERT(s.set(value).has_value());
      CPPUNIT_ASSERT(!s.set(value).has_value());
      CPPUNIT_ASSERT_EQUAL(2L, value.use_count());
    }
    CPPUNIT_ASSERT_EQUAL(1L, value.use_count());
  }

  void the_value_can_be_taken() {
    set_once<std::string> s("value");
    CPPUNIT_ASSERT(std::move(s).take() == "value");
    CPPUNIT_ASSERT(!std::move(never_set).take().has_value());
  }

  void waiting_allocates_nothing() {
    set_once<int> s;
    pawl::stop_source stop;
    given first, second;
    const auto before = allocations();
    const call a = start(s, first, stop.get_token());
    const call b = start(s, second);
    const auto for_frames = allocations() - before;
    stop.request_stop();
    const bool is_set = s.set(1).has_value();
    const auto in_all = allocations() - before;
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted() && is_set);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, for_frames);
    CPPUNIT_ASSERT_EQUAL(for_frames, in_all);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(set_once_test);

}  // namespace
