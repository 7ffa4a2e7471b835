// One thread, and after each call everything is as the reference says.

#include <optional>

#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "client.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace notify_programs {

namespace {

using kind = operation::kind;
using pawl::errc;

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    reference& n = reference_;
    switch (op.what) {
      case kind::wait:
      case kind::wait_stoppable:
        start(op.what == kind::wait_stoppable, [&](std::size_t i) { return n.wait(i); });
        return std::nullopt;
      case kind::wait_briefly: {
        const outcome tried = n.try_wait();
        if (!tried) return pawl::failure(errc::timed_out);
        return tried;
      }
      case kind::try_wait:
        return n.try_wait();
      case kind::enable:
        n.enable();
        return 0;
      case kind::give_up:
        n.give_up();
        return 0;
      case kind::notify_one:
        n.notify_one();
        return 0;
      case kind::notify_last:
        n.notify_last();
        return 0;
      case kind::notify_waiters:
        n.notify_waiters();
        return 0;
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

class notify_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~notify_side_by_side() {
    client_.give_up();
    primitive_.notify_waiters();
  }

 private:
  void compare() const override {
    const reference& expected = prediction_.expected();
    RC_ASSERT(primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(client_.has_notified_place() == expected.has_notified_place());
  }
};

void agree(resumption where) {
  const thread_program program = *any_program();
  notify_side_by_side both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("notify", 5000, &agree);

}  // namespace

}  // namespace notify_programs
