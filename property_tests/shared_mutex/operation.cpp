#include "operation.hpp"

#include <utility>

namespace shared_mutex_programs {

namespace {

using kind = operation::kind;
using pawl::lock_policy;

constexpr vocabulary<kind, 20> words{{
    {kind::read, "read", 6},
    {kind::read_stoppable, "read_stoppable", 4},
    {kind::read_upgradably, "read_upgradably", 3},
    {kind::write, "write", 6},
    {kind::write_stoppable, "write_stoppable", 4},
    {kind::write_briefly, "write_briefly", 1},
    {kind::try_read, "try_read", 2},
    {kind::try_read_upgradably, "try_read_upgradably", 2},
    {kind::try_write, "try_write", 2},
    {kind::clear_poison, "clear_poison", 2},
    {kind::try_upgrade, "try_upgrade", 3, true},
    {kind::upgrade_briefly, "upgrade_briefly", 1, true},
    {kind::downgrade, "downgrade", 3, true},
    {kind::downgrade_to_upgradable, "downgrade_to_upgradable", 2, true},
    {kind::unlock, "unlock", 14, true},
    {kind::force_unlock, "force_unlock", 2, true},
    {kind::unwind, "unwind", 1, true},
    {kind::stop, "stop", 4, true},
    {kind::destroy, "destroy", 2, true},
    {kind::poison, "poison", 1},
}};

}  // namespace

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

void showValue(const concurrent_program& program, std::ostream& out) {
  out << (program.options.policy == lock_policy::fair ? "fair" : "writers preferred")
      << ", at most " << program.options.max_readers << " readers";
  show(program.threads, out);
}

rc::Gen<pawl::shared_mutex_options> any_options() {
  return rc::gen::apply(
      [](lock_policy policy, pawl::count_t readers) {
        return pawl::shared_mutex_options{.policy = policy, .max_readers = readers};
      },
      rc::gen::element(lock_policy::fair, lock_policy::writer_preferring),
      rc::gen::element<pawl::count_t>(1, 2, 3, 1000));
}

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind(words)); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  return rc::gen::apply(
      [](pawl::shared_mutex_options options, std::vector<thread_program> all) {
        return concurrent_program{options, std::move(all)};
      },
      any_options(), any_threads_of<operation>(threads, length, any_concurrent_kind(words)));
}

}  // namespace shared_mutex_programs
