#include <allocations.hpp>
#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

using pawl::errc;
using pawl::once_cell;
using pawl::task;
using namespace std::chrono_literals;

using given = outcome_of<int*>;

static_assert(sizeof(once_cell<int>) == 48);
static_assert(std::is_same_v<decltype(once_cell(1L)), once_cell<long>>);

constinit once_cell<int> of_static_storage;
constinit once_cell<int> never_set;

template <class F, class... Arguments>
call start(once_cell<int>& c, given& out, F f, Arguments... arguments) {
  auto value = co_await c.get_or_init(arguments..., f);
  out.end(std::move(value));
}

// An initializer that makes n when it may.
auto slowly(pawl::semaphore& may_go, int n) {
  return [&may_go, n]() -> task<int> {
    const auto went = co_await may_go.acquire();
    co_return went ? n : 0;
  };
}

template <class F>
task<pawl::result<int*>> get(once_cell<int>& c, F f) {
  const auto value = co_await c.get_or_init(f);
  co_return value;
}

template <class F>
auto try_get(once_cell<int>& c, F f) -> task<tl::expected<int*, std::string>> {
  const auto value = co_await c.get_or_try_init(f);
  co_return value;
}

task<> wait_in_vain(once_cell<int>& c) {
  const auto never = [] { return 1; };
  const auto timed_out = co_await c.get_or_init_for(1us, never);
  CPPUNIT_ASSERT(timed_out.error().code == errc::timed_out);
  const auto also = co_await c.wait_for(1us);
  CPPUNIT_ASSERT(also.error().code == errc::timed_out);
  const auto tried = [] { return tl::expected<int, std::variant<std::string, pawl::error>>(1); };
  const auto code = [](const auto& r) { return std::get<pawl::error>(r.error()).code; };
  const auto as_well = co_await c.get_or_try_init_for(1us, tried);
  CPPUNIT_ASSERT(code(as_well) == errc::timed_out);
  CPPUNIT_ASSERT(code(c.get_or_try_init_blocking_for(1us, tried)) == errc::timed_out);
  CPPUNIT_ASSERT(code(c.try_get_or_try_init(tried)) == errc::would_block);
  pawl::stop_source stop;
  stop.request_stop();
  CPPUNIT_ASSERT(code(c.get_or_try_init_blocking(stop.get_token(), tried)) == errc::cancelled);
}

task<int> count_up(once_cell<int>& c, int& made) {
  const auto value = co_await c.get_or_init([&made]() -> task<int> {
    co_await pawl::this_task::reschedule();
    co_return ++made;
  });
  co_return **value;
}

