#include <pawl/sync/recursion.hpp>
#include <pawl/sync/semaphore.hpp>

#include <algorithm>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(semaphore) <= 32);
static_assert(sizeof(permit) <= 24 && sizeof(owned_permit) <= 24);
#endif

result<permit> semaphore::try_acquire_slowly(count_t n) noexcept {
  const verdict v = detail::take(core_, n, false);
  if (v == verdict::pending) return failure(errc::would_block);
  return own(v, n);
}

result<permit> semaphore::own(verdict v, count_t n) noexcept {
  if (v == verdict::granted) return permit(this, n);
  return tl::unexpected<error>(detail::refusal(v, n));
}

result<permit> semaphore::acquire_blocking_slowly(count_t n) {
  const verdict v = detail::take_blocking_no_tasks("semaphore", core_, n, false);
  return own(v, n);
}

result<permit> semaphore::acquire_blocking(count_t n, stop_token token) {
  const verdict v = detail::take_blocking(core_, n, false, token);
  return own(v, n);
}

result<permit> semaphore::acquire_blocking_until(count_t n, steady_clock::time_point deadline) {
  const verdict v = detail::take_blocking_until(core_, n, false, deadline);
  return own(v, n);
}

result<permit> semaphore::acquire_up_to_blocking(count_t n) {
  const verdict v = detail::take_blocking_no_tasks("semaphore", core_, n, true);
  return own(v, n);
}

result<permit> semaphore::acquire_up_to_blocking(count_t n, stop_token token) {
  const verdict v = detail::take_blocking(core_, n, true, token);
  return own(v, n);
}

result<permit> semaphore::acquire_up_to_blocking_until(count_t n,
                                                       steady_clock::time_point deadline) {
  const verdict v = detail::take_blocking_until(core_, n, true, deadline);
  return own(v, n);
}

result<permit> semaphore::try_acquire_up_to(count_t n) noexcept {
  const verdict v = detail::take(core_, n, true);
  if (v == verdict::pending) return failure(errc::would_block);
  return own(v, n);
}

permit semaphore::acquire_all() noexcept {
  const auto taking = core_.try_take(1, max_permits);
  return taking.outcome == verdict::granted ? permit(this, taking.given) : permit();
}

result<void> semaphore::try_release(count_t n) noexcept {
  const auto putting = core_.try_put(n);
  if (putting.outcome == verdict::granted) return {};
  if (putting.outcome == verdict::poisoned) return failure(errc::poisoned);
  return failure(errc::exceeds_limit, n, n > max_permits ? max_permits : putting.given);
}

count_t semaphore::forget_permits(count_t n) noexcept {
  const auto forgotten = [n](counting_word w) {
    return w.has(counting_word::poisoned) ? 0 : std::min(n, w.available());
  };
  const counting_word before =
      core_.alter([forgotten](counting_word w) { return w.minus(forgotten(w)); });
  return forgotten(before);
}

void semaphore::shrink(count_t n) noexcept {
  core_.alter([n](counting_word w) { return w.shrunk(n); });
}

count_t semaphore::available_permits() const noexcept {
  const counting_word now = core_.look();
  return now.has(counting_word::poisoned) ? 0 : now.available();
}

PAWL_END
