#pragma once
// What client.hpp does, done with the reference: the part that all primitives share.

#include <cstddef>
#include <optional>
#include <vector>

#include "call.hpp"

// What the reference of a primitive says about others than the caller.
struct settlement {
  std::size_t call;
  outcome how;
};

// What a client with its coroutines should see. Calls are numbered in the order of their starts;
// Reference has
//   void withdraw(std::size_t call)         the call, if it waits, has left
//   std::vector<settlement> settled()       what was settled since the last such call, in order
template <class Reference>
class basic_prediction {
 public:
  // `args` make the reference.
  template <class... Args>
  explicit basic_prediction(std::size_t calls, Args... args) : reference_(args...), calls_(calls) {}

  const Reference& expected() const { return reference_; }

  // What the call i came to; nothing if it waits or was destroyed.
  const std::optional<outcome>& of_call(std::size_t i) const { return calls_[i].how; }

  // Returns: the calls that have ended, in order, those apart that end by being stopped: they are
  //   resumed by the stopper, in no order with the others.
  const std::vector<std::size_t>& log() const { return log_; }

  // Effects: whoever was settled by the last call has ended.
  void end_settled() {
    for (const settlement& each : reference_.settled()) end(each.call, each.how);
  }

 protected:
  // Effects: the next call starts. If it was not stopped before, wait(i) is what it comes to;
  //   nothing if it waits.
  template <class Wait>
  void start(bool is_stoppable, Wait wait) {
    const std::size_t i = started_++;
    calls_[i].is_stoppable = is_stoppable;
    if (is_stoppable && calls_[i].was_stopped) return end(i, cancelled());
    if (const std::optional<outcome> at_once = wait(i)) end(i, *at_once);
  }

  void stop(std::size_t which) {
    if (calls_.empty()) return;
    const std::size_t i = which % calls_.size();
    calls_[i].was_stopped = true;
    if (!waits(i) || !calls_[i].is_stoppable) return;
    end(i, cancelled());
    reference_.withdraw(i);
  }

  void destroy(std::size_t which) {
    if (started_ == 0 || !waits(which % started_)) return;
    calls_[which % started_].was_destroyed = true;
    reference_.withdraw(which % started_);
  }

  Reference reference_;

 private:
  struct expected_call {
    std::optional<outcome> how;
    bool is_stoppable = false;
    bool was_stopped = false;
    bool was_destroyed = false;
  };

  static outcome cancelled() { return pawl::failure(pawl::errc::cancelled); }

  bool waits(std::size_t i) const {
    return i < started_ && !calls_[i].how && !calls_[i].was_destroyed;
  }

  void end(std::size_t i, outcome how) {
    calls_[i].how = how;
    if (how || how.error().code != pawl::errc::cancelled) log_.push_back(i);
  }

  std::vector<expected_call> calls_;
  std::size_t started_ = 0;
  std::vector<std::size_t> log_;
};
