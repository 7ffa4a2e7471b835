#include <pawl/sync/take.hpp>

#include <algorithm>

PAWL_BEGIN

namespace detail {

verdict take(synchronizer<counting_permits>& core, count_t& n, bool up_to) noexcept {
  constexpr count_t most = counting_word::max_permits;
  if (n > most && !up_to && !fault::oversize_accepted) return verdict::exceeds_limit;
  if (up_to) n = std::min(n, most);
  const count_t least = up_to ? std::min<count_t>(n, 1) : n;
  const auto taking = core.try_take(least, n);
  if (taking.outcome == verdict::granted) n = taking.given;
  return taking.outcome;
}

error refusal(verdict v, count_t n) noexcept {
  const auto code = static_cast<errc>(v);
  if (code != errc::exceeds_limit) return {code};
  return {code, n, counting_word::max_permits};
}

steady_clock::time_point deadline_after(steady_clock::duration timeout) noexcept {
  const auto now = steady_clock::now();
  constexpr auto last = steady_clock::time_point::max();
  return timeout > last - now ? last : now + timeout;
}

}  // namespace detail

PAWL_END
