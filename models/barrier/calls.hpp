#pragma once
// Calls of the barrier as coroutines (models/support.hpp). What they return is 1 for the leader of
// a generation, and 0 for the others.

#include <pawl/sync/barrier.hpp>

#include <chrono>

#include "../support.hpp"

namespace models {

using pawl::barrier;
using pawl::errc;

inline pawl::result<count_t> leads(const pawl::result<pawl::barrier_arrival>& a) {
  return a.map(
      [](const pawl::barrier_arrival& each) { return count_t{each.is_leader() ? 1u : 0u}; });
}

inline call meet(barrier& b) {
  const auto arrival = co_await b.arrive_and_wait();
  co_return leads(arrival);
}
inline call meet(in_waker, barrier& b, pawl::stop_token token = {}) {
  const auto arrival = co_await b.arrive_and_wait(token);
  co_return leads(arrival);
}
inline call meet(barrier& b, pawl::stop_token token) {
  const auto arrival = co_await b.arrive_and_wait(token);
  co_return leads(arrival);
}
inline call meet_in_time(barrier& b) {
  const auto arrival = co_await b.arrive_and_wait_for(std::chrono::seconds(1));
  co_return leads(arrival);
}

// Whether it got through, and how many leaders that makes.
inline bool crossed_or(const call& c, errc code) { return c.granted() || c.failed_with(code); }

template <class... Calls>
bool one_leads(const Calls&... calls) {
  return (calls.granted() && ...) && (calls.count() + ...) == 1;
}

}  // namespace models
