#include "report/describe.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pawl::check::reporting {
namespace {

/// The last `parts` components of a path.
std::string_view tail(std::string_view path, int parts) {
  std::size_t from = path.size();
  for (; parts > 0 && from != 0 && from != std::string_view::npos; --parts)
    from = path.rfind('/', from - 1);
  return from == std::string_view::npos || from == 0 ? path : path.substr(from + 1);
}

const step* row(const failure& f, unsigned number) {
  const auto found =
      std::find_if(f.steps.begin(), f.steps.end(), [&](const step& s) { return s.row == number; });
  return found == f.steps.end() ? nullptr : &*found;
}

/// The last store to the object of `s` before `s`; null if there is none.
const step* last_store_before(const failure& f, const step& s) {
  const step* last = nullptr;
  for (const step& other : f.steps)
    if (other.row < s.row && other.object == s.object && !other.written.empty()) last = &other;
  return last;
}

}  // namespace

std::string describe(const step& s, std::string_view arrow) {
  std::string text = s.operation;
  if (!s.object.empty()) text += " " + s.object;
  if (!s.read.empty() && !s.written.empty()) {
    text += fmt::format(": {} {} {}", s.read, arrow, s.written);
  } else if (!s.read.empty()) {
    text += ": " + s.read;
  } else if (!s.written.empty()) {
    text += " = " + s.written;
  }
  if (s.failed) text += waits_for_ever(s) ? ", waits for ever" : ", fails";
  return text;
}

bool waits_for_ever(const step& s) {
  const bool tries = s.operation.starts_with("compare_exchange") || s.operation.starts_with("try_");
  return s.failed && !tries;
}

std::string remark(const failure& f, const step& s) {
  if (!s.stale || !s.reads_from) return {};
  const std::string source =
      *s.reads_from == 0 ? "the initial value" : fmt::format("the value of row {}", *s.reads_from);
  const step* newest = last_store_before(f, s);
  // The last store in the trace need not be the newest in modification order; then it cannot be
  // named.
  if (!newest || newest->row <= *s.reads_from)
    return fmt::format("stale: reads {}, which is not the newest", source);
  return fmt::format("stale: reads {}, not the {} that row {} stored", source, newest->written,
                     newest->row);
}

std::string place(const failure& f, const step& s) {
  if (s.file.empty()) return {};
  const bool ambiguous = std::any_of(f.steps.begin(), f.steps.end(), [&](const step& other) {
    return other.file != s.file && tail(other.file, 1) == tail(s.file, 1);
  });
  return fmt::format("{}:{}", tail(s.file, ambiguous ? 2 : 1), s.line);
}

std::string thread_title(const failure& f, unsigned thread) {
  if (thread < f.threads.size() && !f.threads[thread].empty()) return f.threads[thread];
  return fmt::format("thread {}", thread);
}

std::size_t failing_step(const failure& f) {
  const step* failing = f.row == 0 ? nullptr : row(f, f.row);
  return failing ? static_cast<std::size_t>(failing - f.steps.data()) : f.steps.size();
}

}  // namespace pawl::check::reporting
