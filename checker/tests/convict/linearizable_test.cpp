// Histories that are those of a sequential object, and others that are not.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/check/sync.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "specifications.hpp"
#include "spin_lock.hpp"
#include "two_threads.hpp"
#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto not_linearizable = failure_kind::not_linearizable;

// Two slots behind an index, which is moved in one step or in two.
class two_values {
 public:
  explicit two_values(bool in_one_step) : in_one_step_(in_one_step) {}

  std::optional<int> pop() {
    const unsigned at = in_one_step_ ? first_.fetch_add(1, memory_order_acq_rel) : move_index();
    return at < 2 ? std::optional(static_cast<int>(at) + 1) : std::nullopt;
  }

 private:
  unsigned move_index() {
    const unsigned at = first_.load(memory_order_acquire);
    first_.store(at + 1, memory_order_release);
    return at;
  }

  bool in_one_step_;
  atomic<unsigned> first_{0};
};

// A lock whose threads draw numbers, or whose threads take it as they come.
class numbered_lock {
 public:
  explicit numbered_lock(bool is_fair) : is_fair_(is_fair) {}

  unsigned request() { return is_fair_ ? last_.fetch_add(1, memory_order_relaxed) : 0; }
  void wait(unsigned number) {
    if (!is_fair_) return barging_.lock();
    spin_until(turn_, [number](unsigned t) { return t == number; }, memory_order_acquire);
  }
  void unlock() {
    if (!is_fair_) return barging_.unlock();
    turn_.fetch_add(1, memory_order_release);
  }

 private:
  bool is_fair_;
  atomic<unsigned> last_{0}, turn_{0};
  spin_lock barging_;
};

std::string all_notes(const report& r) {
  std::string out;
  for (const std::string& note : r.error->notes) out += note + "\n";
  return out;
}

