#pragma once
// Calls of the semaphore as coroutines (models/support.hpp).

#include <pawl/sync/semaphore.hpp>

#include "../support.hpp"

namespace models {

using pawl::errc;
using pawl::permit;
using pawl::semaphore;

// Effects: holds what was granted for ever. Returns: how much that was.
inline pawl::result<count_t> keep(pawl::result<permit> acquired) {
  return std::move(acquired).map([](permit&& p) { return std::move(p).forget(); });
}

// Calls that keep what they are granted.
inline call acquire(semaphore& s, count_t n) {
  auto acquired = co_await s.acquire(n);
  co_return keep(std::move(acquired));
}
inline call acquire(semaphore& s, count_t n, pawl::stop_token token) {
  auto acquired = co_await s.acquire(n, token);
  co_return keep(std::move(acquired));
}
inline call acquire_up_to(semaphore& s, count_t n) {
  auto acquired = co_await s.acquire_up_to(n);
  co_return keep(std::move(acquired));
}
inline call acquire_up_to(semaphore& s, count_t n, pawl::stop_token token) {
  auto acquired = co_await s.acquire_up_to(n, token);
  co_return keep(std::move(acquired));
}
inline call acquire(in_waker, semaphore& s, count_t n, pawl::stop_token token = {}) {
  auto acquired = co_await s.acquire(n, token);
  co_return keep(std::move(acquired));
}

// A call that gives back at once what it is granted.
inline call pass_through(semaphore& s, count_t n) {
  const auto acquired = co_await s.acquire(n);
  co_return acquired.map([](const permit& p) { return p.count(); });
}

}  // namespace models
