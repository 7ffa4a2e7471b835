#include <pawl/sync/unwinding.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <exception>
#include <stdexcept>

namespace {

// Notes, while it is destroyed, what we say and what the standard library says.
struct witness {
  ~witness() {
    ours = pawl::detail::uncaught_exceptions();
    theirs = static_cast<unsigned>(std::uncaught_exceptions());
    if (ours < 2) nest();
  }
  void nest() const {
    try {
      const witness inner{ours_inside, theirs_inside, ours_inside, theirs_inside};
      throw std::runtime_error("second");
    } catch (const std::runtime_error&) {}
  }
  unsigned& ours;
  unsigned& theirs;
  unsigned& ours_inside;
  unsigned& theirs_inside;
};

class unwinding_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(unwinding_test);
  CPPUNIT_TEST(agrees_with_the_standard_library);
  CPPUNIT_TEST(is_per_thread);
  CPPUNIT_TEST_SUITE_END();

 public:
  void agrees_with_the_standard_library() {
    CPPUNIT_ASSERT_EQUAL(0u, pawl::detail::uncaught_exceptions());
    unsigned ours = 0, theirs = 0, ours_inside = 0, theirs_inside = 0;
    try {
      const witness w{ours, theirs, ours_inside, theirs_inside};
      throw std::runtime_error("first");
    } catch (const std::runtime_error&) {
      CPPUNIT_ASSERT_EQUAL(0u, pawl::detail::uncaught_exceptions());
    }
    CPPUNIT_ASSERT_EQUAL(1u, ours);
    CPPUNIT_ASSERT_EQUAL(theirs, ours);
    CPPUNIT_ASSERT_EQUAL(2u, ours_inside);
    CPPUNIT_ASSERT_EQUAL(theirs_inside, ours_inside);
  }

  void is_per_thread() {
    unsigned elsewhere = 7;
    struct asks_elsewhere {
      ~asks_elsewhere() {
        pawl::thread([this] { answer = pawl::detail::uncaught_exceptions(); }).join();
      }
      unsigned& answer;
    };
    try {
      const asks_elsewhere asking{elsewhere};
      throw std::runtime_error("here");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT_EQUAL(0u, elsewhere);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(unwinding_test);

}  // namespace