class linearizable_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(linearizable_test);
  CPPUNIT_TEST(counter);
  CPPUNIT_TEST(queue);
  CPPUNIT_TEST(weak_memory);
  CPPUNIT_TEST(order_is_happens_before);
  CPPUNIT_TEST(blocking_calls);
  CPPUNIT_TEST(calls_without_end);
  CPPUNIT_TEST(cancelled_calls);
  CPPUNIT_TEST(fair_lock);
  CPPUNIT_TEST(judged_before_the_end);
  CPPUNIT_TEST(discarded_executions_are_not_judged);
  CPPUNIT_TEST(the_report_tells_the_calls);
  CPPUNIT_TEST(recording_is_no_event);
  CPPUNIT_TEST(recording_is_seen_in_spite_of_snapshots);
  CPPUNIT_TEST(drawn_without_a_graph);
  CPPUNIT_TEST(misuse);
  CPPUNIT_TEST_SUITE_END();

 public:
  void counter() {
    static const auto program = [](bool in_one_step) {
      linearizable<counter_spec> history;
      atomic<int> x{0};
      two([&] {
        history.call<&counter_spec::next>([&] {
          if (in_one_step) return x.fetch_add(1, memory_order_relaxed);
          const int old = x.load(memory_order_relaxed);
          x.store(old + 1, memory_order_relaxed);
          return old;
        });
      });
    };
    convict_always(not_linearizable, "no order of the calls is one of counter_spec",
                   [] { program(false); });
    acquit_always([] { program(true); });
  }

  void queue() {
    static const auto program = [](bool in_one_step) {
      linearizable<queue_spec> history(queue_spec{{1, 2}});
      two_values values(in_one_step);
      const auto pop = [&] { return history.call<&queue_spec::pop>([&] { return values.pop(); }); };
      two(pop);
      require(!in_one_step || !pop(), "what was popped twice is gone");
    };
    convict_always(not_linearizable, "queue_spec", [] { program(false); });
    acquit_always([] { program(true); });
  }

  // Each thread counts in a place of its own, and reads all of them. Under sc, no reader can tell.
  void weak_memory() {
    static const auto program = [](memory_order o) {
      linearizable<counter_spec> history;
      atomic<int> a{0}, b{0};
      const auto add_and_read = [&](atomic<int>& mine) {
        history.call<&counter_spec::add>([&] { mine.store(1, o); });
        history.call<&counter_spec::read>([&] { return a.load(o) + b.load(o); });
      };
      thread first([&] { add_and_read(a); }), second([&] { add_and_read(b); });
      first.join();
      second.join();
    };
    const auto relaxed = [] { program(memory_order_relaxed); };
    convict(not_linearizable, "counter_spec", relaxed);
    convict(not_linearizable, "counter_spec", relaxed, {.memory_model = memory_model::tso});
    acquit(relaxed, {.memory_model = memory_model::sc});
    acquit([] { program(memory_order_seq_cst); });
  }

  // The read returns what was there before the write. That it is made when the write has been is
  // known only if the flag synchronises.
  void order_is_happens_before() {
    static const auto program = [](memory_order store, memory_order load) {
      linearizable<register_spec> history;
      atomic<bool> written{false};
      thread a([&] {
        history.call<&register_spec::write>([](int) {}, 1);
        written.store(true, store);
      });
      if (written.load(load)) history.call<&register_spec::read>([] { return 0; });
      a.join();
    };
    convict_always(not_linearizable, "register_spec",
                   [] { program(memory_order_release, memory_order_acquire); });
    acquit_always([] { program(memory_order_relaxed, memory_order_acquire); });
    acquit_always([] { program(memory_order_release, memory_order_relaxed); });
  }

  void blocking_calls() {
    static const auto program = [](bool waits) {
      linearizable<semaphore_spec> history(semaphore_spec{1});
      counting_semaphore<4> permits(1);
      two([&] {
        history.call<&semaphore_spec::acquire>([&] {
          if (waits) return permits.acquire();
          static_cast<void>(permits.try_acquire());
        });
        history.call<&semaphore_spec::release>([&](int n) { permits.release(n); }, 1);
      });
      history.call<&semaphore_spec::acquire>([&] { permits.acquire(); });
      const bool left =
          history.call<&semaphore_spec::try_acquire>([&] { return permits.try_acquire(); });
      require(!waits || !left, "there is one permit");
    };
    convict_always(not_linearizable, "semaphore_spec", [] { program(false); });
    acquit_always([] { program(true); });
  }

  // What has not ended when all threads have must have to wait.
  void calls_without_end() {
    static const auto program = [](int released, bool ends) {
      linearizable<semaphore_spec> history;
      const auto waiting = history.start<&semaphore_spec::acquire>();
      thread a([&] { history.call<&semaphore_spec::release>([](int) {}, released); });
      a.join();
      if (ends) waiting.returned();
    };
    acquit_always([] { program(0, false); });
    acquit_always([] { program(1, true); });
    convict_always(not_linearizable,
                   "semaphore_spec does not block all calls that have not ended: acquire() by main",
                   [] { program(1, false); });
    convict_always(not_linearizable, "no order of the calls is one of semaphore_spec",
                   [] { program(0, true); });
    // Of the two that could go on, neither does.
    convict_always(not_linearizable, "acquire() by main; acquire() by main", [] {
      linearizable<semaphore_spec> history;
      history.start<&semaphore_spec::acquire>();
      history.start<&semaphore_spec::acquire>();
      history.call<&semaphore_spec::release>([](int) {}, 1);
    });
  }

  // A wait whose time is up has no effect; one that keeps the lock nevertheless is found out.
  void cancelled_calls() {
    static const auto program = [](bool keeps) {
      linearizable<lock_spec> history;
      binary_semaphore m(1);
      const auto try_for = [&] {
        const bool locked = m.try_acquire_for(std::chrono::milliseconds{1});
        return locked && !keeps;
      };
      const auto unlock = [&] { m.release(); };
      const auto timed = [&] {
        if (history.call<&lock_spec::request, &lock_spec::lock, &lock_spec::cancel>(try_for))
          history.call<&lock_spec::unlock>(unlock);
      };
      two(timed);
      const auto last = history.start<&lock_spec::request, &lock_spec::lock>();
      if (!m.try_acquire()) return;
      last.returned();
      history.call<&lock_spec::unlock>(unlock);
    };
    acquit_always([] { program(false); });
    convict_always(not_linearizable,
                   "lock_spec does not block all calls that have not ended: lock() by main",
                   [] { program(true); });
    // One that has not returned yet may be over.
    static const auto unended = [](int length) {
      linearizable<line_spec> history;
      const auto waiting =
          history.start<&line_spec::request, &line_spec::take, &line_spec::cancel>();
      waiting.requested();
      history.call<&line_spec::length>([=] { return length; });
      history.start<&line_spec::request, &line_spec::take>();
      history.check();
      throw std::runtime_error("the end");
    };
    convict_always(failure_kind::exception, "the end", [] { unended(0); });
    convict_always(failure_kind::exception, "the end", [] { unended(1); });
    convict_always(not_linearizable, "line_spec", [] { unended(2); });
    // Of a call with a result, an empty optional says so.
    static const auto with_result = [](std::optional<int> got) {
      linearizable<line_spec> history;
      history.call<&line_spec::request, &line_spec::take, &line_spec::cancel>([=] { return got; });
      history.call<&line_spec::length>([] { return 0; });
    };
    acquit_always([] { with_result(7); });
    acquit_always([] { with_result(std::nullopt); });
    convict_always(not_linearizable, "line_spec", [] { with_result(8); });
    // Cancelled means that it has no effect.
    static const auto without_request = [](bool has_effect) {
      linearizable<semaphore_spec> history(semaphore_spec{1});
      history.start<&semaphore_spec::acquire>().cancelled();
      history.call<&semaphore_spec::try_acquire>([=] { return !has_effect; });
    };
    acquit_always([] { without_request(false); });
    convict_always(not_linearizable, "semaphore_spec", [] { without_request(true); });
  }

  // Who is seen in the queue is ahead.
  void fair_lock() {
    static const auto program = [](bool is_fair, bool tells) {
      linearizable<lock_spec> history;
      numbered_lock m(is_fair);
      atomic<bool> queued{false};
      const auto unlock = [&] { history.call<&lock_spec::unlock>([&] { m.unlock(); }); };
      const auto lock = [&](bool first) {
        const auto started = history.start<&lock_spec::request, &lock_spec::lock>();
        const unsigned number = m.request();
        if (tells) started.requested();
        if (first) queued.store(true, memory_order_release);
        m.wait(number);
        started.returned();
        unlock();
      };
      thread a([&] { lock(true); });
      spin_until(queued, [](bool q) { return q; }, memory_order_acquire);
      lock(false);
      a.join();
    };
    convict_always(not_linearizable, "lock_spec", [] { program(false, true); });
    acquit_always([] { program(true, true); });
    acquit_always([] { program(false, false); });  // Nobody can know who came first.
  }

  void judged_before_the_end() {
    static const auto program = [](int read, bool looks) {
      linearizable<register_spec> history;
      const auto writing = history.start<&register_spec::write>(1);
      history.call<&register_spec::read>([=] { return read; });
      if (looks) history.check();
      writing.returned();
      throw std::runtime_error("the end");
    };
    convict_always(not_linearizable, "register_spec", [] { program(2, true); });
    convict_always(failure_kind::exception, "the end", [] { program(2, false); });
    convict_always(failure_kind::exception, "the end", [] { program(1, true); });
    convict_always(failure_kind::exception, "the end", [] { program(0, true); });
  }

  void discarded_executions_are_not_judged() {
    static const auto program = [](bool discards) {
      linearizable<register_spec> history;
      const int read = static_cast<int>(choose(2));
      history.call<&register_spec::read>([=] { return read; });
      if (discards) assume(read == 0);
    };
    acquit_always([] { program(true); });
    convict_always(not_linearizable, "register_spec", [] { program(false); });
  }

  void the_report_tells_the_calls() {
    const report r = explore([] {
      name_thread("the first");
      linearizable<queue_spec> history;
      thread a([&] { history.call<&queue_spec::push>([](int) {}, 7); });
      a.join();
      history.call<&queue_spec::pop>([] { return std::optional(8); });
      history.start<&queue_spec::push>(9).cancelled();
      history.start<&queue_spec::pop>();
    });
    CPPUNIT_ASSERT(r.error && r.error->kind == not_linearizable);
    CPPUNIT_ASSERT_EQUAL(std::string("(1) push(7) by thread 1\n"
                                     "(2) pop() = 8 by the first, after (1)\n"
                                     "(3) push(9) by the first, cancelled, after (2)\n"
                                     "(4) pop() by the first, has not ended, after (3)\n"
                                     "an order gets no further than (1)\n"),
                         all_notes(r));
    CPPUNIT_ASSERT(r.text().find("not linearizable: no order") != std::string::npos);
  }

  // The same executions, and the same addresses.
  void recording_is_no_event() {
    static const auto program = [](bool records, std::set<const void*>& addresses) {
      std::optional<linearizable<queue_spec>> history;
      if (records) history.emplace();
      cell<std::vector<int>> items;
      check::mutex m;
      two([&] {
        const auto push = [&](int v) {
          m.lock();
          items.with([&](auto& i) { i.push_back(v); });
          m.unlock();
        };
        if (records)
          history->call<&queue_spec::push>(push, 1);
        else
          push(1);
        const std::vector<int> mine(3);
        const unmodelled outside;
        addresses.insert(mine.data());
      });
    };
    report reports[2];
    std::set<const void*> addresses[2];
    for (const bool records : {false, true})
      reports[records ? 1 : 0] = explore([&] { program(records, addresses[records ? 1 : 0]); });
    for (const report& r : reports) CPPUNIT_ASSERT(r.verdict == verdict::clean && r.complete == 2);
    CPPUNIT_ASSERT(reports[0].blocked == reports[1].blocked);
    const auto offsets = [](const std::set<const void*>& from) {
      std::vector<std::uintptr_t> out;
      for (const void* p : from) out.push_back(reinterpret_cast<std::uintptr_t>(p) & 0xfff'ffffu);
      return out;
    };
    CPPUNIT_ASSERT(offsets(addresses[0]) == offsets(addresses[1]));
  }

  // Executions that begin in the middle, or are told without being run, would have no history.
  void recording_is_seen_in_spite_of_snapshots() {
    static const auto program = [](bool counts) {
      atomic<int> x{0}, y{0};
      const auto both = [&] {
        x.fetch_add(1, memory_order_relaxed);
        y.fetch_add(1, memory_order_relaxed);
      };
      two(both);
      linearizable<counter_spec> history(counter_spec{2});
      two([&] {
        for (int i = 0; i < 2; ++i)
          history.call<&counter_spec::next>([&] {
            const int old = x.fetch_add(1, memory_order_relaxed);
            return old == 3 && i == 1 && !counts ? 2 : old;
          });
      });
    };
    for (const auto use : {snapshot_use::automatic, snapshot_use::always, snapshot_use::never}) {
      const report r = explore([] { program(true); }, {.snapshots = use});
      CPPUNIT_ASSERT_MESSAGE(r.text(), r.verdict == verdict::clean);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{24}, r.complete);
      convict(not_linearizable, "counter_spec", [] { program(false); }, {.snapshots = use});
    }
  }

  void drawn_without_a_graph() {
    static const auto program = [](bool in_one_step) {
      linearizable<queue_spec> history(queue_spec{{1, 2}});
      two_values values(in_one_step);
      two([&] { history.call<&queue_spec::pop>([&] { return values.pop(); }); });
    };
    for (const strategy s : {strategy::random, strategy::pct, strategy::pos}) {
      const options o{.memory_model = memory_model::sc, .strategy = s, .executions = 1000};
      convict(not_linearizable, "queue_spec", [] { program(false); }, o);
      acquit([] { program(true); }, o);
    }
  }

  void misuse() {
    convict_always(failure_kind::misuse, "acquire() ends twice", [] {
      linearizable<semaphore_spec> history(semaphore_spec{1});
      const auto c = history.start<&semaphore_spec::acquire>();
      c.returned();
      c.cancelled();
    });
    convict_always(failure_kind::limit, "more than 64 calls", [] {
      linearizable<counter_spec> history;
      for (int i = 0; i < 65; ++i) history.call<&counter_spec::add>([] {});
    });
    acquit([] {
      linearizable<counter_spec> history;
      for (int i = 0; i < 64; ++i) history.call<&counter_spec::add>([=] { return i; });
    });
    struct throwing_spec {
      int read() { throw std::runtime_error("no such state"); }
      bool operator==(const throwing_spec&) const = default;
    };
    convict_always(failure_kind::exception, "throwing_spec: no such state", [] {
      linearizable<throwing_spec> history;
      history.call<&throwing_spec::read>([] { return 1; });
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(linearizable_test);

}  // namespace
}  // namespace pawl::check::tests
