// One thread, and after each call everything is as the reference says.

#include <optional>

#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "client.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace mutex_programs {

namespace {

using kind = operation::kind;
using pawl::errc;

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    reference& mutex = reference_;
    switch (op.what) {
      case kind::lock:
      case kind::lock_stoppable:
        start(op.what == kind::lock_stoppable, [&](std::size_t i) { return mutex.lock(i); });
        return std::nullopt;
      case kind::lock_briefly: {
        const outcome tried = mutex.try_lock();
        if (!tried && tried.error().code == errc::would_block) {
          return pawl::failure(errc::timed_out);
        }
        return tried;
      }
      case kind::try_lock:
        return mutex.try_lock();
      case kind::clear_poison:
        return mutex.clear_poison();
      case kind::unlock:
      case kind::force_unlock:
      case kind::map:
        if (mutex.is_locked()) mutex.unlock();
        return 0;
      case kind::unwind:
        if (mutex.is_locked()) mutex.unwind();
        return 0;
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
      case kind::poison:
        mutex.poison();
        return 0;
    }
    return 0;
  }
};

class mutex_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~mutex_side_by_side() { primitive_.poison(); }

 private:
  void compare() const override {
    compare_order();
    const reference& expected = prediction_.expected();
    RC_ASSERT(primitive_.is_locked() == expected.is_locked());
    RC_ASSERT(primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(primitive_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(client_.has_lock() == expected.is_locked());
  }
};

void agree(resumption where) {
  const thread_program program = *any_program();
  mutex_side_by_side both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("mutex", 5000, &agree);

}  // namespace

}  // namespace mutex_programs
