// One thread: a metered mutex does what a mutex does, and its numbers are those of the reference.

#include <pawl/sync/metered_mutex.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../mutex/client_of.hpp"
#include "../mutex/compared.hpp"

namespace mutex_programs {

namespace {

struct metered : pawl::metered_mutex<std::uint64_t> {
  metered() : metered_mutex("metered", 0) {}
};

class metered_side_by_side final : public compared<metered> {
 public:
  using compared::compared;

  void reset() {
    primitive_.reset();
    before_ = now();
    compare_numbers();
  }

 private:
  struct numbers {
    std::uint64_t entries = 0, contended = 0, ended = 0;
  };

  numbers now() const {
    const reference& r = prediction_.expected();
    return {r.entries(), r.contended(), r.entries() - (r.is_locked() ? 1 : 0)};
  }

  void compare() const override {
    compared::compare();
    compare_numbers();
  }
  void compare_numbers() const {
    using namespace std::chrono_literals;
    const numbers all = now();
    const pawl::lock_metrics_snapshot seen = primitive_.snapshot();
    RC_ASSERT(seen.name == "metered");
    RC_ASSERT(seen.acquisitions() == all.entries - before_.entries);
    RC_ASSERT(seen.contentions == all.contended - before_.contended);
    RC_ASSERT(seen.hold.count == all.ended - before_.ended);
    RC_ASSERT(seen.contentions != 0 || seen.wait.total == 0ns);
    RC_ASSERT(seen.wait.max <= seen.wait.total && seen.hold.max <= seen.hold.total);
  }

  numbers before_;  // the last reset
};

void agree(resumption where) {
  const thread_program program = *any_program();
  const auto resets = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::inRange<std::size_t>(0, program.size() + 1));  // before which steps
  metered_side_by_side both(where, count_starts(program));
  for (std::size_t i = 0; i != program.size(); ++i) {
    if (std::ranges::count(resets, i) != 0) both.reset();
    both.step(program[i]);
  }
}

const step_by_step properties("metered_mutex", 2000, &agree);

}  // namespace

}  // namespace mutex_programs
