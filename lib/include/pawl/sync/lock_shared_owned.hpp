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

template <class T>
using owned_reading = owned_acquire<owned_read_guard<T>>;
template <class T>
using owned_upgradable_reading = owned_acquire<owned_upgradable_guard<T>>;

}  // namespace detail

// As the member functions of the same name, but for callers that share the lock; the call or the
// guard may be its last owner.
// Throws: std::invalid_argument if there is no shared_mutex.
template <class T>
acquire_op<owned_read_guard<T>> lock_shared_owned(std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_reading<T>::start(std::move(of));
}

template <class T>
acquire_op<owned_read_guard<T>> lock_shared_owned(std::shared_ptr<shared_mutex<T>> of,
                                                  stop_token token) {
  return detail::owned_reading<T>::start(std::move(of), token);
}

template <class T>
acquire_op<owned_read_guard<T>> lock_shared_owned_until(std::shared_ptr<shared_mutex<T>> of,
                                                        steady_clock::time_point deadline) {
  return detail::owned_reading<T>::start(std::move(of), deadline);
}

template <class T>
acquire_op<owned_read_guard<T>> lock_shared_owned_for(std::shared_ptr<shared_mutex<T>> of,
                                                      steady_clock::duration timeout) {
  return lock_shared_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
[[nodiscard]] result<owned_read_guard<T>> lock_shared_owned_blocking(
    std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_reading<T>::finish(std::move(of),
                                          [](auto& m) { return m.lock_shared_blocking(); });
}

template <class T>
[[nodiscard]] result<owned_read_guard<T>> lock_shared_owned_blocking(
    std::shared_ptr<shared_mutex<T>> of, stop_token token) {
  return detail::owned_reading<T>::finish(std::move(of),
                                          [&](auto& m) { return m.lock_shared_blocking(token); });
}

template <class T>
[[nodiscard]] result<owned_read_guard<T>> lock_shared_owned_blocking_until(
    std::shared_ptr<shared_mutex<T>> of, steady_clock::time_point deadline) {
  return detail::owned_reading<T>::finish(
      std::move(of), [&](auto& m) { return m.lock_shared_blocking_until(deadline); });
}

template <class T>
[[nodiscard]] result<owned_read_guard<T>> lock_shared_owned_blocking_for(
    std::shared_ptr<shared_mutex<T>> of, steady_clock::duration timeout) {
  return lock_shared_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
[[nodiscard]] result<owned_read_guard<T>> try_lock_shared_owned(
    std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_reading<T>::finish(std::move(of),
                                          [](auto& m) { return m.try_lock_shared(); });
}

// The same, to read and write later.
template <class T>
acquire_op<owned_upgradable_guard<T>> lock_upgrade_owned(std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_upgradable_reading<T>::start(std::move(of));
}

template <class T>
acquire_op<owned_upgradable_guard<T>> lock_upgrade_owned(std::shared_ptr<shared_mutex<T>> of,
                                                         stop_token token) {
  return detail::owned_upgradable_reading<T>::start(std::move(of), token);
}

template <class T>
acquire_op<owned_upgradable_guard<T>> lock_upgrade_owned_until(std::shared_ptr<shared_mutex<T>> of,
                                                               steady_clock::time_point deadline) {
  return detail::owned_upgradable_reading<T>::start(std::move(of), deadline);
}

template <class T>
acquire_op<owned_upgradable_guard<T>> lock_upgrade_owned_for(std::shared_ptr<shared_mutex<T>> of,
                                                             steady_clock::duration timeout) {
  return lock_upgrade_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
[[nodiscard]] result<owned_upgradable_guard<T>> lock_upgrade_owned_blocking(
    std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_upgradable_reading<T>::finish(
      std::move(of), [](auto& m) { return m.lock_upgrade_blocking(); });
}

template <class T>
[[nodiscard]] result<owned_upgradable_guard<T>> lock_upgrade_owned_blocking(
    std::shared_ptr<shared_mutex<T>> of, stop_token token) {
  return detail::owned_upgradable_reading<T>::finish(
      std::move(of), [&](auto& m) { return m.lock_upgrade_blocking(token); });
}

template <class T>
[[nodiscard]] result<owned_upgradable_guard<T>> lock_upgrade_owned_blocking_until(
    std::shared_ptr<shared_mutex<T>> of, steady_clock::time_point deadline) {
  return detail::owned_upgradable_reading<T>::finish(
      std::move(of), [&](auto& m) { return m.lock_upgrade_blocking_until(deadline); });
}

template <class T>
[[nodiscard]] result<owned_upgradable_guard<T>> lock_upgrade_owned_blocking_for(
    std::shared_ptr<shared_mutex<T>> of, steady_clock::duration timeout) {
  return lock_upgrade_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
[[nodiscard]] result<owned_upgradable_guard<T>> try_lock_upgrade_owned(
    std::shared_ptr<shared_mutex<T>> of) {
  return detail::owned_upgradable_reading<T>::finish(std::move(of),
                                                     [](auto& m) { return m.try_lock_upgrade(); });
}

PAWL_END
