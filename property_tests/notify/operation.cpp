#include "operation.hpp"

namespace notify_programs {

namespace {

using kind = operation::kind;

constexpr vocabulary<kind, 11> words{{
    {kind::wait, "wait", 8},
    {kind::wait_stoppable, "wait_stoppable", 6},
    {kind::wait_briefly, "wait_briefly", 1},
    {kind::try_wait, "try_wait", 2},
    {kind::enable, "enable", 3},
    {kind::give_up, "give_up", 3},
    {kind::notify_one, "notify_one", 6},
    {kind::notify_last, "notify_last", 3},
    {kind::notify_waiters, "notify_waiters", 1},
    {kind::stop, "stop", 3, true},
    {kind::destroy, "destroy", 2, true},
}};

}  // namespace

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind(words)); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  return any_concurrent_program_of<operation>(threads, length, any_concurrent_kind(words));
}

}  // namespace notify_programs
