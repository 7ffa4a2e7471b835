#include "verdicts.hpp"

#include <cppunit/TestAssert.h>
#include <fmt/format.h>

#include <array>

namespace pawl::check::tests {
namespace {

constexpr strategy drawing[] = {strategy::random, strategy::pct, strategy::pos, strategy::guided};

std::string describe(const options& o) {
  return fmt::format("{} {}{}: ", to_string(o.memory_model), to_string(o.strategy),
                     o.unblocking ? "" : " without unblocking");
}

// Calls f(options) for every way to search exhaustively.
template <class F>
void for_each_search(options o, F f) {
  for (const memory_model m : {memory_model::rc11, memory_model::sc}) {
    for (const bool unblocking : {true, false}) {
      o.memory_model = m;
      o.unblocking = unblocking;
      o.snapshots = unblocking ? snapshot_use::always : snapshot_use::never;
      f(o);
    }
  }
}

options drawn(options o, strategy s) {
  o.strategy = s;
  o.executions = 2000;
  return o;
}

void assert_kind(const std::string& context, failure_kind kind, std::string_view says,
                 const report& r) {
  const std::string found = context + (r.error ? r.error->sentence : "no error");
  CPPUNIT_ASSERT_EQUAL_MESSAGE(found, std::string(to_string(verdict::bug)),
                               std::string(to_string(r.verdict)));
  CPPUNIT_ASSERT_MESSAGE(found, r.error.has_value());
  CPPUNIT_ASSERT_EQUAL_MESSAGE(found, std::string(to_string(kind)),
                               std::string(to_string(r.error->kind)));
  CPPUNIT_ASSERT_MESSAGE(fmt::format("{}\n  does not say: {}", found, says),
                         r.error->sentence.find(says) != std::string::npos);
}

}  // namespace

void convict(failure_kind kind, std::string_view says, const std::function<void()>& program,
             const options& o) {
  const report first = explore(program, o);
  assert_kind(describe(o), kind, says, first);

  options again = o;
  again.replay = first.error->token;
  CPPUNIT_ASSERT_MESSAGE(first.error->sentence, !again.replay.empty());
  const report replayed = explore(program, again);
  assert_kind(describe(o) + "replayed: ", kind, says, replayed);
  CPPUNIT_ASSERT_EQUAL(first.error->sentence, replayed.error->sentence);
  CPPUNIT_ASSERT_EQUAL(first.error->row, replayed.error->row);
}

void convict_always(failure_kind kind, std::string_view says, const std::function<void()>& program,
                    const options& o) {
  for_each_search(o, [&](const options& each) { convict(kind, says, program, each); });
  for (const strategy s : drawing) convict(kind, says, program, drawn(o, s));
}

void acquit(const std::function<void()>& program, const options& o) {
  const report r = explore(program, o);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(
      describe(o) + (r.error ? r.error->sentence : "no error"),
      std::string(to_string(is_drawn(o.strategy) ? verdict::limited : verdict::clean)),
      std::string(to_string(r.verdict)));
  CPPUNIT_ASSERT_MESSAGE(describe(o), !r.error.has_value());
  CPPUNIT_ASSERT_MESSAGE(describe(o), r.complete > 0);
}

void acquit_always(const std::function<void()>& program, const options& o) {
  for_each_search(o, [&](const options& each) { acquit(program, each); });
  for (const strategy s : drawing) acquit(program, drawn(o, s));
}

}  // namespace pawl::check::tests
