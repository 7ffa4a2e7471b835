#include <pawl/sync/permit_store.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using pawl::count_t;
using pawl::counting_word;

constexpr count_t most = counting_word::max_permits;

constexpr counting_word waiting(count_t permits) { return {permits, counting_word::queued}; }

static_assert(pawl::atomic<counting_word>::is_always_lock_free);

class permit_store_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(permit_store_test);
  CPPUNIT_TEST(flags_and_permits_do_not_touch);
  CPPUNIT_TEST(admits_newcomers);
  CPPUNIT_TEST(absorbs_releases);
  CPPUNIT_TEST(debt);
  CPPUNIT_TEST(shares);
  CPPUNIT_TEST(releases_with_waiters_may_exceed_the_limit_for_a_while);
  CPPUNIT_TEST(entering_and_leaving);
  CPPUNIT_TEST_SUITE_END();

 public:
  void flags_and_permits_do_not_touch() {
    const counting_word all(most, counting_word::lenient | counting_word::closed);
    CPPUNIT_ASSERT_EQUAL(most, all.available());
    CPPUNIT_ASSERT_EQUAL(count_t{0}, all.minus(most).available());
    CPPUNIT_ASSERT(all.minus(most).has(counting_word::lenient));
    CPPUNIT_ASSERT(all.minus(most).has(counting_word::closed));
    CPPUNIT_ASSERT(!all.has(counting_word::poisoned));
  }

  void admits_newcomers() {
    const counting_word two(2, counting_word::lenient);
    CPPUNIT_ASSERT(two.admits(0) && two.admits(2) && !two.admits(3));
    CPPUNIT_ASSERT(!two.admits(most + 1) && !two.admits(~count_t{0}));
    CPPUNIT_ASSERT(!waiting(2).admits(0));
    CPPUNIT_ASSERT(!two.with(counting_word::poisoned).admits(0));
    CPPUNIT_ASSERT(!two.with(counting_word::closed).admits(0));
  }

  void absorbs_releases() {
    const counting_word w(most - 2, 0);
    CPPUNIT_ASSERT(w.absorbs(2) && !w.absorbs(3) && !w.absorbs(count_t{1} << 54));
    CPPUNIT_ASSERT(!w.with(counting_word::closed).absorbs(1));  // but released() counts it
    CPPUNIT_ASSERT_EQUAL(most - 1, w.with(counting_word::closed).released(1)->available());
    CPPUNIT_ASSERT(!w.shrunk(most).absorbs(1) && w.shrunk(most - 2).absorbs(most));
    for (const count_t n : {count_t{0}, most, count_t{127} << 48 | most}) {
      CPPUNIT_ASSERT(!w.with(counting_word::queued).absorbs(n));
      CPPUNIT_ASSERT(!w.shrunk(2 * most).with(counting_word::poisoned).absorbs(n));
    }
    CPPUNIT_ASSERT(!w.with(counting_word::poisoned).absorbs(0));
    CPPUNIT_ASSERT(!w.with(counting_word::queued).absorbs(0));
  }

  void debt() {
    const counting_word two(2, counting_word::lenient);
    const counting_word owing = two.shrunk(5);
    CPPUNIT_ASSERT_EQUAL(count_t{0}, owing.available());
    CPPUNIT_ASSERT(!owing.admits(0) || owing.available() == 0);
    CPPUNIT_ASSERT_EQUAL(count_t{0}, owing.plus(3).available());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, owing.plus(4).available());
    CPPUNIT_ASSERT(owing.has(counting_word::lenient));
    const counting_word deepest = owing.shrunk(~count_t{0});
    CPPUNIT_ASSERT(deepest.bits() == deepest.shrunk(1).bits());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, deepest.plus(most).plus(1).available());
  }

  void shares() {
    const counting_word two(2, 0);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, *two.share(2, 2));
    CPPUNIT_ASSERT(!two.share(3, 3));
    CPPUNIT_ASSERT_EQUAL(count_t{2}, *two.share(1, 5));
    CPPUNIT_ASSERT_EQUAL(count_t{1}, *two.share(1, 1));
    CPPUNIT_ASSERT(!counting_word(0, 0).share(1, 5));
    CPPUNIT_ASSERT_EQUAL(count_t{0}, *counting_word(0, 0).share(0, 0));
  }

  void releases_with_waiters_may_exceed_the_limit_for_a_while() {
    const counting_word w = *waiting(most).released(most);
    CPPUNIT_ASSERT(!w.has(counting_word::poisoned) && w.overflows());
    CPPUNIT_ASSERT_EQUAL(most, w.available());
    CPPUNIT_ASSERT_EQUAL(most, w.minus(most).available());
    CPPUNIT_ASSERT(!w.minus(most).overflows());
    CPPUNIT_ASSERT(counting_word(most, 0).released(1)->has(counting_word::poisoned));
    CPPUNIT_ASSERT(waiting(0).released(most + 1)->has(counting_word::poisoned));
    CPPUNIT_ASSERT(!waiting(0).with(counting_word::poisoned).released(1));
    counting_word full = waiting(0);
    for (int i = 0; i < 1000; ++i) full = full.released(most).value_or(full);
    CPPUNIT_ASSERT(full.has(counting_word::poisoned));
    CPPUNIT_ASSERT(full.available() == most);
  }

  void entering_and_leaving() {
    const counting_word idle(1, 0);
    const counting_word held = idle.entered();
    CPPUNIT_ASSERT(held.has(counting_word::locked) && held.has(counting_word::queued));
    CPPUNIT_ASSERT(!held.has_news());
    CPPUNIT_ASSERT(held.entered().has_news());
    CPPUNIT_ASSERT(held.left(true).bits() == idle.bits());
    CPPUNIT_ASSERT(held.left(false).bits() == idle.with(counting_word::queued).bits());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(permit_store_test);

}  // namespace
