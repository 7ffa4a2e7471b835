#pragma once
// One thread's dealings with a primitive: the part that all of them share.

#include <pawl/task/scheduler.hpp>

#include <cstddef>
#include <span>

#include "call.hpp"

// The coroutines that wait for it. The client of a primitive derives from this, and makes the calls
// that a program consists of: std::optional<outcome> apply(const operation&).
template <class Primitive, class Call>
class basic_client {
 public:
  using primitive = Primitive;
  using call = Call;
  using operation = typename Call::operation;

  // `own` has room for the calls that this client will start; `all` is what it may stop. The
  // coroutines resume on `where`; null: inline in whoever settles the wait.
  basic_client(Primitive& p, std::span<Call> own, std::span<Call> all, pawl::scheduler* where)
      : primitive_(p), own_(own), all_(all), where_(where) {}

  std::span<Call> started() const { return own_.first(started_); }

  // How many calls had been started when a call that does not wait was last granted something.
  std::size_t passed() const { return passed_; }

 protected:
  // Effects: starts the coroutine begin(scheduler*, Primitive&, Call&).
  template <class Begin>
  void start(const operation& op, Begin begin) {
    Call& c = own_[started_++];
    c.asked = op;
    c.coroutine = begin(where_, primitive_, c);
  }

  // Effects: requests the stop of the call `which`, before it begins, while it waits or after.
  void stop(std::size_t which) {
    if (!all_.empty()) all_[which % all_.size()].stop.request_stop();
  }

  // Effects: destroys the coroutine of the call `which`, if it waits.
  void destroy(std::size_t which) {
    if (started_ == 0) return;
    Call& c = own_[which % started_];
    c.was_destroyed = c.is_waiting();
    if (c.was_destroyed) c.coroutine = acquiring();
  }

  // Effects: hands to keep(held) what coroutines hold that were granted it since the last time.
  template <class Keep>
  void collect_by(Keep keep) {
    for (Call& c : started()) {
      if (c.was_collected || c.is_waiting()) continue;
      c.was_collected = true;
      c.got.with([&](auto& result) {
        if (*result) keep(std::move((*result)->held));
      });
    }
  }

  // A call that does not wait was granted something.
  void pass() { passed_ = started_; }

  Primitive& primitive_;

 private:
  const std::span<Call> own_;
  const std::span<Call> all_;
  pawl::scheduler* const where_;
  std::size_t started_ = 0;
  std::size_t passed_ = 0;
};
