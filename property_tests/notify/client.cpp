#include "client.hpp"

#include <chrono>

namespace notify_programs {

using kind = operation::kind;

namespace {

pawl::result<grant<nothing>> ended(const pawl::result<void>& r) {
  return r.map([] { return grant<nothing>(); });
}

acquiring wait(pawl::scheduler*, notify& n, call& c) {
  const auto notified = co_await n.wait();
  c.end(ended(notified));
}

acquiring wait_stoppable(pawl::scheduler*, notify& n, call& c) {
  const auto notified = co_await n.wait(c.stop.get_token());
  c.end(ended(notified));
}

}  // namespace

std::optional<outcome> client::apply(const operation& op) {
  using namespace std::chrono_literals;
  switch (op.what) {
    case kind::wait:
      start(op, &wait);
      return std::nullopt;
    case kind::wait_stoppable:
      start(op, &wait_stoppable);
      return std::nullopt;
    case kind::wait_briefly:
      return keep(primitive_.wait_blocking_for(20us));
    case kind::try_wait:
      return keep(primitive_.try_wait());
    case kind::enable:
      place_.reset();  // what it got goes to those that wait already
      place_.reset(new pawl::enabled_wait(primitive_.enable()));
      return 0;
    case kind::give_up:
      place_.reset();
      return 0;
    case kind::notify_one:
      primitive_.notify_one();
      return 0;
    case kind::notify_last:
      primitive_.notify_last();
      return 0;
    case kind::notify_waiters:
      primitive_.notify_waiters();
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

outcome client::keep(const pawl::result<void>& r) {
  if (!r) return tl::unexpected<pawl::error>(r.error());
  ++notified_;
  return 0;
}

}  // namespace notify_programs
