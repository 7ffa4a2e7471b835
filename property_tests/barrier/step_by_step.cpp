// One thread, and after each call everything is as the reference says.

#include <pawl/sync/barrier.hpp>

#include <rapidcheck.h>

#include <chrono>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "../client.hpp"
#include "../operations.hpp"
#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "reference.hpp"

namespace barrier_programs {

namespace {

using pawl::barrier;
using pawl::errc;

// One call (operations.hpp).
struct operation {
  enum class kind {
    meet,            // by a coroutine
    meet_stoppable,  // the same, with a stop token
    meet_briefly,    // blocking, with a deadline
    try_meet,
    drop,
    stop,     // the coroutine `which`
    destroy,  // the suspended coroutine `which`
  };

  kind what = kind::meet;
  std::size_t which = 0;

  // Whether it starts a coroutine.
  bool starts() const { return what == kind::meet || what == kind::meet_stoppable; }
};

using kind = operation::kind;

constexpr vocabulary<kind, 7> words{{
    {kind::meet, "meet", 8},
    {kind::meet_stoppable, "meet_stoppable", 8},
    {kind::meet_briefly, "meet_briefly", 1},
    {kind::try_meet, "try_meet", 4},
    {kind::drop, "drop", 1},
    {kind::stop, "stop", 5, true},
    {kind::destroy, "destroy", 3, true},
}};

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<std::vector<operation>> any_program() { return any_program_of<operation>(any_kind(words)); }

// Who has passed holds nothing; the number of its grant is 1 if it leads.
using call = basic_call<std::monostate, operation>;

std::uint64_t number_of(const pawl::barrier_arrival& a) { return a.is_leader() ? 1 : 0; }

void end(call& c, pawl::result<pawl::barrier_arrival> arrival) {
  c.end(std::move(arrival).map(
      [](pawl::barrier_arrival a) { return grant<std::monostate>{{}, number_of(a)}; }));
}

acquiring meet(pawl::scheduler*, barrier& b, call& c) {
  auto arrival = co_await b.arrive_and_wait();
  end(c, std::move(arrival));
}

acquiring meet_stoppable(pawl::scheduler*, barrier& b, call& c) {
  auto arrival = co_await b.arrive_and_wait(c.stop.get_token());
  end(c, std::move(arrival));
}

class client : public basic_client<barrier, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op) {
    using namespace std::chrono_literals;
    switch (op.what) {
      case kind::meet:
        start(op, &meet);
        return std::nullopt;
      case kind::meet_stoppable:
        start(op, &meet_stoppable);
        return std::nullopt;
      case kind::meet_briefly:
        // The deadline may pass before the call has looked, so it is not for who would be the last.
        if (const auto tried = primitive_.try_arrive_and_wait()) return number_of(*tried);
        return primitive_.arrive_and_wait_blocking_for(20us).map(number_of);
      case kind::try_meet:
        return primitive_.try_arrive_and_wait().map(number_of);
      case kind::drop:
        try {
          return number_of(primitive_.arrive_and_drop());
        } catch (const std::logic_error&) {
          return pawl::failure(errc::closed);
        }
      case kind::stop:
        stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
    }
    return 0;
  }

  // There is nothing to take over.
  void collect() {}
};

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    switch (op.what) {
      case kind::meet:
      case kind::meet_stoppable:
        start(op.what == kind::meet_stoppable, [&](std::size_t i) { return reference_.meet(i); });
        return std::nullopt;
      case kind::meet_briefly: {
        const outcome tried = reference_.try_meet();
        const bool waits = !tried && tried.error().code == errc::would_block;
        return waits ? outcome(pawl::failure(errc::timed_out)) : tried;
      }
      case kind::try_meet:
        return reference_.try_meet();
      case kind::drop:
        return reference_.drop();
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

class barrier_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~barrier_side_by_side() {
    while (!primitive_.is_closed()) primitive_.arrive_and_drop();
  }

 private:
  void compare() const override {
    const reference& expected = prediction_.expected();
    RC_ASSERT(primitive_.parties() == expected.parties());
    RC_ASSERT(primitive_.is_closed() == (expected.parties() == 0));
    RC_ASSERT(primitive_.has_waiters() == expected.has_waiters());
  }
};

void agree(resumption where) {
  const auto parties = *rc::gen::inRange<pawl::count_t>(1, 5);
  const std::vector<operation> program = *any_program();
  barrier_side_by_side both(where, count_starts(program), parties);
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("barrier", 5000, &agree);

}  // namespace

}  // namespace barrier_programs
