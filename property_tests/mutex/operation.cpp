#include "operation.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "../operations.hpp"

namespace mutex_programs {

namespace {

using kind = operation::kind;

constexpr std::array<std::string_view, 12> names{
    "lock", "lock_stoppable", "lock_briefly", "try_lock", "clear_poison", "unlock", "force_unlock",
    "map",  "unwind",         "stop",         "destroy",  "poison"};

bool has_subject(kind k) { return k == kind::stop || k == kind::destroy; }

rc::Gen<kind> any_kind() {
  return rc::gen::weightedElement<kind>({{8, kind::lock},
                                         {6, kind::lock_stoppable},
                                         {1, kind::lock_briefly},
                                         {3, kind::try_lock},
                                         {3, kind::clear_poison},
                                         {8, kind::unlock},
                                         {2, kind::force_unlock},
                                         {2, kind::map},
                                         {2, kind::unwind},
                                         {4, kind::stop},
                                         {2, kind::destroy},
                                         {1, kind::poison}});
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

}  // namespace mutex_programs
