#include <cppunit/extensions/HelperMacros.h>

#include <pawl/check/spell.hpp>

#include <optional>
#include <string>

using namespace pawl::check::detail;

namespace {

struct queue {
  void push(int) {}
  [[nodiscard]] bool empty() const noexcept { return true; }
};
template <class T>
struct stack {
  void push(const T&) {}
};
enum class colour : char { red = 7 };
enum class shape : char { circle };
std::ostream& operator<<(std::ostream& out, shape) { return out << "circle"; }

}  // namespace

class spell_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(spell_test);
  CPPUNIT_TEST(members);
  CPPUNIT_TEST(types);
  CPPUNIT_TEST(values);
  CPPUNIT_TEST_SUITE_END();

 public:
  void members() {
    CPPUNIT_ASSERT_EQUAL(std::string("push"), spell_member<&queue::push>());
    CPPUNIT_ASSERT_EQUAL(std::string("empty"), spell_member<&queue::empty>());
    CPPUNIT_ASSERT_EQUAL(std::string("push"), spell_member<&stack<std::string>::push>());
  }
  void types() {
    struct local {};
    CPPUNIT_ASSERT_EQUAL(std::string("queue"), spell_type<queue>());
    CPPUNIT_ASSERT_EQUAL(std::string("stack"), spell_type<stack<std::optional<std::string>>>());
    CPPUNIT_ASSERT_EQUAL(std::string("local"), spell_type<local>());
  }
  void values() {
    CPPUNIT_ASSERT_EQUAL(std::string("-3"), spell(-3));
    CPPUNIT_ASSERT_EQUAL(std::string("true"), spell(true));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), spell(std::optional<int>()));
    CPPUNIT_ASSERT_EQUAL(std::string("false"), spell(std::optional(false)));
    CPPUNIT_ASSERT_EQUAL(std::string("text"), spell(std::string("text")));
    CPPUNIT_ASSERT_EQUAL(std::string("7"), spell(colour::red));
    CPPUNIT_ASSERT_EQUAL(std::string("circle"), spell(shape::circle));
    CPPUNIT_ASSERT_EQUAL(std::string("?"), spell(queue{}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(spell_test);
