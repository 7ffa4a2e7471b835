#include <pawl/sync/owned_acquire.hpp>
#include <pawl/sync/semaphore.hpp>

PAWL_BEGIN

using detail::acquire_terms;
using mode = acquire_terms::mode;
using owned_permits = detail::owned_acquire<owned_permit>;

acquire_op<owned_permit> acquire_owned(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::start(std::move(from), n);
}

acquire_op<owned_permit> acquire_owned(std::shared_ptr<semaphore> from, count_t n,
                                       stop_token token) {
  return owned_permits::start(std::move(from),
                              acquire_terms{.count = n, .how = mode::stoppable, .token = token});
}

acquire_op<owned_permit> acquire_owned_until(std::shared_ptr<semaphore> from, count_t n,
                                             steady_clock::time_point deadline) {
  return owned_permits::start(std::move(from),
                              acquire_terms{.count = n, .how = mode::timed, .deadline = deadline});
}

acquire_op<owned_permit> acquire_owned_for(std::shared_ptr<semaphore> from, count_t n,
                                           steady_clock::duration timeout) {
  return acquire_owned_until(std::move(from), n, detail::deadline_after(timeout));
}

acquire_op<owned_permit> acquire_owned_up_to(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::start(std::move(from), acquire_terms{.count = n, .up_to = true});
}

acquire_op<owned_permit> acquire_owned_up_to(std::shared_ptr<semaphore> from, count_t n,
                                             stop_token token) {
  return owned_permits::start(
      std::move(from),
      acquire_terms{.count = n, .how = mode::stoppable, .up_to = true, .token = token});
}

acquire_op<owned_permit> acquire_owned_up_to_until(std::shared_ptr<semaphore> from, count_t n,
                                                   steady_clock::time_point deadline) {
  return owned_permits::start(
      std::move(from),
      acquire_terms{.count = n, .how = mode::timed, .up_to = true, .deadline = deadline});
}

acquire_op<owned_permit> acquire_owned_up_to_for(std::shared_ptr<semaphore> from, count_t n,
                                                 steady_clock::duration timeout) {
  return acquire_owned_up_to_until(std::move(from), n, detail::deadline_after(timeout));
}

result<owned_permit> acquire_owned_blocking(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_blocking(n); });
}

result<owned_permit> acquire_owned_blocking(std::shared_ptr<semaphore> from, count_t n,
                                            stop_token token) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_blocking(n, token); });
}

result<owned_permit> acquire_owned_blocking_until(std::shared_ptr<semaphore> from, count_t n,
                                                  steady_clock::time_point deadline) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_blocking_until(n, deadline); });
}

result<owned_permit> acquire_owned_blocking_for(std::shared_ptr<semaphore> from, count_t n,
                                                steady_clock::duration timeout) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_blocking_for(n, timeout); });
}

result<owned_permit> acquire_owned_up_to_blocking(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_up_to_blocking(n); });
}

result<owned_permit> acquire_owned_up_to_blocking(std::shared_ptr<semaphore> from, count_t n,
                                                  stop_token token) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.acquire_up_to_blocking(n, token); });
}

result<owned_permit> acquire_owned_up_to_blocking_until(std::shared_ptr<semaphore> from, count_t n,
                                                        steady_clock::time_point deadline) {
  return owned_permits::finish(
      std::move(from), [&](semaphore& s) { return s.acquire_up_to_blocking_until(n, deadline); });
}

result<owned_permit> acquire_owned_up_to_blocking_for(std::shared_ptr<semaphore> from, count_t n,
                                                      steady_clock::duration timeout) {
  return acquire_owned_up_to_blocking_until(std::move(from), n, detail::deadline_after(timeout));
}

result<owned_permit> try_acquire_owned(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::finish(std::move(from), [&](semaphore& s) { return s.try_acquire(n); });
}

result<owned_permit> try_acquire_owned_up_to(std::shared_ptr<semaphore> from, count_t n) {
  return owned_permits::finish(std::move(from),
                               [&](semaphore& s) { return s.try_acquire_up_to(n); });
}

PAWL_END
