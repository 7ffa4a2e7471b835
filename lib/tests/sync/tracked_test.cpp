#include <pawl/sync/mutex.hpp>
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/tracked.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>
#include <utility>

namespace {

using pawl::obligation_ledger;
using pawl::obligation_region;
using pawl::obligation_stats;
using pawl::track;
using kind = pawl::obligation_kind;

pawl::task<std::size_t> use(obligation_ledger& ledger, pawl::semaphore& s) {
  auto taken = co_await s.acquire(2);
  const auto held = track(ledger, *std::move(taken), "cores");
  co_return ledger.count_pending({.kind = kind::semaphore_permit});
}

class tracked_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(tracked_test);
  CPPUNIT_TEST(a_guard_is_in_the_books_while_it_is_held);
  CPPUNIT_TEST(so_is_a_permit);
  CPPUNIT_TEST(it_is_given_back_once);
  CPPUNIT_TEST(an_exception_aborts);
  CPPUNIT_TEST(released_it_is_not_in_the_books);
  CPPUNIT_TEST(a_closed_region_takes_nothing);
  CPPUNIT_TEST(any_kind_can_be_named);
  CPPUNIT_TEST_SUITE_END();

  obligation_ledger ledger_{4};
  pawl::mutex<int> m_{7};
  pawl::semaphore s_{3};

  void a_guard_is_in_the_books_while_it_is_held() {
    const unsigned line = __LINE__ + 1;
    auto held = track(ledger_, *m_.try_lock(), "stock");
    CPPUNIT_ASSERT(held && **held == 7);
    const auto pending = ledger_.pending();
    CPPUNIT_ASSERT(pending.size() == 1 && pending[0].kind == kind::lock);
    CPPUNIT_ASSERT(pending[0].what == "stock" && pending[0].id == held.id());
    CPPUNIT_ASSERT_EQUAL(line, static_cast<unsigned>(pending[0].where.line()));
    held.give_back();
    CPPUNIT_ASSERT(!held && !m_.is_locked() && ledger_.is_clean());
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{1, 1, 0, 0}));
  }

  void so_is_a_permit() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, pawl::sync_wait(use(ledger_, s_)));
    CPPUNIT_ASSERT(ledger_.is_clean() && s_.available_permits() == 3);
  }

  void it_is_given_back_once() {
    auto first = track(ledger_, *s_.try_acquire(1));
    auto second = track(ledger_, *s_.try_acquire(2));
    auto moved = std::move(first);
    CPPUNIT_ASSERT(!first && moved->count() == 1 && ledger_.count_pending() == 2);
    moved = std::move(second);
    CPPUNIT_ASSERT(moved->count() == 2 && s_.available_permits() == 1);
    moved.give_back();
    moved.give_back();
    CPPUNIT_ASSERT(s_.available_permits() == 3);
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{2, 2, 0, 0}));
  }

  void die() {
    const auto held = track(ledger_, *m_.try_lock());
    throw std::runtime_error("thrown while it is held");
  }

  void an_exception_aborts() {
    CPPUNIT_ASSERT_THROW(die(), std::runtime_error);
    CPPUNIT_ASSERT(m_.is_poisoned() && ledger_.is_clean());
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{1, 0, 1, 0}));
    CPPUNIT_ASSERT(ledger_.history().at(0).reason == "an exception");
  }

  void released_it_is_not_in_the_books() {
    auto held = track(ledger_, *m_.try_lock());
    auto guard = std::move(held).release();
    CPPUNIT_ASSERT(guard && !held && m_.is_locked() && ledger_.is_clean());
  }

  void a_closed_region_takes_nothing() {
    obligation_region region(ledger_, "request");
    CPPUNIT_ASSERT(region.close());
    CPPUNIT_ASSERT_THROW(static_cast<void>(track(region, *m_.try_lock())), std::logic_error);
    CPPUNIT_ASSERT(!m_.is_locked() && !m_.is_poisoned() && ledger_.is_clean());
  }

  void any_kind_can_be_named() {
    const auto held = track(ledger_, *s_.try_acquire(1), "card", kind::lease);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ledger_.count_pending({.kind = kind::lease}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(tracked_test);

}  // namespace
