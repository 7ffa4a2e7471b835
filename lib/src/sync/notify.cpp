#include <pawl/sync/notify.hpp>
#include <pawl/sync/owned_acquire.hpp>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(notify) <= 24);
#endif

result<void> notify::wait_blocking() noexcept {
  count_t made_in = generation();
  return ended(detail::take_blocking(core_, made_in, false));
}

result<void> notify::wait_blocking(stop_token token) noexcept {
  count_t made_in = generation();
  return ended(detail::take_blocking(core_, made_in, false, token));
}

result<void> notify::wait_blocking_until(steady_clock::time_point deadline) noexcept {
  count_t made_in = generation();
  return ended(detail::take_blocking_until(core_, made_in, false, deadline));
}

result<void> notify::try_wait() noexcept {
  for (;;) {
    count_t got = generation();
    const verdict v = detail::take(core_, got, false);
    const bool is_told = v == verdict::granted && got == word::by_broadcast;
    if (!is_told) return ended(v);  // a try is no wait, so a broadcast is not for it
  }
}

result<void> notify::ended(verdict v) noexcept {
  if (v == verdict::granted) return {};
  if (v == verdict::pending) return failure(errc::would_block);
  return tl::unexpected<error>(detail::refusal(v, 0));
}

notify::owned_op notify::start_owned(std::shared_ptr<notify> of, detail::acquire_terms terms) {
  if (of != nullptr) terms.count = of->generation();
  using owned_wait = detail::owned_acquire<detail::waited<notify, void, std::shared_ptr<notify>>>;
  return owned_wait::start(std::move(of), terms);
}

using mode = detail::acquire_terms::mode;
using owned_op = wait_op<notify, void, std::shared_ptr<notify>>;

owned_op wait_owned(std::shared_ptr<notify> of) { return notify::start_owned(std::move(of), {}); }

owned_op wait_owned(std::shared_ptr<notify> of, stop_token token) {
  return notify::start_owned(std::move(of), {.how = mode::stoppable, .token = token});
}

owned_op wait_owned_until(std::shared_ptr<notify> of, steady_clock::time_point deadline) {
  return notify::start_owned(std::move(of), {.how = mode::timed, .deadline = deadline});
}

owned_op wait_owned_for(std::shared_ptr<notify> of, steady_clock::duration timeout) {
  return wait_owned_until(std::move(of), detail::deadline_after(timeout));
}

PAWL_END
