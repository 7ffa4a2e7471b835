#pragma once
// Calls that wait for a manual_reset_event, an auto_reset_event, a latch or a wait_group, as
// coroutines (models/support.hpp). What they return, 1, says only that they got through.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/latch.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/wait_group.hpp>

#include <chrono>

#include "../support.hpp"

namespace models {

using pawl::errc;

inline pawl::result<count_t> passed(const pawl::result<void>& waited) {
  return waited.map([] { return count_t{1}; });
}

template <class Primitive>
call wait_for(Primitive& p) {
  const auto waited = co_await p.wait();
  co_return passed(waited);
}
template <class Primitive>
call wait_for(in_waker, Primitive& p, pawl::stop_token token = {}) {
  const auto waited = co_await p.wait(token);
  co_return passed(waited);
}
template <class Primitive>
call wait_for(Primitive& p, pawl::stop_token token) {
  const auto waited = co_await p.wait(token);
  co_return passed(waited);
}
template <class Primitive>
call wait_in_time(Primitive& p) {
  const auto waited = co_await p.wait_for(std::chrono::seconds(1));
  co_return passed(waited);
}

// Reads what was written before the wait ended.
template <class Primitive>
call read_after(Primitive& p, const pawl::cell<int>& x) {
  const auto waited = co_await p.wait();
  if (waited) require(x.read() == 1);
  co_return passed(waited);
}

// Destroys what it waited for.
template <class Primitive>
call wait_and_destroy(std::optional<Primitive>& p) {
  const auto waited = co_await p->wait();
  p.reset();
  co_return passed(waited);
}

// Destroys another call when it is resumed.
template <class Primitive>
call wait_and_destroy(in_waker, Primitive& p, std::optional<call>& other) {
  const auto waited = co_await p.wait();
  other.reset();
  co_return passed(waited);
}

// A thread that waits.
template <class Primitive>
void wait_blocking(Primitive& p) {
  require(p.wait_blocking().has_value());
}

inline bool passed_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

}  // namespace models
