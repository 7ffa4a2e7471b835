// One thread, and after each call everything is as the reference says.

#include <pawl/task/run_loop.hpp>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>

#include "client.hpp"
#include "operation.hpp"
#include "prediction.hpp"
#include "property.hpp"
#include "reference.hpp"

namespace {

using kind = operation::kind;
using outcome = reference::outcome;
using pawl::count_t;
using pawl::errc;

std::string text(const std::optional<outcome>& o) {
  if (!o) return "nothing yet";
  return *o ? std::to_string(**o) : to_string(o->error());
}

enum class resumption { on_a_loop, in_place };

class side_by_side {
 public:
  side_by_side(count_t permits, std::size_t calls, resumption where)
      : semaphore_(permits),
        calls_(calls),
        client_(semaphore_, calls_, calls_, where == resumption::on_a_loop ? &loop_ : nullptr),
        prediction_(permits, calls) {
    for (call& each : calls_) each.log = &log_;
  }
  ~side_by_side() {
    semaphore_.close();  // nobody waits when it ends, not even after a failure
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
    const reference& expected = prediction_.semaphore();
    RC_ASSERT(semaphore_.available_permits() == expected.available());
    RC_ASSERT(semaphore_.has_waiters() == expected.has_waiters());
    RC_ASSERT(semaphore_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(semaphore_.is_closed() == expected.is_closed());
    std::vector<count_t> held;
    for (const pawl::permit& each : client_.permits()) held.push_back(each.count());
    RC_ASSERT(held == prediction_.held());
    for (std::size_t i = 0; i < client_.started().size(); ++i) {
      RC_ASSERT(text(outcome_of(calls_[i])) == text(seen_before_collection(i)));
    }
    RC_ASSERT(ended() == prediction_.log());
  }

  // The number of permits of a granted call went with the permits.
  std::optional<outcome> seen_before_collection(std::size_t i) const {
    const auto& how = prediction_.of_call(i);
    return how && *how ? std::optional<outcome>(0) : how;
  }

  static std::optional<outcome> outcome_of(const call& c) {
    return c.outcome.with_read([](const auto& got) -> std::optional<outcome> {
      if (!got) return std::nullopt;
      if (*got) return outcome(0);
      return outcome(tl::unexpected<pawl::error>(got->error()));
    });
  }

  // Whoever is stopped is resumed by the stopper, in no order with those who are granted something.
  std::vector<std::size_t> ended() const {
    std::vector<std::size_t> numbers;
    for (const call* each : log_) {
      const auto how = outcome_of(*each);
      if (*how || how->error().code != errc::cancelled) {
        numbers.push_back(static_cast<std::size_t>(each - calls_.data()));
      }
    }
    return numbers;
  }

  pawl::run_loop loop_;
  pawl::semaphore semaphore_;
  std::vector<call*> log_;
  std::vector<call> calls_;
  client client_;
  prediction prediction_;
};

void agree(resumption where) {
  const count_t permits = *any_number();
  const thread_program program = *any_program();
  side_by_side both(permits, count_starts(program), where);
  for (const operation& op : program) both.step(op);
  both.step({.what = kind::close});
}

const property on_a_loop("semaphore.step_by_step_on_a_loop",
                         "each call does what the reference does", 5000,
                         [] { agree(resumption::on_a_loop); });
const property in_place("semaphore.step_by_step_in_place",
                        "so it does if coroutines resume in the call that wakes them", 5000,
                        [] { agree(resumption::in_place); });

}  // namespace
