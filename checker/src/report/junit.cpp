#include "report/junit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/command.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"

namespace pawl::check::reporting {
namespace {

enum class outcome { passed, failed, error };

outcome outcome_of(const report& r) {
  if (r.ok()) return outcome::passed;
  return badge_of(r).word == "FAIL" ? outcome::failed : outcome::error;
}

/// Writes the cases of one suite.
class suite {
 public:
  explicit suite(const invocation& program)
      : name_(xml(program.title.substr(program.title.rfind('/') + 1))),
        style_{.program = program} {}

  void add(const report& r) {
    ++cases_;
    seconds_ += r.seconds;
    open(display_name(r), r.seconds);
    switch (outcome_of(r)) {
      case outcome::failed:
        ++failures_;
        problem(r, "failure");
        break;
      case outcome::error:
        ++errors_;
        problem(r, "error");
        break;
      case outcome::passed:
        body_ += fmt::format("      <system-out>{}</system-out>\n", xml(render(r, style_)));
    }
    body_ += "    </testcase>\n";
  }

  void skip(std::string_view name) {
    ++cases_;
    ++skipped_;
    open(name, 0);
    body_ += "      <skipped message=\"only --full runs it\"/>\n    </testcase>\n";
  }

  [[nodiscard]] std::string text() const {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\""
        " time=\"{:.3f}\">\n{}  </testsuite>\n</testsuites>\n",
        name_, cases_, failures_, errors_, skipped_, seconds_, body_);
  }

 private:
  void open(std::string_view name, double seconds) {
    body_ += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n", name_,
                         xml(name), seconds);
  }

  void problem(const report& r, std::string_view element) {
    const std::string_view kind = r.error ? to_string(r.error->kind) : to_string(r.verdict);
    const std::string_view sentence = r.error ? r.error->sentence : r.message;
    body_ += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element, kind,
                         xml(sentence), xml(render(r, style_)));
  }

  std::string name_, body_;
  text_style style_;
  std::size_t cases_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
  double seconds_ = 0;
};

}  // namespace

std::string xml(std::string_view text) {
  std::string escaped;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    for (const char c : printable(text.substr(from, end - from))) {
      switch (c) {
        case '<':
          escaped += "&lt;";
          break;
        case '>':
          escaped += "&gt;";
          break;
        case '&':
          escaped += "&amp;";
          break;
        case '"':
          escaped += "&quot;";
          break;
        case '\'':
          escaped += "&#39;";
          break;
        default:
          escaped += c;
      }
    }
    if (end < text.size()) escaped += '\n';
    from = end + 1;
  }
  return escaped;
}

std::string junit_text(const invocation& program, std::span<const report> reports,
                       std::span<const std::string_view> skipped) {
  suite all(program);
  for (const report& r : reports) all.add(r);
  for (const std::string_view name : skipped) all.skip(name);
  return all.text();
}

}  // namespace pawl::check::reporting
