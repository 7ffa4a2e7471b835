// One thread, and after each call everything is as the reference says.

#include <pawl/task/run_loop.hpp>

#include <optional>
#include <sstream>
#include <string>

#include "client.hpp"
#include "operation.hpp"
#include "property.hpp"
#include "reference.hpp"

namespace mutex_programs {

namespace {

using kind = operation::kind;
using outcome = reference::outcome;
using pawl::errc;

std::string text(const std::optional<outcome>& o) {
  if (!o) return "nothing yet";
  return *o ? std::to_string(**o) : to_string(o->error());
}

// What the client with its coroutines should see.
class prediction {
 public:
  explicit prediction(std::size_t calls) : calls_(calls) {}

  std::optional<outcome> apply(const operation& op) {
    const std::optional<outcome> seen = call(op);
    for (const auto& each : mutex_.settled()) calls_[each.call].how = each.how;
    return seen;
  }

  const reference& mutex() const { return mutex_; }
  const std::optional<outcome>& of_call(std::size_t i) const { return calls_[i].how; }

 private:
  struct expected_call {
    std::optional<outcome> how;
    bool is_stoppable = false;
    bool was_stopped = false;
    bool was_destroyed = false;
  };

  std::optional<outcome> call(const operation& op) {
    switch (op.what) {
      case kind::lock:
      case kind::lock_stoppable:
        start(op);
        return std::nullopt;
      case kind::lock_briefly: {
        const outcome tried = mutex_.try_lock();
        if (!tried && tried.error().code == errc::would_block) {
          return pawl::failure(errc::timed_out);
        }
        return tried;
      }
      case kind::try_lock:
        return mutex_.try_lock();
      case kind::clear_poison:
        return mutex_.clear_poison();
      case kind::unlock:
      case kind::force_unlock:
      case kind::map:
        if (mutex_.is_locked()) mutex_.unlock();
        return 0;
      case kind::unwind:
        if (mutex_.is_locked()) mutex_.unwind();
        return 0;
      case kind::stop:
        if (!calls_.empty()) stop(calls_[op.which % calls_.size()]);
        return 0;
      case kind::destroy:
        if (started_ != 0) destroy(calls_[op.which % started_]);
        return 0;
      case kind::poison:
        mutex_.poison();
        return 0;
    }
    return 0;
  }

  void start(const operation& op) {
    expected_call& c = calls_[started_];
    c.is_stoppable = op.what == kind::lock_stoppable;
    if (c.is_stoppable && c.was_stopped) {
      c.how = pawl::failure(errc::cancelled);
    } else {
      c.how = mutex_.lock(started_);
    }
    ++started_;
  }

  bool waits(const expected_call& c) const {
    return number(c) < started_ && !c.how && !c.was_destroyed;
  }
  std::size_t number(const expected_call& c) const {
    return static_cast<std::size_t>(&c - calls_.data());
  }

  void stop(expected_call& c) {
    c.was_stopped = true;
    if (!waits(c) || !c.is_stoppable) return;
    c.how = pawl::failure(errc::cancelled);
    mutex_.withdraw(number(c));
  }

  void destroy(expected_call& c) {
    if (!waits(c)) return;
    c.was_destroyed = true;
    mutex_.withdraw(number(c));
  }

  reference mutex_;
  std::vector<expected_call> calls_;
  std::size_t started_ = 0;
};

enum class resumption { on_a_loop, in_place };

class side_by_side {
 public:
  side_by_side(std::size_t calls, resumption where)
      : calls_(calls),
        client_(mutex_, calls_, calls_, where == resumption::on_a_loop ? &loop_ : nullptr),
        prediction_(calls) {}
  ~side_by_side() {
    mutex_.poison();  // nobody waits when it ends, not even after a failure
    drain(loop_);
  }
  side_by_side(const side_by_side&) = delete;
  side_by_side& operator=(const side_by_side&) = delete;

  void step(const operation& op) {
    const std::optional<outcome> seen = client_.apply(op);
    drain(loop_);
    client_.collect();
    const std::optional<outcome> predicted = prediction_.apply(op);
    std::ostringstream what;
    showValue(op, what);
    RC_LOG() << what.str() << ": " << text(seen) << '\n';
    RC_ASSERT(text(seen) == text(predicted));
    compare();
  }

 private:
  void compare() {
    const reference& expected = prediction_.mutex();
    RC_ASSERT(mutex_.is_locked() == expected.is_locked());
    RC_ASSERT(mutex_.has_waiters() == expected.has_waiters());
    RC_ASSERT(mutex_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(client_.has_lock() == expected.is_locked());
    for (std::size_t i = 0; i < client_.started().size(); ++i) {
      RC_ASSERT(text(outcome_of(calls_[i])) == text(prediction_.of_call(i)));
    }
  }

  static std::optional<outcome> outcome_of(const call& c) {
    return c.outcome.with_read([](const auto& got) -> std::optional<outcome> {
      if (!got) return std::nullopt;
      return got->map([](const entry& e) { return e.place; });
    });
  }

  pawl::run_loop loop_;
  mutex mutex_;
  std::vector<call> calls_;
  client client_;
  prediction prediction_;
};

void agree(resumption where) {
  const thread_program program = *any_program();
  side_by_side both(count_starts(program), where);
  for (const operation& op : program) both.step(op);
}

const property on_a_loop("mutex.step_by_step_on_a_loop", "each call does what the reference does",
                         5000, [] { agree(resumption::on_a_loop); });
const property in_place("mutex.step_by_step_in_place",
                        "so it does if coroutines resume in the call that wakes them", 5000,
                        [] { agree(resumption::in_place); });

}  // namespace

}  // namespace mutex_programs
