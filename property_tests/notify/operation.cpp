#include "operation.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "../operations.hpp"

namespace notify_programs {

namespace {

using kind = operation::kind;

constexpr std::array<std::string_view, 11> names{
    "wait",       "wait_stoppable", "wait_briefly",   "try_wait", "enable", "give_up",
    "notify_one", "notify_last",    "notify_waiters", "stop",     "destroy"};

bool has_subject(kind k) { return k == kind::stop || k == kind::destroy; }

rc::Gen<kind> any_kind() {
  return rc::gen::weightedElement<kind>({{8, kind::wait},
                                         {6, kind::wait_stoppable},
                                         {1, kind::wait_briefly},
                                         {2, kind::try_wait},
                                         {3, kind::enable},
                                         {3, kind::give_up},
                                         {6, kind::notify_one},
                                         {3, kind::notify_last},
                                         {1, kind::notify_waiters},
                                         {3, kind::stop},
                                         {2, kind::destroy}});
}

}  // namespace

void showValue(const operation& op, std::ostream& out) {
  out << names[static_cast<std::size_t>(op.what)];
  if (has_subject(op.what)) out << '#' << op.which;
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

}  // namespace notify_programs
