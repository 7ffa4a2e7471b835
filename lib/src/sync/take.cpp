#include <pawl/sync/stores.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/thread_wait.hpp>

#include <algorithm>

PAWL_BEGIN

namespace detail {

namespace {

// Effects: takes n permits, or waits for them by block(thread_wait&).
template <class Store, class Block>
verdict take_or_block(synchronizer<Store>& core, count_t& n, bool up_to, Block block) noexcept {
  const verdict v = take(core, n, up_to);
  if (v != verdict::pending) return v;
  thread_wait<Store> wait(core, n, up_to);
  const verdict after = block(wait);
  if (after == verdict::granted) n = wait.weight();
  return after;
}

}  // namespace

template <class Store>
verdict take(synchronizer<Store>& core, count_t& n, bool up_to) noexcept {
  constexpr count_t most = Store::word::max_permits;
  if (n > most && !up_to && !fault::oversize_accepted) return verdict::exceeds_limit;
  if (up_to) n = std::min(n, most);
  const count_t least = up_to ? std::min<count_t>(n, 1) : n;
  const auto taking = core.try_take(least, n);
  const bool goes_on = taking.outcome == verdict::granted || taking.outcome == verdict::pending;
  if (goes_on) n = taking.given;
  return taking.outcome;
}

template <class Store>
verdict take_blocking(synchronizer<Store>& core, count_t& n, bool up_to) noexcept {
  return take_or_block(core, n, up_to, [](auto& wait) { return wait.block(); });
}

template <class Store>
verdict take_blocking(synchronizer<Store>& core, count_t& n, bool up_to,
                      stop_token token) noexcept {
  if (token.stop_requested()) return verdict::cancelled;
  return take_or_block(core, n, up_to, [token](auto& wait) { return wait.block(token); });
}

template <class Store>
verdict take_blocking_until(synchronizer<Store>& core, count_t& n, bool up_to,
                            steady_clock::time_point deadline) noexcept {
  return take_or_block(core, n, up_to, [deadline](auto& wait) {
    return deadline <= steady_clock::now() ? verdict::timed_out : wait.block_until(deadline);
  });
}

#define PAWL_INSTANTIATE(Store)                                                              \
  template verdict take(synchronizer<Store>&, count_t&, bool) noexcept;                      \
  template verdict take_blocking(synchronizer<Store>&, count_t&, bool) noexcept;             \
  template verdict take_blocking(synchronizer<Store>&, count_t&, bool, stop_token) noexcept; \
  template verdict take_blocking_until(synchronizer<Store>&, count_t&, bool,                 \
                                       steady_clock::time_point) noexcept;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

}  // namespace detail

PAWL_END
