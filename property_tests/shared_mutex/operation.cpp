#include "operation.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "../operations.hpp"

namespace shared_mutex_programs {

namespace {

using kind = operation::kind;
using pawl::lock_policy;

constexpr std::array<std::string_view, 20> names{"read",
                                                 "read_stoppable",
                                                 "read_upgradably",
                                                 "write",
                                                 "write_stoppable",
                                                 "write_briefly",
                                                 "try_read",
                                                 "try_read_upgradably",
                                                 "try_write",
                                                 "clear_poison",
                                                 "try_upgrade",
                                                 "upgrade_briefly",
                                                 "downgrade",
                                                 "downgrade_to_upgradable",
                                                 "unlock",
                                                 "force_unlock",
                                                 "unwind",
                                                 "stop",
                                                 "destroy",
                                                 "poison"};

bool has_subject(kind k) { return k >= kind::try_upgrade && k <= kind::destroy; }

rc::Gen<kind> any_kind() {
  return rc::gen::weightedElement<kind>({{6, kind::read},
                                         {4, kind::read_stoppable},
                                         {3, kind::read_upgradably},
                                         {6, kind::write},
                                         {4, kind::write_stoppable},
                                         {1, kind::write_briefly},
                                         {2, kind::try_read},
                                         {2, kind::try_read_upgradably},
                                         {2, kind::try_write},
                                         {2, kind::clear_poison},
                                         {3, kind::try_upgrade},
                                         {1, kind::upgrade_briefly},
                                         {3, kind::downgrade},
                                         {2, kind::downgrade_to_upgradable},
                                         {14, kind::unlock},
                                         {2, kind::force_unlock},
                                         {1, kind::unwind},
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
  out << (program.options.policy == lock_policy::fair ? "fair" : "writers preferred")
      << ", at most " << program.options.max_readers << " readers";
  for (const thread_program& each : program.threads) {
    out << "\n  thread: ";
    rc::show(each, out);
  }
}

rc::Gen<pawl::shared_mutex_options> any_options() {
  return rc::gen::apply(
      [](lock_policy policy, pawl::count_t readers) {
        return pawl::shared_mutex_options{.policy = policy, .max_readers = readers};
      },
      rc::gen::element(lock_policy::fair, lock_policy::writer_preferring),
      rc::gen::element<pawl::count_t>(1, 2, 3, 1000));
}

rc::Gen<thread_program> any_program() { return any_program_of<operation>(any_kind()); }

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  const auto kinds = rc::gen::suchThat(any_kind(), [](kind k) { return k != kind::destroy; });
  const auto one = rc::gen::resize(length, any_program_of<operation>(kinds));
  return rc::gen::apply(
      [](pawl::shared_mutex_options options, std::vector<thread_program> all) {
        return concurrent_program{options, std::move(all)};
      },
      any_options(), rc::gen::container<std::vector<thread_program>>(threads, one));
}

}  // namespace shared_mutex_programs
