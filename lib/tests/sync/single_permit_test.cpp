#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/single_permit.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/thread_wait.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <vector>

namespace {

using pawl::single_word;
using pawl::verdict;

// The smallest lock over the one-permit store.
class lock {
 public:
  void acquire() {
    if (core_.try_take_now(1)) return;
    pawl::detail::thread_wait<pawl::single_permit> wait(core_, 1, false);
    CPPUNIT_ASSERT(wait.block() == verdict::granted);
  }
  bool try_acquire() { return core_.try_take(1, 1).outcome == verdict::granted; }
  void release() { core_.put(1); }
  pawl::synchronizer<pawl::single_permit>& core() { return core_; }

 private:
  pawl::synchronizer<pawl::single_permit> core_{1};
};

static_assert(sizeof(lock) == 16);

// A waiter that notes its verdict when it is resumed.
class noting_waiter : public pawl::waiter {
 public:
  explicit noting_waiter(std::vector<noting_waiter*>& log, pawl::count_t n = 1)
      : waiter(&note, n, false), log_(log) {}

  void arrive(lock& at) {
    at.core().arrive(*this);
    if (join(suspended | finished)) note(*this);  // nothing from outside cancels it
  }
  void withdraw(lock& from) { from.core().withdraw(*this, verdict::cancelled); }

  using waiter::outcome;

 private:
  static void note(work_item& self) noexcept {
    auto& me = static_cast<noting_waiter&>(self);
    me.log_.push_back(&me);
  }

  std::vector<noting_waiter*>& log_;
};

class single_permit_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(single_permit_test);
  CPPUNIT_TEST(word_holds_inbox_and_flags_apart);
  CPPUNIT_TEST(hands_over_in_order);
  CPPUNIT_TEST(withdraws);
  CPPUNIT_TEST(zero_weight_needs_no_permit_but_its_turn);
  CPPUNIT_TEST(a_second_permit_poisons);
  CPPUNIT_TEST(closes);
  CPPUNIT_TEST(excludes_threads);
  CPPUNIT_TEST_SUITE_END();

 public:
  void word_holds_inbox_and_flags_apart() {
    std::vector<noting_waiter*> log;
    noting_waiter w(log);
    const single_word empty(1, single_word::lenient);
    const auto pushed = empty.with_inbox(pawl::inbox_entry::request(w));
    CPPUNIT_ASSERT(!empty.has_news() && pushed.has_news());
    CPPUNIT_ASSERT(&pushed.inbox().subject() == &w && pushed.inbox().is_request());
    CPPUNIT_ASSERT(pushed.has(single_word::lenient) && pushed.available() == 1);
    CPPUNIT_ASSERT(pushed.with_inbox({}).bits() == empty.bits());
    CPPUNIT_ASSERT(single_word(2, 0).has(single_word::poisoned));
  }

  void hands_over_in_order() {
    lock l;
    std::vector<noting_waiter*> log;
    noting_waiter a(log), b(log);
    l.acquire();
    a.arrive(l);
    b.arrive(l);
    CPPUNIT_ASSERT(!l.try_acquire());
    l.release();
    CPPUNIT_ASSERT((log == std::vector{&a}));
    l.release();
    CPPUNIT_ASSERT((log == std::vector{&a, &b}));
    CPPUNIT_ASSERT(!l.try_acquire());
    l.release();
    CPPUNIT_ASSERT(l.try_acquire());
  }

  void withdraws() {
    lock l;
    std::vector<noting_waiter*> log;
    noting_waiter a(log), b(log);
    l.acquire();
    a.arrive(l);
    b.arrive(l);
    a.withdraw(l);
    CPPUNIT_ASSERT(a.outcome() == verdict::cancelled);
    CPPUNIT_ASSERT((log == std::vector{&a}));
    l.release();
    CPPUNIT_ASSERT(b.outcome() == verdict::granted);
    b.withdraw(l);  // too late
    CPPUNIT_ASSERT(b.outcome() == verdict::granted);
    CPPUNIT_ASSERT(!l.core().look().has(single_word::queued));
  }

  void zero_weight_needs_no_permit_but_its_turn() {
    lock l;
    std::vector<noting_waiter*> log;
    noting_waiter one(log), zero(log, 0);
    l.acquire();
    one.arrive(l);
    zero.arrive(l);
    CPPUNIT_ASSERT(log.empty());
    l.release();
    CPPUNIT_ASSERT((log == std::vector{&one, &zero}));
    CPPUNIT_ASSERT(!l.try_acquire());
  }

  void a_second_permit_poisons() {
    lock l;
    l.release();
    CPPUNIT_ASSERT(l.core().try_take(1, 1).outcome == verdict::poisoned);
  }

  void closes() {
    lock l;
    std::vector<noting_waiter*> log;
    noting_waiter a(log);
    l.acquire();
    a.arrive(l);
    l.core().fail(single_word::closed);
    CPPUNIT_ASSERT(a.outcome() == verdict::closed);
    l.release();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, l.core().look().available());
    CPPUNIT_ASSERT(l.core().try_take(1, 1).outcome == verdict::closed);
  }

  // SEM-MUTEX(1).
  void excludes_threads() {
    constexpr int rounds = 20000;
    lock l;
    long sum = 0;
    const auto add = [&] {
      for (int i = 0; i < rounds; ++i) {
        l.acquire();
        ++sum;
        l.release();
      }
    };
    pawl::thread other(add);
    add();
    other.join();
    CPPUNIT_ASSERT_EQUAL(2L * rounds, sum);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(single_permit_test);

}  // namespace
