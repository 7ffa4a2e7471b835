#include <pawl/interop/asio.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <allocations.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using pawl::async_op;
using pawl::errc;
using pawl::permit;
using pawl::semaphore;
using namespace std::chrono_literals;

auto acquire(semaphore& s, pawl::count_t n) {
  return [&s, n](pawl::stop_token t) { return s.acquire(n, t); };
}

// What a handler was called with.
template <class Value>
struct called {
  error_code status;
  std::optional<Value> value;
  int times = 0;

  auto handler() {
    return [this](error_code e, Value v) {
      status = e;
      value.emplace(std::move(v));
      ++times;
    };
  }
};

pawl::task<int> add_to(pawl::mutex<int>& m, int n) {
  const auto held = (co_await m.lock()).value();
  co_return * held += n;
}

class asio_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(asio_test);
  CPPUNIT_TEST(error_codes);
  CPPUNIT_TEST(a_handler_is_called_by_its_executor);
  CPPUNIT_TEST(never_in_the_call);
  CPPUNIT_TEST(errors);
  CPPUNIT_TEST(a_slot_cancels_the_wait);
  CPPUNIT_TEST(a_slot_that_comes_too_late_changes_nothing);
  CPPUNIT_TEST(futures);
  CPPUNIT_TEST(awaitables_wait_in_turn);
  CPPUNIT_TEST(awaitables_race_with_a_timer);
  CPPUNIT_TEST(deferred_and_tuples);
  CPPUNIT_TEST(tasks_run_on_the_executor);
  CPPUNIT_TEST(tasks_are_cancelled_and_throw);
  CPPUNIT_TEST(exceptions_leave_run);
  CPPUNIT_TEST(what_a_context_has_not_called_is_destroyed_with_it);
  CPPUNIT_TEST(nothing_else_is_allocated);
  CPPUNIT_TEST(a_scheduler_runs_in_order);
  CPPUNIT_TEST(a_scheduler_allocates_nothing);
  CPPUNIT_TEST(threads_and_strands);
  CPPUNIT_TEST_SUITE_END();

 public:
  void error_codes() {
    const std::error_code closed = errc::closed;
    CPPUNIT_ASSERT_EQUAL(std::string("pawl"), std::string(closed.category().name()));
    CPPUNIT_ASSERT_EQUAL(to_string(pawl::error{errc::closed}), closed.message());
    CPPUNIT_ASSERT(closed == std::errc::broken_pipe);
    CPPUNIT_ASSERT(make_error_code(errc::cancelled) == std::errc::operation_canceled);
    CPPUNIT_ASSERT(make_error_code(errc::timed_out) == std::errc::timed_out);
    CPPUNIT_ASSERT(make_error_code(errc::poisoned) == std::errc::state_not_recoverable);
    CPPUNIT_ASSERT(make_error_code(errc::would_block) == std::errc::operation_would_block);
    CPPUNIT_ASSERT(make_error_code(errc::exceeds_limit) == std::errc::value_too_large);
  }

  void a_handler_is_called_by_its_executor() {
    asio::io_context io;
    semaphore s(0);
    called<permit> a;
    async_op(acquire(s, 2), asio::bind_executor(io.get_executor(), a.handler()));
    s.release(2);
    CPPUNIT_ASSERT_EQUAL(0, a.times);
    io.run();
    CPPUNIT_ASSERT(a.times == 1 && !a.status && a.value->count() == 2);
  }

  void never_in_the_call() {
    asio::io_context io;
    semaphore s(1);
    called<permit> a;
    async_op(acquire(s, 1), asio::bind_executor(io.get_executor(), a.handler()));
    CPPUNIT_ASSERT(a.times == 0 && s.available_permits() == 0);
    io.run();
    CPPUNIT_ASSERT(a.times == 1 && !a.status && a.value->count() == 1);
  }

  void errors() {
    asio::io_context io;
    semaphore s(0);
    called<permit> closed, late;
    async_op(acquire(s, 1), asio::bind_executor(io.get_executor(), closed.handler()));
    async_op([&] { return s.acquire_for(1, 0s); },
             asio::bind_executor(io.get_executor(), late.handler()));
    s.close();
    io.run();
    CPPUNIT_ASSERT(closed.status == make_error_code(errc::closed) && !*closed.value);
    CPPUNIT_ASSERT(late.status == make_error_code(errc::timed_out) && !*late.value);
    CPPUNIT_ASSERT(closed.status == std::errc::broken_pipe);
  }

  void a_slot_cancels_the_wait() {
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
      asio::io_context io;
      semaphore s(0);
      asio::cancellation_signal cancel;
      called<permit> a;
      async_op(acquire(s, 1),
               asio::bind_cancellation_slot(cancel.slot(),
                                            asio::bind_executor(io.get_executor(), a.handler())));
      CPPUNIT_ASSERT(s.has_waiters());
      cancel.emit(type);
      CPPUNIT_ASSERT(!s.has_waiters() && a.times == 0);
      cancel.emit(type);  // between its end and its handler
      io.run();
      CPPUNIT_ASSERT(a.times == 1 && a.status == asio::error::operation_aborted);
      cancel.emit(type);
    }
  }

  void a_slot_that_comes_too_late_changes_nothing() {
    asio::io_context io;
    semaphore s(0);
    asio::cancellation_signal cancel;
    called<permit> a;
    async_op(acquire(s, 1),
             asio::bind_cancellation_slot(cancel.slot(),
                                          asio::bind_executor(io.get_executor(), a.handler())));
    s.release(1);
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    CPPUNIT_ASSERT(a.times == 1 && !a.status && a.value->count() == 1);
  }

  void futures() {
    semaphore s(0);
    std::future<permit> granted = async_op(acquire(s, 1), asio::use_future);
    std::future<permit> closed = async_op(acquire(s, 1), asio::use_future);
    s.release(1);
    const permit first = granted.get();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, first.count());
    s.close();
    CPPUNIT_ASSERT_THROW((void)closed.get(), boost::system::system_error);
  }

  // Coroutines of Asio and of pawl, in one queue.
  void awaitables_wait_in_turn() {
    asio::io_context io;
    pawl::mutex<std::string> m;
    auto held = m.try_lock();
    const auto append = [&](char c) -> asio::awaitable<void> {
      auto guard = co_await async_op([&] { return m.lock(); }, asio::use_awaitable);
      guard->push_back(c);
    };
    pawl::asio_scheduler<asio::io_context::executor_type> on_io(io.get_executor());
    const auto append_too = [&](char c) -> pawl::task<> {
      auto guard = co_await m.lock();
      (*guard)->push_back(c);
    };
    asio::co_spawn(io, append('a'), asio::detached);
    io.poll();
    auto b = pawl::spawn(on_io, append_too('b'));
    io.poll();
    asio::co_spawn(io, append('c'), asio::detached);
    io.poll();
    held->unlock();
    io.run();
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), m.unguarded());
    CPPUNIT_ASSERT(b.try_join().has_value());
  }

  void awaitables_race_with_a_timer() {
    using namespace asio::experimental::awaitable_operators;
    asio::io_context io;
    semaphore s(0);
    const auto race = [&]() -> asio::awaitable<std::size_t> {
      asio::steady_timer timer(io, 1ms);
      auto first = co_await (async_op(acquire(s, 1), asio::use_awaitable) ||
                             timer.async_wait(asio::use_awaitable));
      co_return first.index();
    };
    std::future<std::size_t> timer_won = asio::co_spawn(io, race(), asio::use_future);
    io.run();
    CPPUNIT_ASSERT(timer_won.get() == 1 && !s.has_waiters());
  }

  void deferred_and_tuples() {
    asio::io_context io;
    semaphore s(1);
    auto later = async_op(acquire(s, 1), asio::deferred);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    called<permit> a;
    std::move(later)(asio::bind_executor(io.get_executor(), a.handler()));
    const auto await = [&]() -> asio::awaitable<bool> {
      auto [status, p] = co_await async_op(acquire(s, 1), asio::as_tuple(asio::use_awaitable));
      co_return status == make_error_code(errc::closed) && !p;
    };
    auto closed = asio::co_spawn(io, await(), asio::use_future);
    io.poll();
    CPPUNIT_ASSERT(a.value->count() == 1);
    s.close();
    io.run();
    CPPUNIT_ASSERT(closed.get());
  }

  void tasks_run_on_the_executor() {
    asio::io_context io;
    pawl::mutex<int> m(1);
    int result = 0;
    async_op([&] { return add_to(m, 2); },
             asio::bind_executor(io.get_executor(), [&](std::exception_ptr thrown, int sum) {
               CPPUNIT_ASSERT(!thrown);
               result = sum;
             }));
    CPPUNIT_ASSERT(m.unguarded() == 1 && result == 0);
    io.run();
    CPPUNIT_ASSERT(m.unguarded() == 3 && result == 3);
  }

  void tasks_are_cancelled_and_throw() {
    asio::io_context io;
    semaphore s(0);
    const auto obedient = [&]() -> pawl::task<int> {
      const auto token = co_await pawl::this_task::get_stop_token();
      co_return static_cast<int>((co_await s.acquire(1, token)).value().count());
    };
    const auto throws = [&]() -> pawl::task<> {
      co_await pawl::this_task::reschedule();
      throw std::runtime_error("thrown by a task");
    };
    asio::cancellation_signal cancel;
    std::exception_ptr cancelled, thrown;
    async_op(obedient, asio::bind_cancellation_slot(
                           cancel.slot(),
                           asio::bind_executor(io.get_executor(),
                                               [&](std::exception_ptr e, int) { cancelled = e; })));
    async_op(throws,
             asio::bind_executor(io.get_executor(), [&](std::exception_ptr e) { thrown = e; }));
    io.poll();
    CPPUNIT_ASSERT(!cancelled && s.has_waiters());
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(cancelled), pawl::operation_failed);
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(thrown), std::runtime_error);
  }

  void exceptions_leave_run() {
    asio::io_context io;
    semaphore s(1);
    async_op([] { return pawl::acquire_owned(nullptr); },
             asio::bind_executor(io.get_executor(), [](error_code, pawl::owned_permit) {}));
    CPPUNIT_ASSERT_THROW(io.run(), std::invalid_argument);
    io.restart();
    async_op(acquire(s, 1), asio::bind_executor(io.get_executor(), [](error_code, permit) {
               throw std::runtime_error("thrown by a handler");
             }));
    CPPUNIT_ASSERT_THROW(io.run(), std::runtime_error);
    CPPUNIT_ASSERT(s.is_poisoned());  // its permit died of the exception
  }

  // And with it what it would have been called with.
  void what_a_context_has_not_called_is_destroyed_with_it() {
    semaphore s(2);
    const auto tells = std::make_shared<int>();
    const auto task = [&]() -> pawl::task<> { const auto two = co_await s.acquire(2); };
    const auto coroutine = [&]() -> asio::awaitable<void> {
      const auto one = co_await async_op(acquire(s, 1), asio::use_awaitable);
      co_await async_op(acquire(s, 1), asio::use_awaitable);
    };
    {
      asio::io_context io;
      const auto bound = [&](auto handler) {
        return asio::bind_executor(io.get_executor(), std::move(handler));
      };
      asio::co_spawn(io, coroutine(), asio::detached);
      io.run_one();
      async_op(acquire(s, 1), bound([tells](error_code, const permit&) { ++*tells; }));
      async_op(acquire(s, semaphore::max_permits + 1),
               bound([tells](error_code, const permit&) { ++*tells; }));
      async_op(task, bound([tells](std::exception_ptr) { ++*tells; }));
      CPPUNIT_ASSERT(s.available_permits() == 0 && tells.use_count() == 4);
    }
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, s.available_permits());
    CPPUNIT_ASSERT(tells.use_count() == 1 && *tells == 0);
  }

  // The wait itself is one allocation, of the handler's allocator; Asio keeps such memory.
  void nothing_else_is_allocated() {
    asio::io_context io;
    semaphore s(0);
    called<permit> a;
    async_op(acquire(s, 1), asio::bind_executor(io.get_executor(), a.handler()));
    const auto before = allocations();
    s.release(1);
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    io.run();
    CPPUNIT_ASSERT_EQUAL(1, a.times);
  }

  void a_scheduler_runs_in_order() {
    asio::io_context io;
    pawl::asio_scheduler on_io(io.get_executor());
    std::string order;
    const auto note = [&](char c) -> pawl::task<> {
      order.push_back(c);
      co_await pawl::this_task::reschedule();
      CPPUNIT_ASSERT(pawl::current_scheduler() == &on_io);
      order.push_back(static_cast<char>(c - 'a' + 'A'));
    };
    auto a = pawl::spawn(on_io, note('a'));
    auto b = pawl::spawn(on_io, note('b'));
    CPPUNIT_ASSERT(order.empty());
    io.run();
    CPPUNIT_ASSERT_EQUAL(std::string("abAB"), order);
    CPPUNIT_ASSERT(pawl::current_scheduler() == nullptr);
  }

  void a_scheduler_allocates_nothing() {
    asio::io_context io;
    pawl::asio_scheduler on_io(io.get_executor());
    struct counting_item : pawl::work_item {
      counting_item() : work_item(&count) {}
      static void count(work_item& self) noexcept { ++static_cast<counting_item&>(self).times; }
      int times = 0;
    } first, second;
    const auto before = allocations();
    on_io.schedule(first);
    on_io.schedule(second);
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    io.run();
    CPPUNIT_ASSERT(first.times == 1 && second.times == 1);
  }

  // For ThreadSanitizer: coroutines of Asio on a pool, with a strand each, and tasks of pawl count
  // with one mutex; half of the waits race with a cancellation.
  void threads_and_strands() {
    constexpr int waiters = 8, rounds = 50;
    pawl::mutex<int> m(0);
    int locked = 0;  // under the lock, too
    {
      asio::thread_pool pool(3);
      pawl::asio_scheduler on_pool(pool.get_executor());
      std::vector<pawl::join_handle<>> tasks;
      std::vector<std::future<void>> coroutines;
      const auto add = [&]() -> pawl::task<> {
        for (int i = 0; i < rounds; ++i) {
          const auto held = (co_await m.lock()).value();
          ++*held;
          ++locked;
        }
      };
      const auto add_or_give_up = [&]() -> asio::awaitable<void> {
        const auto strand = co_await asio::this_coro::executor;
        for (int i = 0; i < rounds; ++i) {
          asio::cancellation_signal cancel;
          asio::post(strand, [&] { cancel.emit(asio::cancellation_type::terminal); });
          auto [status, held] = co_await async_op(
              [&](pawl::stop_token t) { return m.lock(t); },
              asio::bind_cancellation_slot(cancel.slot(), asio::as_tuple(asio::use_awaitable)));
          if (!status) {
            ++*held;
            ++locked;
          }
          held = {};
          co_await asio::post(strand, asio::use_awaitable);  // the signal was given
        }
      };
      for (int i = 0; i < waiters; ++i) {
        tasks.push_back(pawl::spawn(on_pool, add()));
        coroutines.push_back(
            asio::co_spawn(asio::make_strand(pool), add_or_give_up(), asio::use_future));
      }
      for (auto& each : coroutines) each.get();
      for (auto& each : tasks) CPPUNIT_ASSERT(std::move(each).join_blocking().has_value());
      pool.join();
    }
    CPPUNIT_ASSERT(!m.is_locked() && !m.has_waiters());
    CPPUNIT_ASSERT_EQUAL(m.unguarded(), locked);
    CPPUNIT_ASSERT(locked >= waiters * rounds);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(asio_test);

}  // namespace
