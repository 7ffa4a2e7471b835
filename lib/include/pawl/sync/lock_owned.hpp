#pragma once
// Locking a mutex or shared_mutex that is shared: the call in progress, and then the guard, keep it
// alive.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/owned_acquire.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Lock>
using owned_lock = owned_acquire<typename Lock::owned_guard>;
template <class Lock>
using owned_lock_op = typename owned_lock<Lock>::operation;

}  // namespace detail

// As the member functions of the same name, but for callers that share the lock; the call or the
// guard may be its last owner.
// Throws: std::invalid_argument if there is no lock.
template <class Lock>
detail::owned_lock_op<Lock> lock_owned(std::shared_ptr<Lock> of) {
  return detail::owned_lock<Lock>::start(std::move(of));
}

template <class Lock>
detail::owned_lock_op<Lock> lock_owned(std::shared_ptr<Lock> of, stop_token token) {
  return detail::owned_lock<Lock>::start(std::move(of), token);
}

template <class Lock>
detail::owned_lock_op<Lock> lock_owned_until(std::shared_ptr<Lock> of,
                                             steady_clock::time_point deadline) {
  return detail::owned_lock<Lock>::start(std::move(of), deadline);
}

template <class Lock>
detail::owned_lock_op<Lock> lock_owned_for(std::shared_ptr<Lock> of,
                                           steady_clock::duration timeout) {
  return lock_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_guard> lock_owned_blocking(std::shared_ptr<Lock> of) {
  return detail::owned_lock<Lock>::block(std::move(of), [](auto& m) { return m.lock_blocking(); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_guard> lock_owned_blocking(std::shared_ptr<Lock> of,
                                                                     stop_token token) {
  return detail::owned_lock<Lock>::block(std::move(of),
                                         [&](auto& m) { return m.lock_blocking(token); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_guard> lock_owned_blocking_until(
    std::shared_ptr<Lock> of, steady_clock::time_point deadline) {
  return detail::owned_lock<Lock>::block(std::move(of),
                                         [&](auto& m) { return m.lock_blocking_until(deadline); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_guard> lock_owned_blocking_for(
    std::shared_ptr<Lock> of, steady_clock::duration timeout) {
  return lock_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_guard> try_lock_owned(std::shared_ptr<Lock> of) {
  return detail::owned_lock<Lock>::finish(std::move(of), [](auto& m) { return m.try_lock(); });
}

template <class Lock>
result<typename Lock::owned_guard> clear_poison_owned(std::shared_ptr<Lock> of) {
  return detail::owned_lock<Lock>::finish(std::move(of), [](auto& m) { return m.clear_poison(); });
}

PAWL_END