class once_cell_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(once_cell_test);
  CPPUNIT_TEST(makes_the_value_once);
  CPPUNIT_TEST(is_born_with_a_value);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(runs_one_initializer_of_many);
  CPPUNIT_TEST(an_exception_leaves_it_to_the_next);
  CPPUNIT_TEST(an_error_leaves_it_to_the_next);
  CPPUNIT_TEST(a_destroyed_initializer_leaves_it_to_the_next);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_try_does_not_wait);
  CPPUNIT_TEST(setting_waits_in_turn);
  CPPUNIT_TEST(waits_are_ended_by_whoever_makes_it);
  CPPUNIT_TEST(copies_have_the_value);
  CPPUNIT_TEST(the_value_can_be_taken);
  CPPUNIT_TEST(what_is_there_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void makes_the_value_once() {
    once_cell<int> c;
    CPPUNIT_ASSERT(!c.is_initialized() && c.get() == nullptr);
    CPPUNIT_ASSERT_EQUAL(1, **pawl::sync_wait(get(c, [] { return 1; })));
    CPPUNIT_ASSERT_EQUAL(1, **c.get_or_init_blocking([] { return 2; }));
    CPPUNIT_ASSERT_EQUAL(1, **c.try_get_or_init([] { return 3; }));
    CPPUNIT_ASSERT(c.is_initialized() && *c.get() == 1);
  }

  void is_born_with_a_value() {
    once_cell c(7);
    CPPUNIT_ASSERT_EQUAL(7, **c.get_or_init_blocking([] { return 2; }));
    CPPUNIT_ASSERT(!c.try_set(8).has_value());
  }

  void is_constant_initialized() {
    CPPUNIT_ASSERT_EQUAL(3, **of_static_storage.get_or_init_blocking([] { return 3; }));
  }

  void runs_one_initializer_of_many() {
    pawl::thread_pool pool(2);
    for (int round = 0; round < 50; ++round) {
      once_cell<int> c;
      int made = 0;
      std::vector<pawl::join_handle<int>> running;
      for (int i = 0; i < 8; ++i) running.push_back(pawl::spawn(pool, count_up(c, made)));
      for (auto& each : running) CPPUNIT_ASSERT_EQUAL(1, std::move(each).join_blocking().value());
      CPPUNIT_ASSERT_EQUAL(1, made);
    }
  }

  void an_exception_leaves_it_to_the_next() {
    once_cell<int> c;
    const auto fail = []() -> int { throw std::runtime_error("no value"); };
    CPPUNIT_ASSERT_THROW((void)pawl::sync_wait(get(c, fail)), std::runtime_error);
    CPPUNIT_ASSERT_THROW((void)c.get_or_init_blocking(fail), std::runtime_error);
    CPPUNIT_ASSERT(!c.is_initialized());
    CPPUNIT_ASSERT_EQUAL(2, **c.get_or_init_blocking([] { return 2; }));
  }

  void an_error_leaves_it_to_the_next() {
    once_cell<int> c;
    using attempt = tl::expected<int, std::string>;
    const auto fail = [] { return attempt(tl::unexpect, "no value"); };
    const auto fail_later = [&]() -> task<attempt> { co_return fail(); };
    CPPUNIT_ASSERT(pawl::sync_wait(try_get(c, fail)).error() == "no value");
    CPPUNIT_ASSERT(pawl::sync_wait(try_get(c, fail_later)).error() == "no value");
    CPPUNIT_ASSERT(c.get_or_try_init_blocking(fail).error() == "no value");
    CPPUNIT_ASSERT_EQUAL(5, **pawl::sync_wait(try_get(c, [] { return attempt(5); })));
    CPPUNIT_ASSERT_EQUAL(5, **c.get_or_try_init_blocking(fail));
  }

  void a_destroyed_initializer_leaves_it_to_the_next() {
    once_cell<int> c;
    pawl::semaphore never(0);
    given first, second;
    call a = start(c, first, slowly(never, 1));
    const call b = start(c, second, [] { return 2; });
    CPPUNIT_ASSERT(first.is_pending() && second.is_pending());
    a.destroy();
    CPPUNIT_ASSERT(second.is_granted() && *c.get() == 2);
  }

  void a_stop_ends_the_wait() {
    once_cell<int> c;
    pawl::semaphore may_go(0);
    pawl::stop_source stop;
    given first, second;
    const auto two = [] { return 2; };
    const call a = start(c, first, slowly(may_go, 1));
    const call b = start(c, second, two, stop.get_token());
    stop.request_stop();
    CPPUNIT_ASSERT(second.failed_with(errc::cancelled));
    CPPUNIT_ASSERT(c.get_or_init_blocking(stop.get_token(), two).error().code == errc::cancelled);
    may_go.release();
    CPPUNIT_ASSERT(first.is_granted() && *c.get() == 1);
    CPPUNIT_ASSERT_EQUAL(1, **c.get_or_init_blocking(stop.get_token(), two));
  }

  void a_deadline_ends_the_wait() {
    once_cell<int> c;
    pawl::semaphore may_go(0);
    given first;
    const call a = start(c, first, slowly(may_go, 1));
    pawl::sync_wait(wait_in_vain(c));
    const auto two = [] { return 2; };
    CPPUNIT_ASSERT(c.get_or_init_blocking_for(1us, two).error().code == errc::timed_out);
    CPPUNIT_ASSERT(c.wait_blocking_for(-1h).error().code == errc::timed_out);
    may_go.release();
    CPPUNIT_ASSERT(first.is_granted() && c.wait_blocking_for(-1h).has_value());
  }

  void a_try_does_not_wait() {
    once_cell<int> c;
    pawl::semaphore may_go(0);
    given first;
    const call a = start(c, first, slowly(may_go, 1));
    CPPUNIT_ASSERT(c.try_get_or_init([] { return 2; }).error().code == errc::would_block);
    CPPUNIT_ASSERT(c.try_set(2).error().why.code == errc::would_block);
    may_go.release();
    CPPUNIT_ASSERT(c.try_set(2).error().why.code == errc::closed);
  }

  void setting_waits_in_turn() {
    const auto set = [](once_cell<int>& c, std::optional<bool>& is_set) -> call {
      const auto done = co_await c.set(2);
      is_set = done.has_value();
    };
    pawl::semaphore may_go(0);
    once_cell<int> c, other;
    given first, of_other;
    const call a = start(c, first, slowly(may_go, 1));
    std::optional<bool> is_set, other_is_set;
    const call b = set(c, is_set);
    CPPUNIT_ASSERT(!is_set.has_value());
    may_go.release();
    CPPUNIT_ASSERT(is_set == false && *c.get() == 1);

    pawl::semaphore never(0);
    call d = start(other, of_other, slowly(never, 1));
    const call e = set(other, other_is_set);
    d.destroy();
    CPPUNIT_ASSERT(other_is_set == true && *other.get() == 2);
    CPPUNIT_ASSERT_EQUAL(3, other.set_blocking(3).error().value);
  }

  void waits_are_ended_by_whoever_makes_it() {
    once_cell<int> c;
    std::optional<int> seen;
    const auto wait = [](once_cell<int>& of, std::optional<int>& out) -> call {
      const auto value = co_await of.wait();
      out = **value;
    };
    const call a = wait(c, seen);
    CPPUNIT_ASSERT(!seen.has_value());
    CPPUNIT_ASSERT(c.try_set(9).has_value());
    CPPUNIT_ASSERT(seen == 9);
  }

  void copies_have_the_value() {
    once_cell<std::string> c;
    const once_cell<std::string> empty(c);
    CPPUNIT_ASSERT(!empty.is_initialized() && empty == c);
    CPPUNIT_ASSERT(c.try_set("value").has_value() && !(empty == c));
    once_cell<std::string> copy(c);
    CPPUNIT_ASSERT(copy == c && copy.get() != c.get());
    CPPUNIT_ASSERT(!copy.try_set("other").has_value());
  }

  void the_value_can_be_taken() {
    once_cell c(std::string("value"));
    CPPUNIT_ASSERT(c.take() == "value");
    CPPUNIT_ASSERT(c.get() == nullptr);
    CPPUNIT_ASSERT(!c.take().has_value());
    CPPUNIT_ASSERT_EQUAL(std::string("again"), **c.get_or_init_blocking([] { return "again"; }));
    CPPUNIT_ASSERT(std::move(c).take() == "again");
    CPPUNIT_ASSERT(!std::move(never_set).take().has_value());
  }

  void what_is_there_allocates_nothing() {
    once_cell c(7);
    given out;
    const auto before = allocations();
    const call a = start(c, out, [] { return 2; });
    const auto for_frame = allocations() - before;
    CPPUNIT_ASSERT(out.is_granted());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, for_frame);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(once_cell_test);

}  // namespace
