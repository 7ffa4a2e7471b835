#include "operation.hpp"

namespace cancellation_programs {

namespace {

using kind = operation::kind;

constexpr vocabulary<kind, 5> words{{
    {kind::make, "make", 8, true},
    {kind::destroy, "destroy", 4, true},
    {kind::cancel, "cancel", 2, true},
    {kind::attach, "attach", 5, true},
    {kind::detach, "detach", 3, true},
}};

}  // namespace

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<program> any_program() { return any_program_of<operation>(any_kind(words)); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  return any_concurrent_program_of<operation>(threads, length, any_kind(words));
}

}  // namespace cancellation_programs
