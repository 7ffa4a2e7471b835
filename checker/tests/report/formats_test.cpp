#include <cppunit/extensions/HelperMacros.h>
#include <nlohmann/json.hpp>

#include <array>
#include <regex>
#include <set>

#include "golden.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "samples.hpp"

using namespace pawl::check;
using namespace pawl::check::reporting;

namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

}  // namespace

class formats_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(formats_test);
  CPPUNIT_TEST(json_of_verdicts);
  CPPUNIT_TEST(json_has_the_fields_of_the_contract);
  CPPUNIT_TEST(json_of_bytes_that_are_no_text);
  CPPUNIT_TEST(junit);
  CPPUNIT_TEST(junit_escapes);
  CPPUNIT_TEST(html_is_self_contained);
  CPPUNIT_TEST(html_links_every_row);
  CPPUNIT_TEST(html_shows_what_was_read);
  CPPUNIT_TEST(html_escapes);
  CPPUNIT_TEST(html_file_names_stay_in_their_directory);
  CPPUNIT_TEST_SUITE_END();

 public:
  void json_of_verdicts() {
    const std::array reports{samples::clean(), samples::limited(), samples::refused(),
                             samples::deadlock()};
    check_golden("reports.json", json_text(to_json(std::span(reports))));
  }

  void json_has_the_fields_of_the_contract() {
    const std::array reports{samples::stale_read(), samples::clean()};
    const auto parsed = nlohmann::json::parse(json_text(to_json(std::span(reports))));
    for (const auto& m : parsed.at("models"))
      for (const char* field :
           {"name", "verdict", "complete", "blocked", "pruned", "seconds", "executions_per_second",
            "memory_model", "strategy", "bounds", "error"})
        CPPUNIT_ASSERT_MESSAGE(field, m.contains(field));
    const auto& bug = parsed.at("models").at(0);
    CPPUNIT_ASSERT_EQUAL(std::string("bug"), bug.at("verdict").get<std::string>());
    CPPUNIT_ASSERT_EQUAL(86.0, bug.at("executions_per_second").get<double>());
    const auto& steps = bug.at("error").at("steps");
    CPPUNIT_ASSERT_EQUAL(std::size_t{16}, steps.size());
    CPPUNIT_ASSERT(steps.at(2).at("reads_from").is_null());
    CPPUNIT_ASSERT_EQUAL(0, steps.at(13).at("reads_from").get<int>());
    CPPUNIT_ASSERT(steps.at(13).at("stale").get<bool>());
    CPPUNIT_ASSERT(parsed.at("models").at(1).at("error").is_null());
  }

  void json_of_bytes_that_are_no_text() {
    report r = samples::leak();
    r.error->sentence = "bad \xff byte";
    const auto parsed = nlohmann::json::parse(json_text(to_json(std::span(&r, 1))));
    CPPUNIT_ASSERT_EQUAL(std::string("bad \ufffd byte"),
                         parsed["models"][0]["error"]["sentence"].get<std::string>());
  }

  void junit() {
    const std::array reports{samples::clean(), samples::deadlock(), samples::refused()};
    const std::array<std::string_view, 1> skipped{"semaphore.heavy"};
    check_golden("junit.xml", junit_text("build/dev/models/m", reports, skipped));
  }

  void junit_escapes() {
    report r = samples::leak();
    r.error->sentence = "a < b && \"c\" > 'd' \x01";
    const std::string text = junit_text("m", std::span(&r, 1));
    CPPUNIT_ASSERT(text.find("a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39; ?") !=
                   std::string::npos);
    CPPUNIT_ASSERT(text.find('\x01') == std::string::npos);
  }

  void html_is_self_contained() {
    const std::string page = html_page(samples::stale_read(), "./m");
    for (const char* needs : {"<script", "src=", "<link", "url(http", "@import"})
      CPPUNIT_ASSERT_MESSAGE(needs, page.find(needs) == std::string::npos);
    CPPUNIT_ASSERT(page.starts_with("<!DOCTYPE html>"));
    CPPUNIT_ASSERT(page.find("./m --run message.relaxed --replay 1:5f2a91c0:0123456789abcdef") !=
                   std::string::npos);
  }

  void html_links_every_row() {
    const report r = samples::race_of_many();
    const std::string page = html_page(r, "./m");
    for (const step& s : r.error->steps) {
      CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                           occurrences(page, "id=\"s" + std::to_string(s.row) + "\""));
      CPPUNIT_ASSERT(occurrences(page, "href=\"#s" + std::to_string(s.row) + "\"") >= 1);
    }
    CPPUNIT_ASSERT_EQUAL(r.error->threads.size(), occurrences(page, "class=\"title\""));
  }

  void html_shows_what_was_read() {
    const std::string page = html_page(samples::stale_read(), "./m");
    // Only the await of row 13 reads from another thread; row 14 reads the initial value.
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, occurrences(page, "marker-end="));
    CPPUNIT_ASSERT(page.find("stale: reads the initial value, not the 1 that row 3 stored") !=
                   std::string::npos);
  }

  void html_escapes() {
    report r = samples::stale_read();
    r.error->threads[1] = "<img onerror=x>";
    r.error->steps[2].object = "map<int,int>";
    r.error->sentence = "<b>";
    const std::string page = html_page(r, "./m");
    for (const char* raw : {"<img", "map<int", "<b>"})
      CPPUNIT_ASSERT_MESSAGE(raw, page.find(raw) == std::string::npos);
  }

  void html_file_names_stay_in_their_directory() {
    report r = samples::leak();
    CPPUNIT_ASSERT_EQUAL(std::string("list.push.html"), html_file_name(r));
    r.model = "../../etc/passwd";
    CPPUNIT_ASSERT_EQUAL(std::string("_._.._etc_passwd.html"), html_file_name(r));
    r.model = "a b";
    r.options.resumption = resumption::in_waker;
    CPPUNIT_ASSERT_EQUAL(std::string("a_b.in-waker.html"), html_file_name(r));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(formats_test);
