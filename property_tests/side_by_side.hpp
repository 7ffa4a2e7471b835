#pragma once
// One thread, and after each call everything is as the reference says.

#include <pawl/task/run_loop.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "call.hpp"
#include "property.hpp"

// Where coroutines resume.
enum class resumption { on_a_loop, in_place };

// A primitive with its client, and the prediction. Whoever derives from it compares what else can
// be seen, and, when it is destroyed, sees to it that nobody waits, not even after a failure.
template <class Client, class Prediction>
class side_by_side {
 public:
  using primitive = typename Client::primitive;
  using operation = typename Client::operation;
  using call = typename Client::call;

  // `args` make the primitive, and the reference.
  template <class... Args>
  side_by_side(resumption where, std::size_t calls, Args... args)
      : primitive_(args...),
        calls_(calls),
        client_(primitive_, calls_, calls_, where == resumption::on_a_loop ? &loop_ : nullptr),
        prediction_(calls, args...) {
    for (call& each : calls_) each.log = &log_;
  }
  side_by_side(const side_by_side&) = delete;
  side_by_side& operator=(const side_by_side&) = delete;

  void step(const operation& op) {
    const std::optional<outcome> seen = client_.apply(op);
    drain(loop_);
    client_.collect();
    const std::optional<outcome> predicted = prediction_.apply(op);
    prediction_.end_settled();
    std::ostringstream what;
    showValue(op, what);
    RC_LOG() << what.str() << ": " << text(seen) << '\n';
    RC_ASSERT(text(seen) == text(predicted));
    for (std::size_t i = 0; i < client_.started().size(); ++i) {
      RC_ASSERT(text(calls_[i].seen()) == text(prediction_.of_call(i)));
    }
    compare();
  }

 protected:
  ~side_by_side() { drain(loop_); }

  virtual void compare() const = 0;

  // For primitives that say in which order calls end.
  void compare_order() const { RC_ASSERT(ended() == prediction_.log()); }

  pawl::run_loop loop_;
  std::vector<call*> log_;  // in the order of their ends
  primitive primitive_;
  std::vector<call> calls_;
  Client client_;
  Prediction prediction_;

 private:
  std::vector<std::size_t> ended() const {
    std::vector<std::size_t> numbers;
    for (const call* each : log_) {
      if (each->failure() != pawl::errc::cancelled) {
        numbers.push_back(static_cast<std::size_t>(each - calls_.data()));
      }
    }
    return numbers;
  }
};

// The properties that a primitive agrees with its reference, by `agree`, which tries one program.
class step_by_step {
 public:
  step_by_step(const std::string& primitive, unsigned programs, void (*agree)(resumption))
      : name_(primitive + ".step_by_step"),
        on_a_loop_(name_ + "_on_a_loop", "each call does what the reference does", programs,
                   [agree] { agree(resumption::on_a_loop); }),
        in_place_(name_ + "_in_place",
                  "so it does if coroutines resume in the call that wakes them", programs,
                  [agree] { agree(resumption::in_place); }) {}

 private:
  const std::string name_;
  const property on_a_loop_;
  const property in_place_;
};
