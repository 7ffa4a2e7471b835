// What guards and permits took and never gave back, or took again, and obligations that leak.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/tracked.hpp>

#include <cstddef>
#include <memory>
#include <utility>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto transaction = obligation_kind::transaction;

// Memory that nobody frees, with `held` in it.
template <class Holding>
void lose(Holding held) {
  auto* const lost = new Holding(std::move(held));
  asm volatile("" : : "r"(lost) : "memory");
}

class ownership_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ownership_test);
  CPPUNIT_TEST(lost_guard);
  CPPUNIT_TEST(lost_guard_of_one_interleaving);
  CPPUNIT_TEST(lost_permit_of_a_thread);
  CPPUNIT_TEST(lost_reader);
  CPPUNIT_TEST(what_was_given_back_is_not_told);
  CPPUNIT_TEST(given_back);
  CPPUNIT_TEST(locked_again);
  CPPUNIT_TEST(lost_obligation);
  CPPUNIT_TEST(lost_obligation_of_one_interleaving);
  CPPUNIT_TEST(resolved_obligation);
  CPPUNIT_TEST_SUITE_END();

 public:
  void lost_guard() {
    convict_always(failure_kind::leak, "main never gave back what it took of stock", [] {
      mutex<int> m;
      name(&m, "stock");
      lose(*m.lock_blocking());
    });
  }

  void lost_guard_of_one_interleaving() {
    convict_always(failure_kind::leak, "never gave back what it took of a lock or semaphore", [] {
      mutex<int> m(0);
      const auto once = [&] {
        auto held = *m.lock_blocking();
        if (++*held == 2) lose(std::move(held));
      };
      thread a(once), b(once);
      a.join();
      b.join();
    });
  }

  void lost_permit_of_a_thread() {
    convict_always(failure_kind::leak, "thread 1 never gave back what it took of slots", [] {
      semaphore s(2);
      name(&s, "slots");
      thread([&] { lose(std::pair(*s.try_acquire(), 7)); }).join();
    });
  }

  void lost_reader() {
    convict_always(failure_kind::leak, "main never gave back what it took", [] {
      shared_mutex<int> m;
      lose(*m.try_lock_shared());
    });
  }

  // The memory leaks, but nothing else.
  void what_was_given_back_is_not_told() {
    const report r = explore([] {
      mutex<int> m;
      auto* const lost = new mutex_guard<int>(*m.lock_blocking());
      asm volatile("" : : "r"(lost) : "memory");
      lost->unlock();
    });
    CPPUNIT_ASSERT(r.error && r.error->kind == failure_kind::leak);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, r.error->sentence.find("1 block ("));
  }

  void given_back() {
    acquit_always([] {
      mutex<int> m;
      semaphore s(2);
      auto held = std::make_unique<mutex_guard<int>>(*m.lock_blocking());
      auto taken = std::make_unique<permit>(*s.try_acquire(2));
      auto part = std::make_unique<permit>(*taken->split(1));
      thread([&] { held.reset(); }).join();
      taken->merge(std::move(*part));
    });
  }

  void locked_again() {
    convict_always(failure_kind::deadlock, "main waits at ", [] {
      mutex<int> m;
      const auto held = m.lock_blocking();
      static_cast<void>(m.lock_blocking());
    });
  }

  void lost_obligation() {
    convict_always(failure_kind::leak, "transaction \"update\", taken at ", [] {
      obligation_ledger ledger;
      static_cast<void>(ledger.reserve(transaction, "update"));
    });
  }

  void lost_obligation_of_one_interleaving() {
    convict_always(failure_kind::leak, "is leaked", [] {
      obligation_ledger ledger;
      atomic<int> turn{0};
      thread other([&] { turn.store(1, memory_order_relaxed); });
      obligation o = ledger.reserve(transaction);
      if (turn.load(memory_order_relaxed) == 0) o.commit();
      other.join();
    });
  }

  void resolved_obligation() {
    acquit_always([] {
      obligation_ledger ledger;
      mutex<int> m;
      thread other([&] { track(ledger, *m.lock_blocking()).give_back(); });
      ledger.reserve(transaction).abort();
      other.join();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ownership_test);

}  // namespace
}  // namespace pawl::check::tests
