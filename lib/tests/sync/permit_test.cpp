#include <pawl/sync/permit.hpp>
#include <pawl/sync/semaphore.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace {

using pawl::count_t;
using pawl::permit;
using pawl::semaphore;

// Defect (f): nothing makes a permit but an acquire.
static_assert(!std::is_constructible_v<permit, semaphore*, count_t>);
static_assert(!std::is_copy_constructible_v<permit> && !std::is_copy_assignable_v<permit>);
static_assert(std::is_nothrow_move_constructible_v<permit>);
static_assert(std::is_nothrow_move_assignable_v<permit>);
static_assert(std::is_nothrow_destructible_v<permit>);
static_assert(sizeof(permit) <= 24 && sizeof(pawl::owned_permit) <= 24);

permit take(semaphore& s, count_t n) { return std::move(s.try_acquire(n).value()); }

// Acquires while an exception is in flight, gives back while it still is.
struct acquires_in_destructor {
  ~acquires_in_destructor() { const permit p = take(s, 1); }
  semaphore& s;
};

// Lets go of a permit that was acquired before the exception.
void throw_with(permit p) {
  throw std::runtime_error("while holding " + std::to_string(p.count()));
}

class permit_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(permit_test);
  CPPUNIT_TEST(destruction_gives_back);
  CPPUNIT_TEST(empty_permit_has_nothing);
  CPPUNIT_TEST(moving_moves_ownership);
  CPPUNIT_TEST(assignment_releases_what_was_held);
  CPPUNIT_TEST(release_is_early_and_once);
  CPPUNIT_TEST(forget_keeps_them_away);
  CPPUNIT_TEST(split_parts);
  CPPUNIT_TEST(split_of_too_many_is_refused);
  CPPUNIT_TEST(merge_adds);
  CPPUNIT_TEST(merge_with_itself_forges_nothing);
  CPPUNIT_TEST(merge_of_a_foreign_permit_is_refused);
  CPPUNIT_TEST(merge_beyond_the_maximum_is_refused);
  CPPUNIT_TEST(unwinding_poisons);
  CPPUNIT_TEST(unwinding_releases_if_the_policy_says_so);
  CPPUNIT_TEST(an_older_exception_does_not_poison);
  CPPUNIT_TEST(early_release_while_unwinding_does_not_poison);
  CPPUNIT_TEST(split_off_permits_poison_too);
  CPPUNIT_TEST_SUITE_END();

 public:
  void destruction_gives_back() {
    semaphore s(3);
    {
      const permit p = take(s, 2);
      CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
    }
    CPPUNIT_ASSERT_EQUAL(count_t{3}, s.available_permits());
  }

  void empty_permit_has_nothing() {
    permit p;
    CPPUNIT_ASSERT(!p);
    CPPUNIT_ASSERT_EQUAL(count_t{0}, p.count());
    CPPUNIT_ASSERT(p.split(0).has_value());
    CPPUNIT_ASSERT(!p.split(1).has_value());
    p.release();
    CPPUNIT_ASSERT_EQUAL(count_t{0}, std::move(p).forget());
  }

  void moving_moves_ownership() {
    semaphore s(2);
    permit a = take(s, 2);
    const permit b = std::move(a);
    CPPUNIT_ASSERT(!a && b);
    CPPUNIT_ASSERT_EQUAL(count_t{0}, a.count());
    CPPUNIT_ASSERT_EQUAL(count_t{2}, b.count());
    CPPUNIT_ASSERT(b.owner() == &s);
  }

  void assignment_releases_what_was_held() {
    semaphore s(3), t(1);
    permit a = take(s, 2);
    a = take(t, 1);
    CPPUNIT_ASSERT_EQUAL(count_t{3}, s.available_permits());
    CPPUNIT_ASSERT_EQUAL(count_t{0}, t.available_permits());
    permit& same = a;
    a = std::move(same);
    CPPUNIT_ASSERT_EQUAL(count_t{1}, a.count());
    a = permit();
    CPPUNIT_ASSERT_EQUAL(count_t{1}, t.available_permits());
  }

  void release_is_early_and_once() {
    semaphore s(2);
    {
      permit p = take(s, 2);
      p.release();
      CPPUNIT_ASSERT(!p);
      CPPUNIT_ASSERT_EQUAL(count_t{2}, s.available_permits());
      p.release();
    }
    CPPUNIT_ASSERT_EQUAL(count_t{2}, s.available_permits());
  }

  void forget_keeps_them_away() {
    semaphore s(3);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, take(s, 2).forget());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void split_parts() {
    semaphore s(5);
    permit p = take(s, 5);
    auto two = p.split(2);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, two->count());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, p.count());
    const auto none = p.split(0);
    CPPUNIT_ASSERT(none.has_value() && *none);
    const auto all = p.split(3);
    CPPUNIT_ASSERT(all.has_value());
    CPPUNIT_ASSERT(p);
    CPPUNIT_ASSERT_EQUAL(count_t{0}, p.count());
    two->release();
    CPPUNIT_ASSERT_EQUAL(count_t{2}, s.available_permits());
  }

  void split_of_too_many_is_refused() {
    semaphore s(2);
    permit p = take(s, 2);
    const auto three = p.split(3);
    CPPUNIT_ASSERT(!three.has_value());
    CPPUNIT_ASSERT(three.error() == (pawl::error{pawl::errc::exceeds_limit, 3, 2}));
    CPPUNIT_ASSERT_EQUAL(count_t{2}, p.count());
  }

  void merge_adds() {
    semaphore s(5);
    permit a = take(s, 2);
    permit b = take(s, 3);
    a.merge(std::move(b));
    CPPUNIT_ASSERT(!b);
    CPPUNIT_ASSERT_EQUAL(count_t{5}, a.count());
    a.merge(permit());
    CPPUNIT_ASSERT_EQUAL(count_t{5}, a.count());
    a.release();
    CPPUNIT_ASSERT_EQUAL(count_t{5}, s.available_permits());
  }

  void merge_with_itself_forges_nothing() {
    semaphore s(2);
    permit p = take(s, 2);
    permit& same = p;
    p.merge(std::move(same));
    CPPUNIT_ASSERT_EQUAL(count_t{2}, p.count());
  }

  void merge_of_a_foreign_permit_is_refused() {
    semaphore s(2), t(3);
    permit a = take(s, 2);
    permit b = take(t, 3);
    CPPUNIT_ASSERT_THROW(a.merge(std::move(b)), std::invalid_argument);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, a.count());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, b.count());
    permit empty;
    CPPUNIT_ASSERT_THROW(empty.merge(std::move(b)), std::invalid_argument);
    CPPUNIT_ASSERT_EQUAL(count_t{3}, b.count());
    CPPUNIT_ASSERT(!s.is_poisoned() && !t.is_poisoned());
  }

  void merge_beyond_the_maximum_is_refused() {
    semaphore s(semaphore::max_permits);
    permit a = take(s, semaphore::max_permits);
    s.release(1);
    permit b = take(s, 1);
    try {
      a.merge(std::move(b));
      CPPUNIT_FAIL("merged");
    } catch (const std::length_error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("permit::merge: 281474976710655 and 1 permits are more than "
                                       "281474976710655"),
                           std::string(error.what()));
    }
    CPPUNIT_ASSERT_EQUAL(semaphore::max_permits, a.count());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, b.count());
  }

  void unwinding_poisons() {
    semaphore s(1);
    CPPUNIT_ASSERT_THROW(throw_with(take(s, 1)), std::runtime_error);
    CPPUNIT_ASSERT(s.is_poisoned());
  }

  void unwinding_releases_if_the_policy_says_so() {
    semaphore s(1, pawl::on_unwind::release);
    CPPUNIT_ASSERT_THROW(throw_with(take(s, 1)), std::runtime_error);
    CPPUNIT_ASSERT(!s.is_poisoned());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void an_older_exception_does_not_poison() {
    semaphore s(1);
    try {
      const acquires_in_destructor cleanup{s};
      throw std::runtime_error("in flight before the permit");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT(!s.is_poisoned());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, s.available_permits());
  }

  void early_release_while_unwinding_does_not_poison() {
    struct releaser {
      ~releaser() { p.release(); }
      permit p;
    };
    semaphore s(1);
    try {
      const releaser held{take(s, 1)};
      throw std::runtime_error("the data is sound");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT(!s.is_poisoned());
  }

  void split_off_permits_poison_too() {
    semaphore s(2);
    permit p = take(s, 2);
    CPPUNIT_ASSERT_THROW(throw_with(std::move(*p.split(1))), std::runtime_error);
    CPPUNIT_ASSERT(s.is_poisoned());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(permit_test);

}  // namespace
