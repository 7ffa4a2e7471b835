// One thread, and after each call everything is as the reference says.

#include <vector>

#include "../side_by_side.hpp"
#include "client.hpp"
#include "operation.hpp"
#include "prediction.hpp"

namespace semaphore_programs {

namespace {

using pawl::count_t;

class semaphore_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~semaphore_side_by_side() { primitive_.close(); }

 private:
  void compare() const override {
    compare_order();
    const reference& expected = prediction_.expected();
    RC_ASSERT(primitive_.available_permits() == expected.available());
    RC_ASSERT(primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(primitive_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(primitive_.is_closed() == expected.is_closed());
    std::vector<count_t> held;
    for (const pawl::permit& each : client_.permits()) held.push_back(each.count());
    RC_ASSERT(held == prediction_.held());
  }
};

void agree(resumption where) {
  const count_t permits = *any_number();
  const thread_program program = *any_program();
  semaphore_side_by_side both(where, count_starts(program), permits);
  for (const operation& op : program) both.step(op);
  both.step({.what = operation::kind::close});
}

const step_by_step properties("semaphore", 5000, &agree);

}  // namespace

}  // namespace semaphore_programs
