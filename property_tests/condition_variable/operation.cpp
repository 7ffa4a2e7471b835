#include "operation.hpp"

namespace condition_programs {

namespace {

using kind = operation::kind;

constexpr vocabulary<kind, 8> words{{
    {kind::wait, "wait", 8},
    {kind::wait_stoppable, "wait_stoppable", 6},
    {kind::wait_twice, "wait_twice", 3},
    {kind::wait_briefly, "wait_briefly", 1},
    {kind::notify_one, "notify_one", 7},
    {kind::notify_all, "notify_all", 1},
    {kind::stop, "stop", 3, true},
    {kind::destroy, "destroy", 2, true},
}};

}  // namespace

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind(words)); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  return any_concurrent_program_of<operation>(threads, length, any_concurrent_kind(words));
}

}  // namespace condition_programs
