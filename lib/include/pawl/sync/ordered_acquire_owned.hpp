#pragma once
// Acquiring from an ordered_semaphore that is shared: the call in progress, and then the permit,
// keep it alive.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/ordered_semaphore.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

using owned_ordered_permits = owned_acquire<owned_ordered_permit>;
using owned_ordered_acquire_op = owned_ordered_permits::operation;

inline acquire_terms ordered_terms(count_t n, bool up_to) noexcept {
  return {.count = n, .up_to = up_to};
}
inline acquire_terms ordered_terms(count_t n, bool up_to, stop_token token) noexcept {
  return {.count = n, .how = acquire_terms::mode::stoppable, .up_to = up_to, .token = token};
}
inline acquire_terms ordered_terms(count_t n, bool up_to,
                                   steady_clock::time_point deadline) noexcept {
  return {.count = n, .how = acquire_terms::mode::timed, .up_to = up_to, .deadline = deadline};
}

}  // namespace detail

// As those of the same name of a semaphore, and checked as those of an ordered_semaphore are; `end`
// is nothing, or a stop_token. (An ordered_semaphore<lock_checking::off> is a semaphore here, too.)
// Throw: std::invalid_argument if there is no semaphore; lock_order_violation.
template <class... End>
detail::owned_ordered_acquire_op acquire_owned(std::shared_ptr<ordered_semaphore<>> from,
                                               count_t n = 1, End... end) {
  return detail::owned_ordered_permits::start(std::move(from),
                                              detail::ordered_terms(n, false, end...));
}
inline detail::owned_ordered_acquire_op acquire_owned_until(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::time_point deadline) {
  return detail::owned_ordered_permits::start(std::move(from),
                                              detail::ordered_terms(n, false, deadline));
}
inline detail::owned_ordered_acquire_op acquire_owned_for(std::shared_ptr<ordered_semaphore<>> from,
                                                          count_t n,
                                                          steady_clock::duration timeout) {
  return acquire_owned_until(std::move(from), n, detail::deadline_after(timeout));
}
template <class... End>
[[nodiscard]] result<owned_ordered_permit> acquire_owned_blocking(
    std::shared_ptr<ordered_semaphore<>> from, count_t n = 1, End... end) {
  return detail::owned_ordered_permits::block(
      std::move(from), [&](semaphore& s) { return s.acquire_blocking(n, end...); });
}
[[nodiscard]] inline result<owned_ordered_permit> acquire_owned_blocking_until(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::time_point deadline) {
  return detail::owned_ordered_permits::block(
      std::move(from), [&](semaphore& s) { return s.acquire_blocking_until(n, deadline); });
}
[[nodiscard]] inline result<owned_ordered_permit> acquire_owned_blocking_for(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::duration timeout) {
  return acquire_owned_blocking_until(std::move(from), n, detail::deadline_after(timeout));
}
[[nodiscard]] inline result<owned_ordered_permit> try_acquire_owned(
    std::shared_ptr<ordered_semaphore<>> from, count_t n = 1) {
  return detail::owned_ordered_permits::finish(std::move(from),
                                               [&](semaphore& s) { return s.try_acquire(n); });
}

template <class... End>
detail::owned_ordered_acquire_op acquire_owned_up_to(std::shared_ptr<ordered_semaphore<>> from,
                                                     count_t n, End... end) {
  return detail::owned_ordered_permits::start(std::move(from),
                                              detail::ordered_terms(n, true, end...));
}
inline detail::owned_ordered_acquire_op acquire_owned_up_to_until(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::time_point deadline) {
  return detail::owned_ordered_permits::start(std::move(from),
                                              detail::ordered_terms(n, true, deadline));
}
inline detail::owned_ordered_acquire_op acquire_owned_up_to_for(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::duration timeout) {
  return acquire_owned_up_to_until(std::move(from), n, detail::deadline_after(timeout));
}
template <class... End>
[[nodiscard]] result<owned_ordered_permit> acquire_owned_up_to_blocking(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, End... end) {
  return detail::owned_ordered_permits::block(
      std::move(from), [&](semaphore& s) { return s.acquire_up_to_blocking(n, end...); });
}
[[nodiscard]] inline result<owned_ordered_permit> acquire_owned_up_to_blocking_until(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::time_point deadline) {
  return detail::owned_ordered_permits::block(
      std::move(from), [&](semaphore& s) { return s.acquire_up_to_blocking_until(n, deadline); });
}
[[nodiscard]] inline result<owned_ordered_permit> acquire_owned_up_to_blocking_for(
    std::shared_ptr<ordered_semaphore<>> from, count_t n, steady_clock::duration timeout) {
  return acquire_owned_up_to_blocking_until(std::move(from), n, detail::deadline_after(timeout));
}
[[nodiscard]] inline result<owned_ordered_permit> try_acquire_owned_up_to(
    std::shared_ptr<ordered_semaphore<>> from, count_t n) {
  return detail::owned_ordered_permits::finish(
      std::move(from), [&](semaphore& s) { return s.try_acquire_up_to(n); });
}

PAWL_END
