#include "programs.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "../operations.hpp"

namespace event_programs {

namespace {

using kind = operation::kind;

constexpr std::array<std::string_view, 8> names{
    "wait", "wait_stoppable", "wait_briefly", "try_wait", "happen", "take_back", "stop", "destroy"};

rc::Gen<kind> any_kind() {
  return rc::gen::weightedElement<kind>({{8, kind::wait},
                                         {6, kind::wait_stoppable},
                                         {1, kind::wait_briefly},
                                         {4, kind::try_wait},
                                         {7, kind::happen},
                                         {4, kind::take_back},
                                         {4, kind::stop},
                                         {2, kind::destroy}});
}

}  // namespace

void showValue(const operation& op, std::ostream& out) {
  out << names[static_cast<std::size_t>(op.what)];
  if (op.what == kind::stop || op.what == kind::destroy) out << '#' << op.which;
}

void showValue(const concurrent_program& program, std::ostream& out) {
  for (const thread_program& each : program.threads) {
    out << "\n  thread: ";
    rc::show(each, out);
  }
}

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind()); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  const auto kinds = rc::gen::suchThat(any_kind(), [](kind k) { return k != kind::destroy; });
  const auto one = rc::gen::resize(length, any_program_of<operation>(kinds));
  return rc::gen::map(
      rc::gen::container<std::vector<thread_program>>(threads, one),
      [](std::vector<thread_program> all) { return concurrent_program{std::move(all)}; });
}

}  // namespace event_programs
