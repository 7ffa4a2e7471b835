#include "report/utf8.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "report/canvas.hpp"

using namespace pawl::check::reporting;

namespace {

using lines = std::vector<std::string>;

}  // namespace

class utf8_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(utf8_test);
  CPPUNIT_TEST(counts_code_points);
  CPPUNIT_TEST(replaces_what_is_not_text);
  CPPUNIT_TEST(cuts_and_pads);
  CPPUNIT_TEST(wraps_at_blanks);
  CPPUNIT_TEST(wraps_what_has_no_blanks);
  CPPUNIT_TEST(canvas_drops_what_does_not_fit);
  CPPUNIT_TEST_SUITE_END();

 public:
  void counts_code_points() {
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, width(""));
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, width("a→≤é"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, width("\xf0\x9f\x94\x92"));
  }
  void replaces_what_is_not_text() {
    CPPUNIT_ASSERT_EQUAL(std::string("a?b"), printable("a\x80"
                                                       "b"));
    CPPUNIT_ASSERT_EQUAL(std::string("??"), printable("\xc0\xaf"));            // overlong
    CPPUNIT_ASSERT_EQUAL(std::string("???"), printable("\xe0\x80\xaf"));       // overlong
    CPPUNIT_ASSERT_EQUAL(std::string("???"), printable("\xed\xa0\x80"));       // surrogate
    CPPUNIT_ASSERT_EQUAL(std::string("????"), printable("\xf4\x90\x80\x80"));  // above U+10FFFF
    CPPUNIT_ASSERT_EQUAL(std::string("??"), printable("\x1b\x7f"));
    CPPUNIT_ASSERT_EQUAL(std::string("?"),
                         printable("\xc2\x9b"));  // a control character in two bytes
    CPPUNIT_ASSERT_EQUAL(std::string("?"), printable("\xe2"));
  }
  void cuts_and_pads() {
    CPPUNIT_ASSERT_EQUAL(std::string("abc"), cut("abc", 3));
    CPPUNIT_ASSERT_EQUAL(std::string("ab…"), cut("abcd", 3));
    CPPUNIT_ASSERT_EQUAL(std::string(""), cut("abcd", 0));
    CPPUNIT_ASSERT_EQUAL(std::string("abcd"), cut_middle("abcd", 4));
    CPPUNIT_ASSERT_EQUAL(std::string("ab…gh"), cut_middle("abcdefgh", 5));
    CPPUNIT_ASSERT_EQUAL(std::string("ab…h"), cut_middle("abcdefgh", 4));
    CPPUNIT_ASSERT_EQUAL(std::string("…"), cut_middle("abcdefgh", 1));
    CPPUNIT_ASSERT_EQUAL(std::string(""), cut_middle("abcdefgh", 0));
    CPPUNIT_ASSERT_EQUAL(std::string("→  "), left("→", 3));
    CPPUNIT_ASSERT_EQUAL(std::string("  →"), right("→", 3));
    CPPUNIT_ASSERT_EQUAL(std::string("long"), left("long", 3));
  }
  void wraps_at_blanks() {
    CPPUNIT_ASSERT(lines({"one two", "three"}) == wrap("one two three", 7));
    CPPUNIT_ASSERT(lines({"one", "two", "three"}) == wrap("one two three", 5));
    CPPUNIT_ASSERT(lines({"one two", "three", "four"}) == wrap("one two three four", 8, 2));
    CPPUNIT_ASSERT(lines({"one", "", "two"}) == wrap("one\n\ntwo", 8));
    CPPUNIT_ASSERT(lines({""}) == wrap("", 8));
  }
  void wraps_what_has_no_blanks() {
    CPPUNIT_ASSERT(lines({"abcd", "efgh", "ij"}) == wrap("abcdefghij", 4));
    CPPUNIT_ASSERT(lines({"→→", "→"}) == wrap("→→→", 2));
    CPPUNIT_ASSERT(lines({"a", "b"}) == wrap("ab", 0));
  }
  void canvas_drops_what_does_not_fit() {
    canvas_line line(5);
    line.put(0, "│");
    line.put(3, "xyz", ink::red);
    line.put(9, "far");
    const text_style plain, ascii{.utf8 = false}, colour{.colour = true};
    CPPUNIT_ASSERT_EQUAL(std::string("│  xy"), line.render(plain));
    CPPUNIT_ASSERT_EQUAL(std::string("|  xy"), line.render(ascii));
    CPPUNIT_ASSERT_EQUAL(std::string("│  \x1b[1;31mxy\x1b[0m"), line.render(colour));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(utf8_test);
