#pragma once
// Waits of notify as coroutines (models/support.hpp). What a call returns that was notified is 0.

#include <pawl/sync/notify.hpp>

#include <memory>

#include "../support.hpp"

namespace models {

using pawl::enabled_wait;
using pawl::errc;
using pawl::notify;
using made_wait = pawl::wait_op<notify>;

inline pawl::result<count_t> ended(const pawl::result<void>& r) {
  return r.map([] { return count_t{0}; });
}

inline call wait(notify& n) {
  const auto notified = co_await n.wait();
  co_return ended(notified);
}
inline call wait(in_waker, notify& n) {
  const auto notified = co_await n.wait();
  co_return ended(notified);
}
inline call wait(notify& n, pawl::stop_token token) {
  const auto notified = co_await n.wait(token);
  co_return ended(notified);
}
inline call wait(in_waker, notify& n, pawl::stop_token token) {
  const auto notified = co_await n.wait(token);
  co_return ended(notified);
}

// Awaits what was made, or enabled, before.
inline call await(made_wait& made) {
  const auto notified = co_await std::move(made);
  co_return ended(notified);
}
inline call await(enabled_wait& place) {
  const auto notified = co_await std::move(place);
  co_return ended(notified);
}

inline void wait_blocking(notify& n) { require(n.wait_blocking().has_value()); }

// A place that can be given up before the end of its block.
inline std::unique_ptr<enabled_wait> enabled(notify& n) {
  return std::unique_ptr<enabled_wait>(new enabled_wait(n.enable()));
}

inline bool notified_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

// Nobody waits, and so many notifications are stored.
inline void require_idle(notify& n, unsigned stored) {
  require(!n.has_waiters());
  require(n.try_wait().has_value() == (stored != 0));
  require(failed_with(n.try_wait(), errc::would_block));
}

}  // namespace models
