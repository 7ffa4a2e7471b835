// One thread, and after each call everything is as the reference says.

#include <optional>

#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "client.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace condition_programs {

namespace {

using kind = operation::kind;
using pawl::errc;

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    switch (op.what) {
      case kind::wait:
      case kind::wait_stoppable:
      case kind::wait_twice:
        start(op.what == kind::wait_stoppable,
              [&](std::size_t i) { return reference_.wait(i, op.repeats() ? 2 : 1); });
        return std::nullopt;
      case kind::wait_briefly:
        return pawl::failure(errc::timed_out);
      case kind::notify_one:
        return reference_.notify_one() ? 1 : 0;
      case kind::notify_all:
        return reference_.notify_all();
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
    }
    return 0;
  }
};

class condition_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~condition_side_by_side() {
    while (primitive_.changed.notify_all() != 0) drain(loop_);
  }

 private:
  void compare() const override {
    compare_order();
    RC_ASSERT(primitive_.changed.has_waiters() == prediction_.expected().has_waiters());
    RC_ASSERT(!primitive_.ended.is_locked());
  }
};

void agree(resumption where) {
  const thread_program program = *any_program();
  condition_side_by_side both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("condition_variable", 5000, &agree);

}  // namespace

}  // namespace condition_programs
