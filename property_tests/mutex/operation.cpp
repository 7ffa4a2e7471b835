#include "operation.hpp"

namespace mutex_programs {

namespace {

using kind = operation::kind;

constexpr vocabulary<kind, 12> words{{
    {kind::lock, "lock", 8},
    {kind::lock_stoppable, "lock_stoppable", 6},
    {kind::lock_briefly, "lock_briefly", 1},
    {kind::try_lock, "try_lock", 3},
    {kind::clear_poison, "clear_poison", 3},
    {kind::unlock, "unlock", 8},
    {kind::force_unlock, "force_unlock", 2},
    {kind::map, "map", 2},
    {kind::unwind, "unwind", 2},
    {kind::stop, "stop", 4, true},
    {kind::destroy, "destroy", 2, true},
    {kind::poison, "poison", 1},
}};

}  // namespace

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind(words)); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  return any_concurrent_program_of<operation>(threads, length, any_concurrent_kind(words));
}

}  // namespace mutex_programs
