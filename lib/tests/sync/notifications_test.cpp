#include <pawl/sync/notifications.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using word = pawl::notification_word;
using pawl::count_t;
using pawl::maybe;

constexpr word idle(0, 0);
constexpr word waited_for(0, word::queued);

word after(word w, count_t what, count_t times = 1) {
  for (count_t i = 0; i < times; ++i) w = *w.released(what);
  return w;
}

class notifications_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(notifications_test);
  CPPUNIT_TEST(stores_one_of_whatever_kind);
  CPPUNIT_TEST(counts_what_is_sent_while_somebody_waits);
  CPPUNIT_TEST(merges_what_is_left_over);
  CPPUNIT_TEST(a_generation_that_is_over_needs_nothing);
  CPPUNIT_TEST(generations_wrap_around);
  CPPUNIT_TEST(tells_earlier_generations_from_later_ones);
  CPPUNIT_TEST(what_can_not_be_counted_is_for_all);
  CPPUNIT_TEST_SUITE_END();

 public:
  void stores_one_of_whatever_kind() {
    for (const count_t what : {word::to_first, word::to_last}) {
      CPPUNIT_ASSERT_EQUAL(count_t{1}, after(idle, what, 3).firsts());
      CPPUNIT_ASSERT_EQUAL(count_t{0}, after(idle, what, 3).lasts());
    }
    CPPUNIT_ASSERT_EQUAL(count_t{0}, after(idle, word::to_all).firsts());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, word(1, 0).firsts());
  }

  void counts_what_is_sent_while_somebody_waits() {
    const word w = after(after(waited_for, word::to_first, 3), word::to_last, 2);
    CPPUNIT_ASSERT_EQUAL(count_t{3}, w.firsts());
    CPPUNIT_ASSERT_EQUAL(count_t{2}, w.lasts());
    CPPUNIT_ASSERT_EQUAL(count_t{2}, w.granted(word::to_first).firsts());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, w.granted(word::to_last).lasts());
    CPPUNIT_ASSERT_EQUAL(w.bits(), w.granted(word::by_broadcast).bits());
    CPPUNIT_ASSERT(!w.newcomer_share(0, 0).has_value());
  }

  void merges_what_is_left_over() {
    const word busy = after(after(waited_for.with(word::locked), word::to_first, 3), word::to_last);
    CPPUNIT_ASSERT_EQUAL(word(1, 0).bits(), busy.left(true).bits());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, busy.left(false).firsts());
    const word last = after(waited_for.with(word::locked), word::to_last);
    CPPUNIT_ASSERT_EQUAL(word(1, 0).bits(), last.left(true).bits());
    CPPUNIT_ASSERT_EQUAL(idle.bits(), waited_for.with(word::locked).left(true).bits());
  }

  void a_generation_that_is_over_needs_nothing() {
    const word w = after(after(idle, word::to_first), word::to_all);
    CPPUNIT_ASSERT(w.share(0, 0) == maybe(word::by_broadcast));
    CPPUNIT_ASSERT(w.newcomer_share(0, 0) == maybe(word::by_broadcast));
    CPPUNIT_ASSERT(w.newcomer_share(1, 1) == maybe(word::to_first));
  }

  void generations_wrap_around() {
    word w = after(waited_for, word::to_first);
    for (count_t i = 0; i <= word::max_permits; ++i) w = *w.released(word::to_all);
    CPPUNIT_ASSERT_EQUAL(after(waited_for, word::to_first).bits(), w.bits());
  }

  void tells_earlier_generations_from_later_ones() {
    const word w = after(idle, word::to_all, 2);
    CPPUNIT_ASSERT(w.follows(1) && w.follows(0) && !w.follows(2) && !w.follows(3));
    CPPUNIT_ASSERT(w.follows(word::max_permits));  // before the number wrapped around
  }

  void what_can_not_be_counted_is_for_all() {
    const word firsts = after(waited_for, word::to_first, word::most_firsts);
    CPPUNIT_ASSERT_EQUAL(word::most_firsts, firsts.firsts());
    const word one_more = after(firsts, word::to_first);
    CPPUNIT_ASSERT(one_more.is_over(0) && one_more.firsts() == word::most_firsts);
    const word lasts = after(waited_for, word::to_last, word::most_lasts + 1);
    CPPUNIT_ASSERT_EQUAL(word::most_lasts, lasts.lasts());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, lasts.firsts());
    CPPUNIT_ASSERT(!lasts.is_over(0));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(notifications_test);

}  // namespace
