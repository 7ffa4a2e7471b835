// One thread: an ordered mutex does what a mutex does, and who has it is in the books.

#include <pawl/sync/ordered_mutex.hpp>

#include <cstddef>
#include <cstdint>

#include "../mutex/client_of.hpp"
#include "../mutex/compared.hpp"

namespace mutex_programs {

namespace {

struct its_place {
  pawl::lock_order order;
  pawl::lock_kind kind{order, "ordered"};
};
struct ordered : its_place, pawl::ordered_mutex<std::uint64_t> {
  ordered() : ordered_mutex(its_place::kind, 0) {}
};

class ordered_side_by_side final : public compared<ordered> {
 public:
  using compared::compared;

 private:
  void compare() const override {
    compared::compare();
    const pawl::lock_order& order = primitive_.order;
    const std::size_t holders = prediction_.expected().is_locked() ? 1 : 0;
    RC_ASSERT(order.held_by({}).size() == holders);
    RC_ASSERT(order.held_by(pawl::lock_holder::this_thread()).empty());
    RC_ASSERT(order.edges().empty() && order.violations().empty());
  }
};

void agree(resumption where) {
  const thread_program program = *any_program();
  ordered_side_by_side both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("ordered_mutex", 2000, &agree);

}  // namespace

}  // namespace mutex_programs
