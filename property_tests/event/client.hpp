#pragma once
// One thread's dealings with an event, latch or wait_group.

#include <chrono>
#include <optional>
#include <variant>

#include "../client.hpp"
#include "programs.hpp"

namespace event_programs {

// A wait holds nothing afterwards; the number of its grant is 0.
using call = basic_call<std::monostate, operation>;

template <class Primitive>
class client : public basic_client<Primitive, call> {
  using kind = operation::kind;

 public:
  using basic_client<Primitive, call>::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op) {
    using namespace std::chrono_literals;
    switch (op.what) {
      case kind::wait:
        this->start(op, &wait);
        return std::nullopt;
      case kind::wait_stoppable:
        this->start(op, &wait_stoppable);
        return std::nullopt;
      case kind::wait_briefly:
        return passed_by(this->primitive_.wait_blocking_for(20us));
      case kind::try_wait:
        return passed_by(this->primitive_.try_wait());
      case kind::happen:
        ++happened_;
        happen(this->primitive_);
        return 0;
      case kind::take_back:
        take_back(this->primitive_);
        return 0;
      case kind::stop:
        this->stop(op.which);
        return 0;
      case kind::destroy:
        this->destroy(op.which);
        return 0;
    }
    return 0;
  }

  // There is nothing to take over.
  void collect() {}

  // How often this client has let something happen; and how often it got through by a call that is
  // no coroutine.
  std::size_t happened() const { return happened_; }
  std::size_t passed_at_once() const { return passed_at_once_; }

 private:
  static void end(call& c, pawl::result<void> waited) {
    c.end(std::move(waited).map([] { return grant<std::monostate>(); }));
  }
  static acquiring wait(pawl::scheduler*, Primitive& p, call& c) {
    auto waited = co_await p.wait();
    end(c, std::move(waited));
  }
  static acquiring wait_stoppable(pawl::scheduler*, Primitive& p, call& c) {
    auto waited = co_await p.wait(c.stop.get_token());
    end(c, std::move(waited));
  }

  outcome passed_by(pawl::result<void> waited) {
    if (waited) {
      this->pass();
      ++passed_at_once_;
    }
    return std::move(waited).map([] { return std::uint64_t{0}; });
  }

  std::size_t happened_ = 0;
  std::size_t passed_at_once_ = 0;
};

}  // namespace event_programs
