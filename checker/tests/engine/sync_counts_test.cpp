// Programs with locks have as many executions as their critical sections have orders.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>
#include <pawl/check/sync.hpp>

#include <mutex>

#include "../convict/spin_lock.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

struct counts {
  std::uint64_t complete, blocked;
  friend bool operator==(const counts&, const counts&) = default;
  friend std::ostream& operator<<(std::ostream& out, const counts& c) {
    return out << c.complete << " complete, " << c.blocked << " blocked";
  }
};

counts count(program p, memory_model m = memory_model::rc11, bool unblocking = true) {
  const report r =
      explore(std::move(p),
              {.memory_model = m, .unblocking = unblocking, .snapshots = snapshot_use::always});
  CPPUNIT_ASSERT_MESSAGE(r.error ? r.error->sentence : "no error", r.ok());
  return {r.complete, r.blocked};
}

template <class Program>
void assert_counts(counts expected, const Program& p) {
  for (const memory_model m : models)
    CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(to_string(m)), expected, count(p, m));
}

template <class Lock>
void increment_under(std::size_t threads, unsigned times) {
  Lock l;
  cell<int> x{0};
  on_threads(threads, [&](std::size_t) {
    for (unsigned i = 0; i < times; ++i) {
      const std::lock_guard lock(l);
      x.write(x.read() + 1);
    }
  });
}

template <class Lock>
void try_and_increment(std::size_t threads) {
  Lock l;
  cell<int> x{0};
  on_threads(threads, [&](std::size_t i) {
    if (i == 0)
      l.lock();
    else if (!l.try_lock())
      return;
    x.write(x.read() + 1);
    l.unlock();
  });
}

template <class Lock>
void two_locks() {
  Lock first, second;
  on_threads(3, [&](std::size_t i) {
    const std::lock_guard outer(i == 2 ? second : first);
    if (i == 0) const std::lock_guard inner(second);
  });
}

// A semaphore as a lock.
class permit {
 public:
  void lock() { s_.acquire(); }
  void unlock() { s_.release(); }

 private:
  binary_semaphore s_{1};
};

class sync_counts_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(sync_counts_test);
  CPPUNIT_TEST(one_section_each);
  CPPUNIT_TEST(two_sections_each);
  CPPUNIT_TEST(as_many_as_with_an_atomic);
  CPPUNIT_TEST(deadlock_is_one_execution);
  CPPUNIT_TEST(calls);
  CPPUNIT_TEST(choices_of_notify_one);
  CPPUNIT_TEST(without_unblocking);
  CPPUNIT_TEST_SUITE_END();

 public:
  void one_section_each() {
    std::uint64_t orders = 1;
    for (std::size_t n = 2; n <= 6; ++n) {
      orders *= n;
      assert_counts({orders, 0}, [n] { increment_under<mutex>(n, 1); });
      assert_counts({orders, 0}, [n] { increment_under<permit>(n, 1); });
    }
    assert_counts({24, 0}, [] { increment_under<recursive_mutex>(4, 1); });
    assert_counts({24, 0}, [] { increment_under<shared_mutex>(4, 1); });
  }

  void two_sections_each() {
    assert_counts({90, 0}, [] { increment_under<mutex>(3, 2); });
    assert_counts({90, 0}, [] { increment_under<permit>(3, 2); });
  }

  void as_many_as_with_an_atomic() {
    const auto same = [](const auto& ours, const auto& plain) {
      for (const memory_model m : models)
        CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(to_string(m)), count(plain, m), count(ours, m));
    };
    same([] { increment_under<mutex>(4, 2); }, [] { increment_under<spin_lock>(4, 2); });
    same([] { two_locks<mutex>(); }, [] { two_locks<spin_lock>(); });
    for (const std::size_t n : {2u, 3u, 4u})
      same([n] { try_and_increment<mutex>(n); }, [n] { try_and_increment<spin_lock>(n); });
  }

  void deadlock_is_one_execution() {
    const report r = explore([] {
      mutex a, b;
      on_threads(2, [&](std::size_t i) {
        const std::lock_guard outer(i == 0 ? a : b);
        const std::lock_guard inner(i == 0 ? b : a);
      });
    });
    CPPUNIT_ASSERT(r.error && r.error->kind == failure_kind::deadlock);
  }

  // One thread calls, the others only read that it has.
  void calls() {
    for (const std::uint64_t n : {2u, 3u, 4u, 5u})
      assert_counts({n, 0}, [n] {
        once_flag once;
        cell<int> x{0};
        on_threads(n, [&](std::size_t) {
          call_once(once, [&] { x.write(1); });
          require(x.read() == 1, "it was called");
        });
      });
  }

  // Two come to wait in two orders, and either is notified first; of three places among the second
  // notification and the thread it wakes, that one takes one to leave; both lock in two orders.
  void choices_of_notify_one() {
    const auto program = [] {
      mutex m;
      condition_variable v;
      cell<int> waiting{0};
      on_threads(3, [&](std::size_t i) {
        std::unique_lock lock(m);
        if (i < 2) {
          waiting.write(waiting.read() + 1);
          v.wait(lock);
          return;
        }
        assume(waiting.read() == 2);
        lock.unlock();
        v.notify_one();
        v.notify_one();
      });
    };
    for (const memory_model m : models)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(to_string(m)), std::uint64_t{2 * 2 * 3 * 2},
                                   count(program, m).complete);
  }

  void without_unblocking() {
    for (const memory_model m : models) {
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{24},
                           count([] { increment_under<mutex>(4, 1); }, m, false).complete);
      CPPUNIT_ASSERT_EQUAL(count([] { try_and_increment<mutex>(3); }, m).complete,
                           count([] { try_and_increment<mutex>(3); }, m, false).complete);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(sync_counts_test);

}  // namespace
}  // namespace pawl::check::tests
