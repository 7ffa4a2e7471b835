#pragma once
// Reading what a shared_mutex protects that is itself shared: the call in progress, and then the
// guard, keep it alive.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/owned_acquire.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Lock>
using owned_reading = owned_acquire<typename Lock::owned_shared_guard>;
template <class Lock>
using owned_reading_op = typename owned_reading<Lock>::operation;
template <class Lock>
using owned_upgradable_reading = owned_acquire<typename Lock::owned_upgrade_guard>;
template <class Lock>
using owned_upgradable_reading_op = typename owned_upgradable_reading<Lock>::operation;

}  // namespace detail

// As the member functions of the same name, but for callers that share the lock; the call or the
// guard may be its last owner.
// Throws: std::invalid_argument if there is no shared_mutex.
template <class Lock>
detail::owned_reading_op<Lock> lock_shared_owned(std::shared_ptr<Lock> of) {
  return detail::owned_reading<Lock>::start(std::move(of));
}

template <class Lock>
detail::owned_reading_op<Lock> lock_shared_owned(std::shared_ptr<Lock> of, stop_token token) {
  return detail::owned_reading<Lock>::start(std::move(of), token);
}

template <class Lock>
detail::owned_reading_op<Lock> lock_shared_owned_until(std::shared_ptr<Lock> of,
                                                       steady_clock::time_point deadline) {
  return detail::owned_reading<Lock>::start(std::move(of), deadline);
}

template <class Lock>
detail::owned_reading_op<Lock> lock_shared_owned_for(std::shared_ptr<Lock> of,
                                                     steady_clock::duration timeout) {
  return lock_shared_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_shared_guard> lock_shared_owned_blocking(
    std::shared_ptr<Lock> of) {
  return detail::owned_reading<Lock>::block(std::move(of),
                                            [](auto& m) { return m.lock_shared_blocking(); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_shared_guard> lock_shared_owned_blocking(
    std::shared_ptr<Lock> of, stop_token token) {
  return detail::owned_reading<Lock>::block(std::move(of),
                                            [&](auto& m) { return m.lock_shared_blocking(token); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_shared_guard> lock_shared_owned_blocking_until(
    std::shared_ptr<Lock> of, steady_clock::time_point deadline) {
  return detail::owned_reading<Lock>::block(
      std::move(of), [&](auto& m) { return m.lock_shared_blocking_until(deadline); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_shared_guard> lock_shared_owned_blocking_for(
    std::shared_ptr<Lock> of, steady_clock::duration timeout) {
  return lock_shared_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_shared_guard> try_lock_shared_owned(
    std::shared_ptr<Lock> of) {
  return detail::owned_reading<Lock>::finish(std::move(of),
                                             [](auto& m) { return m.try_lock_shared(); });
}

// The same, to read and write later.
template <class Lock>
detail::owned_upgradable_reading_op<Lock> lock_upgrade_owned(std::shared_ptr<Lock> of) {
  return detail::owned_upgradable_reading<Lock>::start(std::move(of));
}

template <class Lock>
detail::owned_upgradable_reading_op<Lock> lock_upgrade_owned(std::shared_ptr<Lock> of,
                                                             stop_token token) {
  return detail::owned_upgradable_reading<Lock>::start(std::move(of), token);
}

template <class Lock>
detail::owned_upgradable_reading_op<Lock> lock_upgrade_owned_until(
    std::shared_ptr<Lock> of, steady_clock::time_point deadline) {
  return detail::owned_upgradable_reading<Lock>::start(std::move(of), deadline);
}

template <class Lock>
detail::owned_upgradable_reading_op<Lock> lock_upgrade_owned_for(std::shared_ptr<Lock> of,
                                                                 steady_clock::duration timeout) {
  return lock_upgrade_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_upgrade_guard> lock_upgrade_owned_blocking(
    std::shared_ptr<Lock> of) {
  return detail::owned_upgradable_reading<Lock>::block(
      std::move(of), [](auto& m) { return m.lock_upgrade_blocking(); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_upgrade_guard> lock_upgrade_owned_blocking(
    std::shared_ptr<Lock> of, stop_token token) {
  return detail::owned_upgradable_reading<Lock>::block(
      std::move(of), [&](auto& m) { return m.lock_upgrade_blocking(token); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_upgrade_guard> lock_upgrade_owned_blocking_until(
    std::shared_ptr<Lock> of, steady_clock::time_point deadline) {
  return detail::owned_upgradable_reading<Lock>::block(
      std::move(of), [&](auto& m) { return m.lock_upgrade_blocking_until(deadline); });
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_upgrade_guard> lock_upgrade_owned_blocking_for(
    std::shared_ptr<Lock> of, steady_clock::duration timeout) {
  return lock_upgrade_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class Lock>
[[nodiscard]] result<typename Lock::owned_upgrade_guard> try_lock_upgrade_owned(
    std::shared_ptr<Lock> of) {
  return detail::owned_upgradable_reading<Lock>::finish(
      std::move(of), [](auto& m) { return m.try_lock_upgrade(); });
}

PAWL_END
