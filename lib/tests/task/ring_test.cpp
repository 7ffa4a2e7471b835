#include <pawl/task/ring.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace {

struct letters;
using link = pawl::detail::ring_link<letters>;

struct letter : link {
  explicit letter(char c) : name(c) {}
  char name;
};

// The members of the list, in order; backwards they are the same.
std::string text(link& head) {
  std::string all;
  for (link* at = &head.next(); at != &head; at = &at->next()) {
    all += static_cast<letter*>(at)->name;
  }
  return all;
}

class ring_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ring_test);
  CPPUNIT_TEST(is_alone_at_first);
  CPPUNIT_TEST(inserts_behind_and_in_front);
  CPPUNIT_TEST(inserting_moves);
  CPPUNIT_TEST(unlinking_is_idempotent);
  CPPUNIT_TEST(takes_all_of_a_list);
  CPPUNIT_TEST(takes_nothing_of_an_empty_list);
  CPPUNIT_TEST_SUITE_END();

  link head_, other_;
  letter a_{'a'}, b_{'b'}, c_{'c'};

  void is_alone_at_first() {
    CPPUNIT_ASSERT(a_.is_alone());
    CPPUNIT_ASSERT_EQUAL(static_cast<link*>(&a_), &a_.next());
  }

  void inserts_behind_and_in_front() {
    head_.insert_after(b_);
    head_.insert_after(a_);
    head_.insert_before(c_);
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), text(head_));
    CPPUNIT_ASSERT(!head_.is_alone() && !a_.is_alone());
  }

  void inserting_moves() {
    other_.insert_after(a_);
    other_.insert_before(b_);
    head_.insert_after(a_);
    head_.insert_before(a_);
    CPPUNIT_ASSERT_EQUAL(std::string("b"), text(other_));
    CPPUNIT_ASSERT_EQUAL(std::string("a"), text(head_));
  }

  void unlinking_is_idempotent() {
    head_.insert_before(a_);
    head_.insert_before(b_);
    a_.unlink();
    a_.unlink();
    CPPUNIT_ASSERT(a_.is_alone());
    CPPUNIT_ASSERT_EQUAL(std::string("b"), text(head_));
    b_.unlink();
    CPPUNIT_ASSERT(head_.is_alone());
  }

  void takes_all_of_a_list() {
    head_.insert_before(c_);
    other_.insert_before(a_);
    other_.insert_before(b_);
    head_.take_after(other_);
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), text(head_));
    CPPUNIT_ASSERT(other_.is_alone());
  }

  void takes_nothing_of_an_empty_list() {
    head_.insert_before(a_);
    head_.take_after(other_);
    CPPUNIT_ASSERT_EQUAL(std::string("a"), text(head_));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ring_test);

}  // namespace
