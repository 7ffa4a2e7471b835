#pragma once
// Locking a mutex that is shared: the call in progress, and then the guard, keep it alive.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/owned_acquire.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/task/stop_token.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

// As the member functions of the same name, but for callers that share the mutex; the call or the
// guard may be its last owner.
// Throws: std::invalid_argument if there is no mutex.
template <class T>
acquire_op<owned_mutex_guard<T>> lock_owned(std::shared_ptr<mutex<T>> of) {
  return detail::owned_acquire<owned_mutex_guard<T>>::start(std::move(of), count_t{1});
}

template <class T>
acquire_op<owned_mutex_guard<T>> lock_owned(std::shared_ptr<mutex<T>> of, stop_token token) {
  using mode = detail::acquire_terms::mode;
  return detail::owned_acquire<owned_mutex_guard<T>>::start(
      std::move(of), detail::acquire_terms{.count = 1, .how = mode::stoppable, .token = token});
}

template <class T>
acquire_op<owned_mutex_guard<T>> lock_owned_until(std::shared_ptr<mutex<T>> of,
                                                  steady_clock::time_point deadline) {
  using mode = detail::acquire_terms::mode;
  return detail::owned_acquire<owned_mutex_guard<T>>::start(
      std::move(of), detail::acquire_terms{.count = 1, .how = mode::timed, .deadline = deadline});
}

template <class T>
acquire_op<owned_mutex_guard<T>> lock_owned_for(std::shared_ptr<mutex<T>> of,
                                                steady_clock::duration timeout) {
  return lock_owned_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
result<owned_mutex_guard<T>> lock_owned_blocking(std::shared_ptr<mutex<T>> of) {
  return detail::owned_acquire<owned_mutex_guard<T>>::finish(
      std::move(of), [](mutex<T>& m) { return m.lock_blocking(); });
}

template <class T>
result<owned_mutex_guard<T>> lock_owned_blocking(std::shared_ptr<mutex<T>> of, stop_token token) {
  return detail::owned_acquire<owned_mutex_guard<T>>::finish(
      std::move(of), [&](mutex<T>& m) { return m.lock_blocking(token); });
}

template <class T>
result<owned_mutex_guard<T>> lock_owned_blocking_until(std::shared_ptr<mutex<T>> of,
                                                       steady_clock::time_point deadline) {
  return detail::owned_acquire<owned_mutex_guard<T>>::finish(
      std::move(of), [&](mutex<T>& m) { return m.lock_blocking_until(deadline); });
}

template <class T>
result<owned_mutex_guard<T>> lock_owned_blocking_for(std::shared_ptr<mutex<T>> of,
                                                     steady_clock::duration timeout) {
  return lock_owned_blocking_until(std::move(of), detail::deadline_after(timeout));
}

template <class T>
result<owned_mutex_guard<T>> try_lock_owned(std::shared_ptr<mutex<T>> of) {
  return detail::owned_acquire<owned_mutex_guard<T>>::finish(
      std::move(of), [](mutex<T>& m) { return m.try_lock(); });
}

template <class T>
result<owned_mutex_guard<T>> clear_poison_owned(std::shared_ptr<mutex<T>> of) {
  return detail::owned_acquire<owned_mutex_guard<T>>::finish(
      std::move(of), [](mutex<T>& m) { return m.clear_poison(); });
}

PAWL_END
