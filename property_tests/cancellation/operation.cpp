#include "operation.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace cancellation_programs {

namespace {

using kind = operation::kind;

constexpr std::array<std::string_view, 5> names{"make", "destroy", "cancel", "attach", "detach"};

rc::Gen<operation> any_operation() {
  const auto kinds = rc::gen::weightedElement<kind>({{8, kind::make},
                                                     {4, kind::destroy},
                                                     {2, kind::cancel},
                                                     {5, kind::attach},
                                                     {3, kind::detach}});
  const auto combine = [](kind k, std::size_t which) { return operation{k, which}; };
  const auto made = rc::gen::apply(combine, kinds, rc::gen::inRange<std::size_t>(0, 16));
  return rc::gen::resize(rc::kNominalSize, made);  // the size is for the length of programs
}

}  // namespace

void showValue(const operation& op, std::ostream& out) {
  out << names[static_cast<std::size_t>(op.what)] << '#' << op.which;
}

void showValue(const concurrent_program& program, std::ostream& out) {
  for (const cancellation_programs::program& each : program.threads) {
    out << "\n  thread: ";
    rc::show(each, out);
  }
}

rc::Gen<program> any_program() { return rc::gen::container<program>(any_operation()); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  const auto one = rc::gen::resize(length, rc::gen::container<program>(any_operation()));
  return rc::gen::map(rc::gen::container<std::vector<program>>(threads, one),
                      [](std::vector<program> all) { return concurrent_program{std::move(all)}; });
}

}  // namespace cancellation_programs
