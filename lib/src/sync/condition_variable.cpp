#include <pawl/sync/condition_variable.hpp>

#include <algorithm>
#include <optional>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(condition_variable) <= 32);
#endif

result<void> condition_variable::ended(verdict v) noexcept {
  if (v == verdict::granted) return {};
  return tl::unexpected<error>(detail::refusal(v, 0));
}

count_t condition_variable::notify(count_t most) noexcept {
  count_t n = 0;
  queue_.update([&n, most](condition_word before) {
    n = std::min(most, before.untold());
    return n != 0 ? std::optional(before.tell(n)) : std::nullopt;
  });
  return n;
}

PAWL_END
