#include "report/text.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "golden.hpp"
#include "report/fold.hpp"
#include "report/trace.hpp"
#include "report/utf8.hpp"
#include "samples.hpp"

using namespace pawl::check;
using namespace pawl::check::reporting;

namespace {

text_style style(unsigned columns) { return {.columns = columns, .program = "build/dev/models/m"}; }

void check_width(const std::string& text, unsigned columns) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    CPPUNIT_ASSERT_MESSAGE(line, width(line) <= columns);
}

std::size_t folded_rows(const failure& f) {
  std::size_t rows = 0;
  for (const run& part : fold(f))
    if (part.folded) rows += part.to - part.from;
  return rows;
}

/// Sets an environment variable for a while.
class variable {
 public:
  variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old, had_ = true;
    setenv(name, value, 1);
  }
  variable(const variable&) = delete;
  ~variable() { had_ ? setenv(name_, old_.c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

}  // namespace

class text_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(text_test);
  CPPUNIT_TEST(a_stale_read_in_80_columns);
  CPPUNIT_TEST(a_stale_read_in_100_columns);
  CPPUNIT_TEST(a_stale_read_in_ascii);
  CPPUNIT_TEST(a_stale_read_in_colour);
  CPPUNIT_TEST(a_deadlock);
  CPPUNIT_TEST(many_threads_share_a_column);
  CPPUNIT_TEST(a_leak_without_a_token);
  CPPUNIT_TEST(verdicts_without_a_trace);
  CPPUNIT_TEST(what_was_drawn);
  CPPUNIT_TEST(a_bound_on_preemptions);
  CPPUNIT_TEST(fits_any_width);
  CPPUNIT_TEST(folds_only_what_no_other_thread_reads);
  CPPUNIT_TEST(a_store_that_is_read_is_not_folded);
  CPPUNIT_TEST(characters_of_the_locale);
  CPPUNIT_TEST(colour_only_on_a_terminal);
  CPPUNIT_TEST(hostile_names_cannot_steer_the_terminal);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_was_drawn() {
    report r = samples::limited();
    r.options.strategy = strategy::pct;
    r.options.depth = 2;
    r.distinct = 87;
    const auto says = [&](std::string_view words) {
      return render(r, style(100)).find(words) != std::string::npos;
    };
    CPPUNIT_ASSERT(
        says("drawn       2,310,489 by pct of depth 2 from seed 1, 87 of them distinct\n"));
    r.distinct = report::most_distinct;
    CPPUNIT_ASSERT(says("seed 1, ≥ 1,000,000 of them distinct\n"));
    r.options.strategy = strategy::states;
    r.states = 26'722'544;
    CPPUNIT_ASSERT(says("explored    states 26,722,544  ") && says("within      by states, "));
    CPPUNIT_ASSERT(!says("drawn"));
    r.options.strategy = strategy::exhaustive;
    CPPUNIT_ASSERT(!says("drawn") && !says("states"));
  }
  void a_bound_on_preemptions() {
    report r = samples::clean();
    CPPUNIT_ASSERT(render(r, style(100)).find("preemptions") == std::string::npos);
    r.options.preemptions = 2;
    CPPUNIT_ASSERT(render(r, style(100)).find("within      preemptions ≤ 2, threads ≤ 3, ") !=
                   std::string::npos);
  }
  void a_stale_read_in_80_columns() {
    check_golden("stale_read_80.txt", render(samples::stale_read(), style(80)));
  }
  void a_stale_read_in_100_columns() {
    check_golden("stale_read_100.txt", render(samples::stale_read(), style(100)));
  }
  void a_stale_read_in_ascii() {
    text_style ascii = style(80);
    ascii.utf8 = false;
    const std::string text = render(samples::stale_read(), ascii);
    check_golden("stale_read_ascii.txt", text);
    for (const char c : text) CPPUNIT_ASSERT(c == '\n' || (c >= ' ' && c < 127));
  }
  void a_stale_read_in_colour() {
    text_style colour = style(80);
    colour.colour = true;
    std::string text = render(samples::stale_read(), colour);
    check_golden("stale_read_colour.txt", text);
    // Without its escape sequences it is the plain text.
    for (std::size_t at; (at = text.find('\x1b')) != std::string::npos;)
      text.erase(at, text.find('m', at) + 1 - at);
    CPPUNIT_ASSERT_EQUAL(render(samples::stale_read(), style(80)), text);
  }
  void a_deadlock() { check_golden("deadlock.txt", render(samples::deadlock(), style(80))); }
  void many_threads_share_a_column() {
    check_golden("race_of_many.txt", render(samples::race_of_many(), style(80)));
  }
  void a_leak_without_a_token() {
    const std::string text = render(samples::leak(), style(80));
    check_golden("leak.txt", text);
    CPPUNIT_ASSERT(text.find("replay") == std::string::npos);
  }
  void verdicts_without_a_trace() {
    std::string text;
    for (const report& r :
         {samples::clean(), samples::limited(), samples::refused(), samples::over_bound()})
      text += render(r, style(80)) + "\n";
    check_golden("verdicts.txt", text);
  }

  void fits_any_width() {
    const std::array samples{samples::stale_read(), samples::deadlock(), samples::race_of_many(),
                             samples::leak(),       samples::clean(),    samples::limited()};
    for (unsigned columns = 40; columns <= 180; ++columns) {
      for (const report& r : samples) {
        if (r.error)
          for (const std::string& line : trace_table(*r.error, style(columns)))
            check_width(line, columns);
        // Commands are broken between words only, and the longest is 52 cells with its indentation.
        if (columns >= 52) check_width(render(r, style(columns)), columns);
      }
    }
  }

  void folds_only_what_no_other_thread_reads() {
    // Rows 5 to 12 only count; the last one ends the turn of the thread.
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, folded_rows(*samples::stale_read().error));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, folded_rows(*samples::race_of_many().error));
  }

  void a_store_that_is_read_is_not_folded() {
    report r = samples::stale_read();
    r.error->steps[13].reads_from = 8;  // The middle of the stretch: three rows on each side.
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, folded_rows(*r.error));
    r.error->steps[13].reads_from = 9;  // Four rows before, two after.
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, folded_rows(*r.error));
  }

  void characters_of_the_locale() {
    const variable all("LC_ALL", "C.UTF-8");
    CPPUNIT_ASSERT(environment_is_utf8());
    CPPUNIT_ASSERT(samples::stale_read().text(80).find("│") != std::string::npos);
    const variable other("LC_ALL", "C");
    CPPUNIT_ASSERT(!environment_is_utf8());
    CPPUNIT_ASSERT(samples::stale_read().text(80).find("│") == std::string::npos);
    const variable none("LC_ALL", ""), type("LC_CTYPE", ""), language("LANG", "de_DE.utf8");
    CPPUNIT_ASSERT(environment_is_utf8());
  }

  void colour_only_on_a_terminal() {
    // Descriptor 0 of a test is a pipe or a file; without a terminal there is never colour.
    int ends[2];
    CPPUNIT_ASSERT_EQUAL(0, pipe(ends));
    const variable terminal("TERM", "xterm"), columns("COLUMNS", "72");
    CPPUNIT_ASSERT(!style_of(ends[1]).colour);
    CPPUNIT_ASSERT_EQUAL(72u, style_of(ends[1]).columns);
    close(ends[0]);
    close(ends[1]);
    if (const int descriptor = posix_openpt(O_RDWR | O_NOCTTY); descriptor >= 0) {
      const variable plain("NO_COLOR", "");
      CPPUNIT_ASSERT(style_of(descriptor).colour);
      const variable no("NO_COLOR", "1");
      CPPUNIT_ASSERT(!style_of(descriptor).colour);
      const variable colour_again("NO_COLOR", ""), dumb("TERM", "dumb");
      CPPUNIT_ASSERT(!style_of(descriptor).colour);
      close(descriptor);
    }
  }

  void hostile_names_cannot_steer_the_terminal() {
    report r = samples::stale_read();
    r.error->sentence = "bell \a, escape \x1b[2J, bad byte \xff, broken \xe2\x82";
    r.error->threads[1] = "\x1b[31mproducer";
    r.error->steps[2].object = "tab\tname";
    r.error->end = {"back\bspace"};
    const std::string text = render(r, style(80));
    for (const char c : text) CPPUNIT_ASSERT(c == '\n' || c < 0 || c >= ' ');
    CPPUNIT_ASSERT(text.find("bad byte ?") != std::string::npos);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(text_test);
