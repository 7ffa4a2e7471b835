// A once_cell, whose waits are those of set_once: one thread, and after each call everything is as
// the reference says.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/once_cell.hpp>

#include <rapidcheck.h>

#include <chrono>
#include <utility>
#include <variant>
#include <vector>

#include "../client.hpp"
#include "../operations.hpp"
#include "../prediction.hpp"
#include "../side_by_side.hpp"
#include "reference.hpp"

namespace once_programs {

namespace {

using pawl::errc;

// One call (operations.hpp).
struct operation {
  enum class kind {
    wait,            // by a coroutine
    wait_stoppable,  // the same, with a stop token
    wait_briefly,    // blocking, with a deadline
    make,            // by a coroutine, whose initializer takes until `finish` or `fail`
    make_stoppable,
    try_make,
    try_set,
    finish,
    fail,
    stop,     // the coroutine `which`
    destroy,  // the suspended coroutine `which`
  };

  kind what = kind::wait;
  std::size_t which = 0;  // or the value

  // Whether it starts a coroutine.
  bool starts() const {
    return what == kind::wait || what == kind::wait_stoppable || what == kind::make ||
           what == kind::make_stoppable;
  }
};

using kind = operation::kind;

constexpr vocabulary<kind, 11> words{{
    {kind::wait, "wait", 4, true},
    {kind::wait_stoppable, "wait_stoppable", 6, true},
    {kind::wait_briefly, "wait_briefly", 1, true},
    {kind::make, "make", 6, true},
    {kind::make_stoppable, "make_stoppable", 8, true},
    {kind::try_make, "try_make", 1, true},
    {kind::try_set, "try_set", 1, true},
    {kind::finish, "finish", 1, true},
    {kind::fail, "fail", 4, true},
    {kind::stop, "stop", 6, true},
    {kind::destroy, "destroy", 5, true},
}};

void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

rc::Gen<std::vector<operation>> any_program() { return any_program_of<operation>(any_kind(words)); }

// The cell, and what an initializer waits for.
struct object {
  pawl::once_cell<std::uint64_t> cell;
  pawl::auto_reset_event over;
  bool fails = false;

  void end_initializer(bool failing) {
    if (!over.has_waiters()) return;
    fails = failing;
    over.set();
  }
};

struct broken {};

pawl::task<std::uint64_t> initialize(object& o, std::uint64_t n) {
  const auto ended = co_await o.over.wait();
  if (!ended || o.fails) throw broken();
  co_return n;
}

// Who was given the value holds nothing; the number of its grant is the value.
using call = basic_call<std::monostate, operation>;
using given = pawl::result<std::uint64_t*>;

std::uint64_t number_of(const std::uint64_t* value) { return *value; }

void end(call& c, const given& value) {
  c.end(value.map([](const std::uint64_t* v) { return grant<std::monostate>{{}, *v}; }));
}

acquiring wait(pawl::scheduler*, object& o, call& c) {
  const auto value = co_await o.cell.wait();
  end(c, value);
}
acquiring wait_stoppable(pawl::scheduler*, object& o, call& c) {
  const auto value = co_await o.cell.wait(c.stop.get_token());
  end(c, value);
}
acquiring make(pawl::scheduler*, object& o, call& c) {
  given value = pawl::failure(errc::poisoned);
  try {
    value = co_await o.cell.get_or_init([&] { return initialize(o, c.asked.which); });
  } catch (const broken&) {}
  end(c, value);
}
acquiring make_stoppable(pawl::scheduler*, object& o, call& c) {
  given value = pawl::failure(errc::poisoned);
  try {
    value = co_await o.cell.get_or_init(c.stop.get_token(),
                                        [&] { return initialize(o, c.asked.which); });
  } catch (const broken&) {}
  end(c, value);
}

class client : public basic_client<object, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op) {
    using namespace std::chrono_literals;
    switch (op.what) {
      case kind::wait:
        start(op, &wait);
        return std::nullopt;
      case kind::wait_stoppable:
        start(op, &wait_stoppable);
        return std::nullopt;
      case kind::wait_briefly:
        return primitive_.cell.wait_blocking_for(20us).map(number_of);
      case kind::make:
        start(op, &make);
        return std::nullopt;
      case kind::make_stoppable:
        start(op, &make_stoppable);
        return std::nullopt;
      case kind::try_make:
        return primitive_.cell.try_get_or_init([&] { return op.which; }).map(number_of);
      case kind::try_set:
        if (const auto set = primitive_.cell.try_set(op.which))
          return **set;
        else
          return tl::unexpected(set.error().why);
      case kind::finish:
        primitive_.end_initializer(false);
        return 0;
      case kind::fail:
        primitive_.end_initializer(true);
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

  // There is nothing to take over.
  void collect() {}
};

class prediction : public basic_prediction<reference> {
 public:
  explicit prediction(std::size_t calls) : basic_prediction(calls), calls_(calls) {}

  std::optional<outcome> apply(const operation& op) {
    switch (op.what) {
      case kind::wait:
      case kind::wait_stoppable:
        start(op.what == kind::wait_stoppable, [&](std::size_t i) { return reference_.wait(i); });
        return std::nullopt;
      case kind::wait_briefly:
        if (reference_.value()) return outcome(*reference_.value());
        return pawl::failure(errc::timed_out);
      case kind::make:
      case kind::make_stoppable:
        // What is there is given, stop or not.
        start(op.what == kind::make_stoppable && !reference_.value(),
              [&](std::size_t i) { return reference_.make(i, op.which); });
        return std::nullopt;
      case kind::try_make:
        return reference_.try_make(op.which);
      case kind::try_set:
        return reference_.try_set(op.which);
      case kind::finish:
        reference_.finish();
        return 0;
      case kind::fail:
        reference_.fail();
        return 0;
      case kind::stop:
        // An initializer goes on.
        if (calls_ != 0 && !reference_.is_making(op.which % calls_)) stop(op.which);
        return 0;
      case kind::destroy:
        destroy(op.which);
        return 0;
    }
    return 0;
  }

 private:
  const std::size_t calls_;
};

class once_side_by_side final : public side_by_side<client, prediction> {
 public:
  using side_by_side::side_by_side;
  ~once_side_by_side() {
    drain(loop_);
    primitive_.end_initializer(false);
    drain(loop_);
    static_cast<void>(primitive_.cell.try_set(0));
  }

 private:
  void compare() const override {
    const auto& expected = prediction_.expected().value();
    const std::uint64_t* const there = primitive_.cell.get();
    const bool agrees = there != nullptr ? expected == *there : !expected;
    RC_ASSERT(agrees);
    RC_ASSERT(primitive_.cell.is_initialized() == expected.has_value());
  }
};

void agree(resumption where) {
  const std::vector<operation> program = *any_program();
  once_side_by_side both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("once", 5000, &agree);

}  // namespace

}  // namespace once_programs
