#include <pawl/sync/barrier.hpp>
#include <pawl/sync/maybe.hpp>

#include <optional>
#include <stdexcept>
#include <string>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(barrier) <= 24);
#endif

void barrier::throw_not_possible(count_t parties) {
  if (parties == 0) throw std::invalid_argument("barrier: 0 parties, at least 1 is needed");
  throw std::length_error("barrier: " + std::to_string(parties) +
                          " parties are above the limit of " + std::to_string(max()));
}

result<barrier_arrival> barrier::ended(verdict v, count_t share) noexcept {
  if (v == verdict::granted) return barrier_arrival(share);
  return tl::unexpected<error>(detail::refusal(v, 0));
}

result<barrier_arrival> barrier::arrive_and_wait_blocking() noexcept {
  count_t share = 0;
  const verdict v = detail::take_blocking(core_, share, false);
  return ended(v, share);
}

result<barrier_arrival> barrier::arrive_and_wait_blocking(stop_token token) noexcept {
  count_t share = 0;
  const verdict v = detail::take_blocking(core_, share, false, token);
  return ended(v, share);
}

result<barrier_arrival> barrier::arrive_and_wait_blocking_until(
    steady_clock::time_point deadline) noexcept {
  count_t share = 0;
  const verdict v = detail::take_blocking_until(core_, share, false, deadline);
  return ended(v, share);
}

result<barrier_arrival> barrier::try_arrive_and_wait() noexcept {
  const barrier_word before =
      core_.update([](barrier_word w) { return w.is_last() ? maybe(w.reached()) : std::nullopt; });
  if (before.is_last()) return barrier_arrival(1);
  return failure(is_closed() ? errc::closed : errc::would_block);
}

barrier_arrival barrier::arrive_and_drop() {
  const barrier_word before = core_.update([](barrier_word w) {
    return w.has(barrier_word::closed) ? std::nullopt : maybe(w.dropped());
  });
  if (before.has(barrier_word::closed))
    throw std::logic_error(
        "barrier::arrive_and_drop() where 0 parties are left; each party drops out once");
  return barrier_arrival(before.place() % 2);
}

PAWL_END
